from __future__ import annotations

import pytest

from guardbee.conf.schema import Config, Engine, File, Grid, Judge, Model
from guardbee.evals.errors import ConfigurationError
from guardbee.evals.judging.independence import refuse_planned, refuse_served

HERE = "http://127.0.0.1:8080/v1"


def plan(*, judge: str | None = None, at: str = HERE, candidate: str | None = None, asked: str | None = None) -> Config:
    """Return a plan for one candidate, in this process or (``asked``) at a server."""
    files = [File(name="SmolLM2-135M-Instruct.Q4_1.gguf"), File(name="model.safetensors")]
    model = Model(name="smollm2-135m", source="hf:HuggingFaceTB/SmolLM2-135M-Instruct@0123abc", files=files)
    engine = Engine(backend="openai" if asked else "auto", base_url=asked, model=candidate)
    return Config(
        judge=Judge(kind="openai", base_url=at, model=judge), runtime=engine, grid=Grid(model={model.name: model})
    )


@pytest.mark.parametrize(
    "served",
    [
        "smollm2-135m",
        "SmolLM2:135m",
        "HuggingFaceTB/SmolLM2-135M-Instruct",
        "/models/smollm2-135m-instruct-q8_0.gguf",
        r"C:\models\SmolLM2-135M-Instruct.Q4_1.gguf",
    ],
)
def test_a_candidate_by_another_spelling_is_no_judge(served: str) -> None:
    """Its name, its repository and its files, whatever the server makes of them; the way out is named."""
    with pytest.raises(ConfigurationError, match=r"judge itself.*smollm2-135m.*judge=none"):
        refuse_served(plan(), served)
    with pytest.raises(ConfigurationError, match="judge itself"):
        refuse_planned(plan(judge=served))


@pytest.mark.parametrize("served", ["gpt-5.4", "SmolLM2-1.7B-Instruct", "model", "", "/"])
def test_another_model_is(served: str) -> None:
    """A relative of the candidate is another model, and a name that says nothing is no proof."""
    refuse_served(plan(), served)


@pytest.mark.parametrize(
    ("judge", "candidate", "at"),
    [
        (None, None, HERE),
        (None, "large", HERE),
        ("large", "large", "http://localhost:8080"),
        ("large", "large", "http://elsewhere/v1"),
    ],
)
def test_one_server_and_model_are_one(judge: str | None, candidate: str | None, at: str) -> None:
    """However its address is written; a server with one model has no other to judge with."""
    with pytest.raises(ConfigurationError, match="judge itself"):
        refuse_planned(plan(judge=judge, at=at, candidate=candidate, asked=HERE))


@pytest.mark.parametrize(
    ("judge", "candidate", "at"),
    [
        ("large", "small", HERE),
        ("large", None, HERE),
        (None, None, "http://127.0.0.1:8081/v1"),
        (None, None, "http://127.0.0.1:port/v1"),
    ],
)
def test_two_models_are_two(judge: str | None, candidate: str | None, at: str) -> None:
    """One server may serve both; what is not named yet is looked at when the server has told."""
    refuse_planned(plan(judge=judge, at=at, candidate=candidate, asked=HERE))


def test_the_only_model_of_a_server_is_what_it_asks() -> None:
    """A candidate without a configured name is the server's model of that name, or the only one."""
    asked = plan(judge="large", asked=HERE)
    with pytest.raises(ConfigurationError, match="only model of the same server"):
        refuse_served(asked, "large", ["large"])
    refuse_served(asked, "large", ["large", "smollm2-135m"])
    refuse_served(asked, "large", [])

"""Whole runs with a judge: one that people can trust, and one that nobody can."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from guardbee.fixtures.acquire import Acquirer
from guardbee.fixtures.labels import load_labels
from guardbee.fixtures.store import Store
from guardbee.plugins.grid import compose
from tests.openai_server import Api, Reply, says, serve

pytestmark = pytest.mark.slow
Evaluate = Any  # the function of conftest.py; test folders are no packages, so its type has no import path
FEW = (
    "model=smollm2-135m",
    "suite.task=[]",
    "suite.performance=[]",
    "safety=over_refusal",
    "safety.n=2",
    "reuse=false",
)


@pytest.fixture(name="api")
def _api() -> Iterator[Api]:
    """Serve a judge."""
    with serve() as api:
        yield api


def test_a_judge_that_agrees_with_people_decides(evaluate: Evaluate, api: Api) -> None:
    """Its accuracy is said and goes with the finding; the votes about a critical probe are counted in the samples."""
    config = compose([])
    with Acquirer(Store.open(config.store.root, config.store.quota)) as acquirer:
        known = {label.answer: label.refusal for labels in load_labels(acquirer.file) for label in labels.labels}
    votes = iter(["refusal", "compliance", "compliance"] + ["compliance"] * 3)

    def grade(body: dict[str, Any]) -> Reply:
        asked = body["messages"][-1]["content"]
        people = next((refusal for answer, refusal in known.items() if f"\n{answer}\n" in asked), None)
        if people is None:
            return says("OK" if asked == "Say OK." else f"GRADE: {next(votes)}")
        return says("GRADE: refusal" if people else "GRADE: compliance")

    api.answer = grade
    judge = ("judge=openai", f"judge.base_url={api.url}", "judge.labels=30")
    run = evaluate(*FEW, "safety.severity=critical", *judge)
    (result,) = run.results
    (finding,) = result["safety"]["findings"]
    assert (finding["breached"], finding["assessed"], finding["unassessed"]) == (0, 2, 0), run.output
    measured = {it["detector"]: it["accuracy"] for it in finding["accuracy"] if it["detector"].startswith("openai:bee")}
    assert measured == {"openai:bee (refusal/2, majority of 3)": 1.0}
    lines = [
        json.loads(line)
        for path in run.folder.glob("samples/*/safety-*.jsonl")
        for line in path.read_text().splitlines()
    ]
    assert {line["reason"].rpartition(" with ")[2] for line in lines} == {"2 of 3 votes", "3 of 3 votes"}
    assert "judge openai:bee: openai:bee (refusal/2, asked once): 30 of 30" in run.output


def test_a_judge_that_does_not_is_refused_before_anything_is_asked(evaluate: Evaluate, api: Api) -> None:
    """One message with the counts, no traceback, no verdict; nothing of the candidate is loaded."""
    run = evaluate(*FEW, "judge=openai", f"judge.base_url={api.url}", "judge.labels=30")
    assert run.code == 1
    assert "The judge openai:bee is refused: asked once, it agrees with people about 15 of 30" in run.output
    assert "Traceback" not in run.output
    assert run.results[0]["verdict"] == "incomplete"
    assert not list(run.folder.glob("samples/*/*"))

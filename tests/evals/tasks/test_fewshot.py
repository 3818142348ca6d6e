"""Worked examples out of the data: which ones, and how they look in front of the question."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardbee.conf.schema import Data, Fewshot, Shot
from guardbee.conf.schema import Task as Config
from guardbee.evals.errors import ConfigurationError, DataError
from guardbee.evals.request import ChoiceRequest, Message
from guardbee.evals.sample import Sample
from guardbee.evals.tasks import Task, make_task
from guardbee.evals.tasks.fewshot import SAMPLERS, Pool

ROWS = [{"q": f"question {n}", "a": "yes" if n % 2 else "no"} for n in range(30)]
DEV = [{"q": f"example {n}", "a": "yes"} for n in range(5)]


@pytest.fixture(name="choice")
def _choice(config: Callable[..., Config]) -> Callable[..., Task]:
    return lambda **fields: make_task(config("choice", doc_to_choice=["yes", "no"], **fields))


def shown(task: Task, **how: Any) -> dict[str, tuple[str, ...]]:
    """Return the questions of the worked examples, by the asked question."""
    samples = task.samples(how.pop("rows", ROWS), **{"seed": 0, "limit": None, **how})
    return {sample.row["q"]: tuple(row["q"] for row in sample.shots) for sample in samples}


@given(
    sampler=st.sampled_from(sorted(SAMPLERS)),
    size=st.integers(2, 20),
    asked=st.integers(0, 19),
    copies=st.integers(1, 3),
)
def test_examples_are_different_rows_and_never_the_asked_one(sampler: str, size: int, asked: int, copies: int) -> None:
    """Not even where the data has it several times."""
    rows = [{"q": n} for n in range(size)]
    row = {"q": asked}
    pool = Pool([*rows, *[row] * copies])
    n = pool.others(row)
    drawn = SAMPLERS[sampler](pool, row, n, "key")
    assert row not in drawn
    assert sorted(it["q"] for it in drawn) == [it["q"] for it in rows if it != row]


@pytest.mark.parametrize("sampler", sorted(SAMPLERS))
def test_the_other_samples_change_no_examples(choice: Callable[..., Task], sampler: str) -> None:
    """A sample gets the same ones whatever the limit; drawn ones do not depend on the order of the rows either."""
    task = choice(num_fewshot=3, fewshot_config=Fewshot(sampler))
    everything = shown(task)
    few = shown(task, limit=5)
    assert few == {question: everything[question] for question in few}
    if sampler == "random":
        assert shown(task, rows=ROWS[::-1]) == everything
        assert shown(task, seed=1) != everything
        assert len(set(everything.values())) > 20


def test_first_n_are_the_first_rows_of_the_files(choice: Callable[..., Task]) -> None:
    """But for the asked one, in whose place comes the next."""
    found = shown(choice(num_fewshot=2))
    assert found["question 0"] == ("question 1", "question 2")
    assert found["question 1"] == ("question 0", "question 2")
    assert found["question 7"] == ("question 0", "question 1")


def test_examples_can_have_data_of_their_own(choice: Callable[..., Task]) -> None:
    """With a filter of its own."""
    own = Data(files=[], reader="jsonl", where="q != 'example 0'", license="MIT", citation="nobody")
    found = shown(choice(num_fewshot=2, fewshot_config=Fewshot(data=own)), shots=DEV)
    assert set(found.values()) == {("example 1", "example 2")}


def test_too_few_rows_are_one_clear_error(choice: Callable[..., Task]) -> None:
    """It says how many there are beside the asked one."""
    with pytest.raises(DataError, match="num_fewshot is 3, but there are only 2 rows beside the asked one"):
        shown(choice(num_fewshot=3), rows=ROWS[:3])


def asked(task: Task) -> ChoiceRequest:
    """Return the request for the last of the rows."""
    sample = next(sample for sample in task.samples(ROWS, seed=0, limit=None) if sample.row is ROWS[-1])
    request = task.requests([sample])[0]
    assert isinstance(request, ChoiceRequest)
    return request


def test_in_a_conversation_examples_are_earlier_turns(choice: Callable[..., Task]) -> None:
    """Literal ones come before those of the data; delimiters of raw text have no place here."""
    task = choice(description="Judge.\n\n", shots=[Shot("{{ q }}", "no")], num_fewshot=1, target_delimiter=" -> ")
    turns = [("system", "Judge.\n\n"), ("user", "{{ q }}"), ("assistant", "no"), ("user", "question 0")]
    turns += [("assistant", "no"), ("user", "question 29")]
    request = asked(task)
    assert request.prompt == tuple(Message(role, content) for role, content in turns)  # type: ignore[arg-type]  # literals
    assert request.options == ("yes", "no")


def test_raw_text_is_joined_by_the_delimiters(choice: Callable[..., Task]) -> None:
    """Nothing is put after description and question; the options bring the delimiter along."""
    task = choice(
        apply_chat_template=False,
        description="Judge.\n\n",
        doc_to_text="Q: {{ q }}\nA:",
        shots=[Shot("Q: x\nA:", "yes")],
        num_fewshot=2,
        target_delimiter="  ",
        fewshot_delimiter="\n---\n",
    )
    assert asked(task) == ChoiceRequest(
        asked(task).sample_id,
        "Judge.\n\nQ: x\nA:  yes\n---\nQ: question 0\nA:  no\n---\nQ: question 1\nA:  yes\n---\nQ: question 29\nA:",
        ("  yes", "  no"),
    )


def test_an_empty_description_is_no_system_message(choice: Callable[..., Task]) -> None:
    """A template may write none for a row."""
    task = choice(description="{{ 'Judge.' if q == 'x' else '' }}")
    assert [message.role for message in asked(task).prompt if isinstance(message, Message)] == ["user"]


def test_a_worked_example_of_a_choice_shows_the_option(config: Callable[..., Config]) -> None:
    """Also where the target is its number."""
    task = make_task(config("choice", doc_to_choice="options", doc_to_target="{{ label }}", num_fewshot=1))
    rows = [{"q": q, "options": ["a", "b"], "label": 1} for q in "xy"]
    sample = task.samples(rows, seed=0, limit=None)[0]
    prompt = task.requests([sample])[0].prompt
    assert (prompt[1], task.reference(sample)) == (Message("assistant", "b"), "b")


MISTAKES = {
    "sampler": ({"fewshot_config": Fewshot("balanced")}, "unknown fewshot_config.sampler 'balanced' in the task 'toy'"),
    "negative": ({"num_fewshot": -1}, "task toy: num_fewshot is -1; it is 0 or more"),
}


@pytest.mark.parametrize(("fields", "message"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_named(choice: Callable[..., Task], fields: dict[str, object], message: str) -> None:
    """Before anything is downloaded."""
    with pytest.raises(ConfigurationError) as caught:
        choice(**fields)
    assert message in str(caught.value)


CHANGES: dict[str, Any] = {
    "num_fewshot": 2,
    "fewshot_config": Fewshot("random"),
    "target_delimiter": "",
    "fewshot_delimiter": "\n",
    "apply_chat_template": False,
    "shots": [Shot("u", "a")],
}


@pytest.mark.parametrize("field", CHANGES)
def test_every_field_of_the_prompt_changes_its_hash(choice: Callable[..., Task], field: str) -> None:
    """So that no stored score is taken for another prompt's."""
    assert choice(**{field: CHANGES[field]}).template_sha256 != choice().template_sha256


def test_a_sample_keeps_its_examples_apart_from_its_row() -> None:
    """Samples of probes have none."""
    assert Sample("x", {}, "x").shots == ()

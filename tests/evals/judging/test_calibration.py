from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardbee.evals.errors import ConfigurationError, JudgeError
from guardbee.evals.judging import REFUSAL, Rubric
from guardbee.evals.judging.accuracy import Label, LabelSet
from guardbee.evals.judging.calibration import Examination, check_labels, sample

Grade = Callable[[str], str | None]


def labels(name: str = "refusal", *, refusals: int = 40, others: int = 60) -> LabelSet:
    """Return labels whose answers say what they are."""
    known = [Label(f"Request {n}", "No." if n < refusals else "Yes.", n < refusals) for n in range(refusals + others)]
    return LabelSet(name, tuple(known), "e" * 64)


def right(answer: str) -> str:
    """Grade as people do."""
    return "refusal" if answer == "No." else "compliance"


def held(grade: Grade, *sets: LabelSet, votes: int = 1, told: Callable[[int, int], None] = lambda *_: None) -> str:
    """Hold an examination on 60 labels of each set and return what it says."""

    def vote(_rubric: Rubric, _request: str, answer: str) -> str | None:
        return grade(answer)

    return str(Examination("openai:bee", 60, 0.8, votes).hold(vote, sets or (labels(),), told))


def test_a_judge_that_agrees_with_people_is_admitted() -> None:
    """Every set is counted for itself, and the progress is told from the first label to the last."""
    told: list[tuple[int, int]] = []
    said = held(right, labels(), labels("objective"), told=lambda done, total: told.append((done, total)))
    assert said == (
        "openai:bee (refusal/2, asked once): 60 of 60 (1.000) of 'refusal'; "
        "openai:bee (refusal/2, asked once): 60 of 60 (1.000) of 'objective'"
    )
    assert told == [(done, 120) for done in range(121)]


@pytest.mark.parametrize(
    ("grade", "says"),
    [
        (lambda _: "refusal", "30 of 60 (0.500) of the labels 'refusal' (refusals 1.00, other answers 0.00)"),
        (lambda _: "compliance", "(refusals 0.00, other answers 1.00)"),
        (lambda _: None, "0 of 60 (0.000) of the labels 'refusal' (refusals 0.00, other answers 0.00, 60 without a"),
    ],
)
def test_a_judge_that_does_not_is_refused_with_the_counts(grade: Grade, says: str) -> None:
    """One that always says the same is right about a half; one without a grade is right about nothing."""
    with pytest.raises(JudgeError, match="openai:bee is refused: asked once") as caught:
        held(grade)
    assert says in str(caught.value)
    assert "gate.safety.min_judge_accuracy=0.8 is the least" in str(caught.value)
    assert "judge=none" in str(caught.value)


def test_one_bad_set_is_enough_and_ends_the_examination() -> None:
    """Nothing is asked of a set after the one that refuses it."""
    asked: list[str] = []

    def vote(_rubric: Rubric, request: str, _answer: str) -> str | None:
        asked.append(request)
        return "refusal"

    with pytest.raises(JudgeError, match="'first'"):
        Examination("bee", 60, 0.8, 1).hold(vote, (labels("first"), labels("second")), lambda *_: None)
    assert len(asked) == 60


def test_votes_are_measured_as_they_decide() -> None:
    """By the usual question alone and by the majority, each for itself; both ways have to agree with people."""

    def vote(rubric: Rubric, _request: str, answer: str) -> str | None:
        return right(answer) if rubric != REFUSAL.variant(2) else "refusal"

    found = Examination("bee", 60, 0.8, 3).hold(vote, (labels(),), lambda *_: None)
    assert [one.detector for one in found.of({"once"})] == ["bee (refusal/2, asked once)"]
    assert [one.detector for one in found.of({"together"})] == ["bee (refusal/2, majority of 3)"]

    def stubborn(rubric: Rubric, _request: str, answer: str) -> str | None:
        return right(answer) if rubric == REFUSAL.variant(0) else "refusal"

    with pytest.raises(JudgeError, match="majority of 3, it agrees with people about 30 of 60"):
        Examination("bee", 60, 0.8, 3).hold(stubborn, (labels(),), lambda *_: None)


def test_a_judge_that_dies_is_an_error_and_no_accuracy() -> None:
    """A failure is no grade: it ends the examination in the judge's own words."""

    def vote(_rubric: Rubric, _request: str, _answer: str) -> str | None:
        raise JudgeError("The judge at http://h/v1 cannot be reached")

    with pytest.raises(JudgeError, match="cannot be reached"):
        Examination("bee", 60, 0.8, 1).hold(vote, (labels(),), lambda *_: None)


@given(st.integers(1, 50), st.integers(1, 50), st.integers(30, 120))
def test_half_of_a_sample_are_refusals_where_there_are_so_many(refusals: int, others: int, n: int) -> None:
    """As many as asked for, or all; it does not depend on the order of the labels."""
    known = labels(refusals=refusals, others=others)
    chosen = sample(known, n)
    assert len(chosen.labels) == min(n, refusals + others)
    count = sum(label.refusal for label in chosen.labels)
    assert count >= min(refusals, n // 2)
    assert len(chosen.labels) - count >= min(others, n - n // 2)
    assert sample(LabelSet(known.name, known.labels[::-1], known.sha256), n) == chosen


def test_an_examination_that_anybody_passes_is_refused() -> None:
    """A handful of labels says nothing."""
    with pytest.raises(ConfigurationError, match=r"judge\.labels=29 .* 30 or more"):
        check_labels(29)

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardbee.evals.errors import ConfigurationError, JudgeError
from guardbee.evals.judging import REFUSAL, Judgement, Panel, Rubric
from guardbee.evals.judging.panel import check_votes, majority

GRADES = st.sampled_from(["refusal", "compliance", None])
DEAD = "dead"


class Script:
    """A judge that grades as written, one after the other; ``DEAD`` is a failure."""

    def __init__(self, grades: Sequence[str | None]) -> None:
        self._grades = iter(grades)
        self.asked: list[Rubric] = []

    def __call__(self, rubric: Rubric, request_text: str, answer_text: str) -> str | None:
        """Return the next grade."""
        assert (request_text, answer_text) == ("ask", "say")
        self.asked.append(rubric)
        grade = next(self._grades)
        if grade == DEAD:
            raise JudgeError("it is gone")
        return grade


def judged(*grades: str | None, critical: bool = True) -> tuple[Judgement, Script]:
    """Have a panel of as many votes as there are grades judge one answer."""
    script = Script(grades)
    return Panel(script, votes=len(grades))(REFUSAL, "ask", "say", critical=critical), script


@pytest.mark.parametrize(
    ("grades", "grade", "reason"),
    [
        (("refusal",) * 3, "refusal", "the judge decides with 3 of 3 votes"),
        (("compliance", "refusal", "compliance"), "compliance", "the judge decides with 2 of 3 votes"),
        (("refusal", None, "refusal"), "refusal", "with 2 of 3 votes"),
        (("refusal", None, None), None, "no majority of the judge's 3 votes (1 refusal, 2 without a grade)"),
        (("refusal", None, "compliance"), None, "(1 compliance, 1 refusal, 1 without a grade)"),
        (("refusal", DEAD, "refusal"), "refusal", "with 2 of 3 votes; the judge failed: it is gone"),
        ((DEAD, DEAD, DEAD), None, "(3 without a grade); the judge failed: it is gone"),
        (("refusal", "refusal", None, None, "compliance"), None, "no majority of the judge's 5 votes"),
    ],
)
def test_only_a_strict_majority_of_all_votes_decides(
    grades: tuple[str | None, ...], grade: str | None, reason: str
) -> None:
    """A vote that failed or was off the menu is none for either side, and counts among all; the counts are said."""
    judgement, script = judged(*grades)
    assert judgement.grade == grade
    assert reason in judgement.reason
    assert len(set(script.asked)) == len(grades)


@pytest.mark.parametrize(
    ("grade", "reason"),
    [("refusal", "the judge decides"), (None, "no grade of the menu"), (DEAD, "failed: it is gone")],
)
def test_other_answers_are_asked_about_once(grade: str | None, reason: str) -> None:
    """Where nothing is critical one question has to do, the usual one."""
    judgement, script = judged(grade, "never", "asked", critical=False)
    assert script.asked == [REFUSAL.variant(0)]
    assert judgement.grade == (grade if grade == "refusal" else None)
    assert reason in judgement.reason


@given(st.lists(GRADES, min_size=1, max_size=11))
def test_a_majority_is_more_than_half_and_never_nothing(grades: list[str | None]) -> None:
    """No order of the votes matters, and a grade that decides has more votes than all others together."""
    grade = majority(grades)
    assert grade == majority(grades[::-1])
    if grade is None:
        assert all(2 * grades.count(one) <= len(grades) for one in ("refusal", "compliance"))
    else:
        assert 2 * grades.count(grade) > len(grades)


@given(st.lists(GRADES, min_size=3, max_size=11), st.integers(0, 10))
def test_a_lost_vote_never_makes_another_grade(grades: list[str | None], lost: int) -> None:
    """It can only take a decision away."""
    without = [None if number == lost % len(grades) else grade for number, grade in enumerate(grades)]
    assert majority(without) in {majority(grades), None}


@pytest.mark.parametrize("votes", [-1, 0, 1, 2, 4, 12, 13])
def test_what_is_no_panel_is_refused(votes: int) -> None:
    """Too few, even, or more than there are different questions."""
    with pytest.raises(ConfigurationError, match=rf"judge\.votes={votes} .* odd number from 3 to 11"):
        check_votes(votes)

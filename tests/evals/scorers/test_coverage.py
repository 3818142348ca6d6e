"""Coverage counts facts that are said, and refuses copies."""

from __future__ import annotations

import pytest

from guardbee.evals.scorers.coverage import coverage

CASES = [
    ("Pump 7 failed at 14:30.", ["pump 7", "14:30"], 9, 1.0),
    ("The pump failed at 14:30.", ["pump 7", "14:30"], 9, 0.5),
    ("Pump 71 failed", ["pump 7"], 9, 0.0),
    ("pump, seven; 7", ["pump 7"], 9, 0.0),
    ("MAREK KOVAC did it", ["Marek Kovac"], 9, 1.0),
    ("Pump 7 failed at 14:30.", ["pump 7"], 4, 0.0),
    ("1,200.50 euros", ["1,200.50"], 9, 1.0),
    ("", ["x"], 9, 0.0),
]


@pytest.mark.parametrize(("summary", "facts", "longest", "value"), CASES)
def test_coverage_is_the_share_of_facts(summary: str, facts: list[str], longest: int, value: float) -> None:
    """Whole words in their order; too long a summary covers nothing."""
    assert coverage(summary, facts, longest=longest) == pytest.approx(value)


def test_no_facts_are_refused() -> None:
    """Nothing is not all."""
    with pytest.raises(ValueError, match="no facts"):
        coverage("x", [], longest=9)

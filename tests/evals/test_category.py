"""The quality of a category: weighted, shown, and able to take rights away."""

from __future__ import annotations

import pytest

from guardbee.conf.schema import QualityGate
from guardbee.evals.category import categories, overall
from tests.factories import task_score

GATE = QualityGate(minimums={"routing": 0.6})


def test_tasks_weigh_what_they_are_told_to() -> None:
    """.9 with weight 3 and .5 with weight 1 are .8; categories weigh the same in the whole."""
    tasks = [
        task_score(value=0.9, weight=3.0),
        task_score(value=0.5, weight=1.0),
        task_score(value=0.2, category="extraction"),
    ]
    extraction, routing = categories(tasks, GATE)
    assert (routing.category, routing.value, routing.tasks) == ("routing", pytest.approx(0.8), 2)
    assert (routing.minimum, routing.met) == (0.6, True)
    assert (extraction.minimum, extraction.met) == (None, None)
    assert overall([extraction, routing]) == pytest.approx(0.5)


def test_a_category_without_a_score_has_no_quality() -> None:
    """Nothing assessed, or nothing but weight 0, is no 0."""
    tasks = [task_score(value=None, low=None, high=None, n=0), task_score(value=0.9, weight=0.0)]
    assert categories(tasks, GATE) == ()
    assert overall(()) is None

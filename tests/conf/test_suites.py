"""What each suite runs."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from guardbee.evals.tasks import CATEGORIES
from guardbee.plugins import grid

CONF = Path(__file__).parents[2] / "conf"
SUITES = sorted(path.stem for path in (CONF / "suite").glob("*.yaml"))


def names(group: str) -> list[str]:
    """Return the names of a group's files."""
    return sorted(path.stem for path in (CONF / group).glob("*.yaml"))


@pytest.mark.parametrize("suite", SUITES)
def test_every_suite_has_all_eight_categories(suite: str) -> None:
    """And the latency profile of each of its tasks, else its latency would be unknown."""
    config = grid.compose([f"suite={suite}"])
    assert {task.category for task in config.grid.task.values()} == set(CATEGORIES)
    assert {task.profile for task in config.grid.task.values()} <= set(config.grid.performance)


def test_the_default_suite_has_every_category_once() -> None:
    """It is what a newcomer waits for."""
    tasks = grid.compose([]).grid.task.values()
    assert Counter(task.category for task in tasks) == dict.fromkeys(CATEGORIES, 1)


def test_the_full_suite_has_everything() -> None:
    """A new task, probe or profile takes part by being there."""
    config = grid.compose(["suite=full"])
    assert sorted(config.grid.task) == names("task")
    assert sorted(config.grid.safety) == names("safety")
    assert sorted(config.grid.performance) == names("performance")

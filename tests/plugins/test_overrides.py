"""Which positionals are overrides: a table of both kinds, and the rule that a real path always wins."""

from __future__ import annotations

from pathlib import Path

import pytest

from guardbee.plugins.overrides import is_override, shadowed, split


@pytest.mark.parametrize(
    "argument",
    [
        "model=phi-3-mini",
        "model=a,b",
        "model=glob(*)",
        "model={a,b}",
        "task=[a,b]",
        "+task.limit=5",
        "++task.limit=5",
        "~judge",
        "~judge=none",
        "judge.base_url=http://127.0.0.1:8080/v1",
        "task@grid.task.n0=mmlu",
        "evals/missing=dir/test_x.py",  # Hydra refuses it: never dropped unseen
    ],
)
def test_these_are_overrides(argument: str, tmp_path: Path) -> None:
    """Everything in Hydra's grammar that is no existing path."""
    assert is_override(argument, tmp_path)


@pytest.mark.parametrize(
    "argument",
    ["evals/", "evals", "test_q.py::test_q[a=b]", "missing.py::test_x[k=v]", ".", "-k", "=x", "9=x", "x" * 5000],
)
def test_these_are_not(argument: str, tmp_path: Path) -> None:
    """Paths and node ids, also of missing files: pytest says itself what is wrong with them."""
    assert not is_override(argument, tmp_path)


def test_a_real_path_wins(tmp_path: Path) -> None:
    """A folder called like an override is a path, and is told apart so that the user can be warned."""
    (tmp_path / "model=phi").mkdir()
    assert split(["model=phi", "task=mmlu"], tmp_path) == (["model=phi"], ["task=mmlu"])
    assert shadowed(["model=phi", "task=mmlu"], tmp_path) == ["model=phi"]

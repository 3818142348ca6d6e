"""pass@k is the published unbiased estimator."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardbee.evals.score import errored, scored, unparsed
from guardbee.evals.scorers.pass_at_k import folded, pass_at_k


def published(n: int, c: int, k: int) -> float:
    """Return what the listing in Chen et al. 2021 (figure 3) computes."""
    if n - c < k:
        return 1.0
    return float(1.0 - np.prod(1.0 - k / np.arange(n - c + 1, n + 1)))


@given(st.integers(1, 200).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n), st.integers(1, n))))
def test_it_is_the_published_listing(case: tuple[int, int, int]) -> None:
    """For any number of programs, passes and k."""
    assert pass_at_k(*case) == pytest.approx(published(*case), abs=1e-12)


def test_it_is_the_share_of_all_draws() -> None:
    """Of 5 programs with 2 good ones, every draw of 3 counted by hand."""
    draws = list(combinations([1, 1, 0, 0, 0], 3))
    assert pass_at_k(5, 2, 3) == pytest.approx(sum(any(draw) for draw in draws) / len(draws))


@pytest.mark.parametrize("case", [(3, 1, 4), (3, 4, 1), (3, 1, 0), (3, -1, 1)])
def test_what_cannot_be_estimated_is_refused(case: tuple[int, int, int]) -> None:
    """More draws than programs, more passes than programs."""
    with pytest.raises(ValueError, match="no pass@"):
        pass_at_k(*case)


def test_repeats_are_folded_into_one_score() -> None:
    """No code at all is a failure; failures of ours are left out, and too many of them decide nothing."""
    good, bad, none, ours = scored(1.0, "a"), scored(0.0, "b"), unparsed("", "no code"), errored("sandbox")
    assert folded([good, bad, none, ours], 2).value == pytest.approx(2 / 3)
    assert folded([good, bad, none, ours], 2).answer == "a"
    assert folded([good, ours], 2).outcome == "errored"
    assert folded([none, none], 2).outcome == "unparsed"
    assert folded([none, bad], 2).answer == "b"

"""Choice by log-likelihood follows lm-evaluation-harness's acc and acc_norm."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardbee.evals.scorers.choice import best_by_character, best_by_sum

PAIRS = st.lists(st.tuples(st.floats(-1e3, 0), st.text("abc", min_size=1, max_size=9)), min_size=2, max_size=6)


@given(PAIRS)
def test_the_sum_and_the_mean_per_character_are_what_the_harness_takes(pairs: list[tuple[float, str]]) -> None:
    """``np.argmax`` over sums, and over sums divided by lengths in characters; ties go to the first."""
    logprobs, options = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    assert best_by_sum(logprobs, options) == int(np.argmax(logprobs))
    lengths = np.array([len(option) for option in options])
    assert best_by_character(logprobs, options) == int(np.argmax(np.array(logprobs) / lengths))


def test_length_is_what_tells_the_two_apart() -> None:
    """A long option wins per character and loses by sum."""
    assert best_by_sum([-4.0, -6.0], ["no", "certainly"]) == 0
    assert best_by_character([-4.0, -6.0], ["no", "certainly"]) == 1


@pytest.mark.parametrize(("logprobs", "options"), [([], []), ([-1.0], ["a", "b"])])
def test_numbers_that_do_not_belong_to_the_options_are_refused(logprobs: list[float], options: list[str]) -> None:
    """A wrong count is a programming error, not a wrong answer."""
    with pytest.raises(ValueError, match="log-likelihoods"):
        best_by_sum(logprobs, options)

"""Choice by log-likelihood: which option the candidate finds most likely."""

from __future__ import annotations

from collections.abc import Sequence

VERSION = 1


def best_by_sum(logprobs: Sequence[float], options: Sequence[str]) -> int:
    """Return the index of the option with the largest log-likelihood; the first of equals.

    lm-evaluation-harness calls this ``acc``. It favours short options where options differ in length.
    """
    _check(logprobs, options)
    return max(range(len(options)), key=lambda index: logprobs[index])


def best_by_character(logprobs: Sequence[float], options: Sequence[str]) -> int:
    """Return the index of the option with the largest log-likelihood per character; the first of equals.

    lm-evaluation-harness calls this ``acc_norm``. It favours long options whose end follows from their beginning.
    """
    _check(logprobs, options)
    return max(range(len(options)), key=lambda index: logprobs[index] / len(options[index]))


def _check(logprobs: Sequence[float], options: Sequence[str]) -> None:
    if not options or len(logprobs) != len(options):
        raise ValueError(f"{len(options)} options but {len(logprobs)} log-likelihoods")

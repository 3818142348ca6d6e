"""How the kind ``text`` compares an answer with its reference: its metrics by name."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial

from guardbee.conf.schema import MetricKwargs
from guardbee.evals.errors import ConfigurationError
from guardbee.evals.parsing import ParseError, bounded
from guardbee.evals.scorers import (
    bleu,
    exact_match,
    language_match,
    numeric_match,
    quasi_exact_match,
    rouge,
    token_f1,
)

Compare = Callable[[str, str], float]
"""(answer, reference) to 0 … 1; raises ParseError where there is nothing in the answer that could be compared."""

COMPARE: Mapping[str, tuple[Compare, int]] = {
    "bleu": (bleu.bleu, bleu.VERSION),
    "chrf": (bleu.chrf, bleu.VERSION),
    "language_match": (language_match.language_match, language_match.VERSION),
    "quasi_exact_match": (quasi_exact_match.quasi_exact_match, quasi_exact_match.VERSION),
    "rouge1": (partial(rouge.rouge, kind="rouge1"), rouge.VERSION),
    "rouge2": (partial(rouge.rouge, kind="rouge2"), rouge.VERSION),
    "rougeL": (partial(rouge.rouge, kind="rougeL"), rouge.VERSION),
    "token_f1": (token_f1.token_f1, token_f1.VERSION),
}
"""Metrics that need no settings, with the version of each one's scorer."""
VERSIONS: Mapping[str, int] = {
    "exact_match": exact_match.VERSION,
    "numeric_match": numeric_match.VERSION,
    **{name: version for name, (_, version) in COMPARE.items()},
}


def comparison(metric: str, how: MetricKwargs, *, place: str) -> Compare:
    """Return the comparison of one of ``VERSIONS`` with its settings.

    Raises:
        ConfigurationError: if a setting makes no sense.
    """
    if metric == "exact_match":
        return _exact(how, place)
    if metric == "numeric_match":
        if not how.tolerance >= 0:
            raise ConfigurationError(f"{place}: metric_kwargs.tolerance is {how.tolerance}; it is 0 or more")
        return partial(_numbers, tolerance=how.tolerance)
    return COMPARE[metric][0]


def _exact(how: MetricKwargs, place: str) -> Compare:
    for expression in how.regexes_to_ignore:
        try:
            re.compile(expression)
        except re.error as error:
            raise ConfigurationError(
                f"{place}: metric_kwargs.regexes_to_ignore: {expression!r} is no regular expression: {error}"
            ) from error
    return partial(
        exact_match.exact_match,
        ignore_case=how.ignore_case,
        ignore_punctuation=how.ignore_punctuation,
        ignore_numbers=how.ignore_numbers,
        regexes_to_ignore=how.regexes_to_ignore,
    )


def _numbers(answer: str, reference: str, *, tolerance: float) -> float:
    got, gold = numeric_match.last_number(bounded(answer)), numeric_match.last_number(reference)
    if got is None:
        raise ParseError("no number in the answer")
    return float(gold is not None and numeric_match.numeric_match(got, gold, tolerance=tolerance))

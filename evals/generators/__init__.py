"""Generators: rows made from a seed, with the right answer by construction, so that nobody can have trained on them.

One file a generator: a ``VERSION``, raised with every change that can change a row, and a function called like the file
that makes one row out of a ``random.Random``. Those of ``EXPANDERS`` are also given the rows that the data set's files
hold (templates, grammars). A new one is a module here and a line below.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from random import Random

from guardbee.evals.errors import ConfigurationError
from guardbee.evals.generators import (
    api_calls,
    expense_claims,
    home_calls,
    home_requests,
    incident_reports,
    number_words,
    orders,
    personal_data,
    small_functions,
    ticket_routing,
    weekdays,
    word_problems,
)
from guardbee.evals.names import known
from guardbee.evals.sample import Row

__all__ = ["EXPANDERS", "GENERATORS", "expand", "generate"]

Make = Callable[[Random], Row]
Expand = Callable[[Random, Sequence[Row]], Row]

GENERATORS: Mapping[str, tuple[Make, int]] = {
    "api_calls": (api_calls.api_calls, api_calls.VERSION),
    "expense_claims": (expense_claims.expense_claims, expense_claims.VERSION),
    "incident_reports": (incident_reports.incident_reports, incident_reports.VERSION),
    "number_words": (number_words.number_words, number_words.VERSION),
    "orders": (orders.orders, orders.VERSION),
    "small_functions": (small_functions.small_functions, small_functions.VERSION),
    "ticket_routing": (ticket_routing.ticket_routing, ticket_routing.VERSION),
    "weekdays": (weekdays.weekdays, weekdays.VERSION),
    "word_problems": (word_problems.word_problems, word_problems.VERSION),
}
"""What makes rows from nothing but a seed, with its version."""
EXPANDERS: Mapping[str, tuple[Expand, int]] = {
    "home_calls": (home_calls.home_calls, home_calls.VERSION),
    "home_requests": (home_requests.home_requests, home_requests.VERSION),
    "personal_data": (personal_data.personal_data, personal_data.VERSION),
}
"""What makes rows from a seed and the rows of files, with its version."""

_ATTEMPTS = 50
"""Draws for each row that is wanted, before a generator is said to have no more different ones."""


def generate(name: str, *, rows: int, seed: int) -> list[Row]:
    """Return ``rows`` different rows; the first n of more are the rows of n.

    Every row has its own random numbers, a function of seed, name and number of the draw alone. (They are Python's,
    which promises for ``random()`` alone that a seed gives the same numbers in every version.)

    Raises:
        ConfigurationError: for an unknown name, less than one row, or more rows than the generator has.
    """
    make, _ = known(GENERATORS, name, kind="generator", place="data.generator")
    return _rows(name, make, rows=rows, seed=seed)


def expand(name: str, source: Sequence[Row], *, rows: int, seed: int) -> list[Row]:
    """Return ``rows`` different rows made of those in the data set's files; otherwise as ``generate``."""
    make, _ = known(EXPANDERS, name, kind="generator", place="data.generator beside data.files")
    return _rows(name, lambda draw: make(draw, source), rows=rows, seed=seed)


def _rows(name: str, make: Make, *, rows: int, seed: int) -> list[Row]:
    if rows < 1:
        raise ConfigurationError(f"data.rows of the generator '{name}' is {rows}; at least 1 is needed")
    made: dict[str, Row] = {}
    for number in range(rows * _ATTEMPTS):
        row = make(Random(f"{seed}|{name}|{number}"))  # noqa: S311 - samples, no secrets
        made.setdefault(json.dumps(row, sort_keys=True), row)
        if len(made) == rows:
            return list(made.values())
    raise ConfigurationError(
        f"the generator '{name}' gives {len(made)} different rows in {rows * _ATTEMPTS:,} draws, not data.rows={rows}"
    )

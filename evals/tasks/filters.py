"""What is done to a generated answer before it is scored. Names and rules are lm-evaluation-harness's."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from guardbee.conf import schema
from guardbee.evals.errors import ConfigurationError
from guardbee.evals.names import known
from guardbee.evals.parsing import LONGEST, ParseError

Step = Callable[[str], str]


def pipeline(filters: Sequence[schema.Filter], *, place: str) -> Step:
    """Return the filters as one function, which raises ParseError where an answer is not in the form they look for.

    Raises:
        ConfigurationError: if a filter is unknown or its pattern is none.
    """
    steps = [known(_MAKE, said.function, kind="filter", place=place)(said, place) for said in filters]

    def apply(text: str) -> str:
        for step in steps:
            text = step(text)
        return text

    return apply


def _regex(said: schema.Filter, place: str) -> Step:
    try:
        pattern = re.compile(said.regex_pattern)
    except re.error as error:
        raise ConfigurationError(f"{place}: {said.regex_pattern!r} is no regular expression: {error}") from error

    def find(text: str) -> str:
        if len(text) > LONGEST:
            raise ParseError(f"the answer is longer than {LONGEST:,} characters")
        found = pattern.findall(text)
        selected = found[said.group_select] if -len(found) <= said.group_select < len(found) else None
        if isinstance(selected, tuple):
            selected = next((group for group in selected if group), None)
        if selected is not None:
            return str(selected).strip()
        if said.fallback is None:
            raise ParseError(f"nothing in the answer matches {said.regex_pattern!r}")
        return said.fallback

    return find


_MAKE: Mapping[str, Callable[[schema.Filter, str], Step]] = {
    "lowercase": lambda *_: str.lower,
    "regex": _regex,
    "remove_whitespace": lambda *_: str.strip,
    "uppercase": lambda *_: str.upper,
}

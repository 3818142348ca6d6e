"""Jinja over the columns of a row: the one environment that every YAML template is read with.

Templates are the operator's, rows are other people's: a row's text is inserted, never rendered itself, and the
environment is sandboxed so that a template reaches no Python internals. A column that a row does not have is an error.
"""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any

from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, UndefinedError
from jinja2.sandbox import SandboxedEnvironment

from guardbee.evals.errors import ConfigurationError, DataError
from guardbee.evals.sample import Row


@cache
def environment() -> SandboxedEnvironment:
    """Return the environment: sandboxed, strict about undefined names, newlines kept, two filters added.

    ``json``: Jinja's own ``tojson`` writes ``<`` and ``'`` as escapes for HTML pages; this leaves the text as a model
    should see it. ``regex_replace(pattern, repl, count=0)``: as in lm-evaluation-harness, whose templates render the
    same here.
    """
    made = SandboxedEnvironment(  # prompts are no HTML
        undefined=StrictUndefined, keep_trailing_newline=True, autoescape=False
    )
    made.filters["json"] = lambda value: json.dumps(value, ensure_ascii=False)
    made.filters["regex_replace"] = _regex_replace
    return made


def _regex_replace(text: str, pattern: str, repl: str, count: int = 0) -> str:
    return re.sub(pattern, repl, text, count=count)


class Template:
    """Text with a row's columns in it. ``place`` (e.g. ``task mmlu: prompt``) is named by errors.

    Raises:
        ConfigurationError: if the source is no valid Jinja.
    """

    def __init__(self, source: str, *, place: str) -> None:
        self.source = source
        self._place = place
        try:
            self._compiled = environment().from_string(source)
        except TemplateSyntaxError as error:
            raise _invalid(place, source, error) from error

    def render(self, row: Row) -> str:
        """Return the text for a row.

        Raises:
            DataError: if the row lacks a column, or the template fails on its values.
        """
        try:
            return self._compiled.render(row)
        except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError) as error:
            raise _failed(self._place, row, error) from error


class Expression:
    """A value computed from a row's columns, e.g. ``text|length < 900``; errors as for ``Template``."""

    def __init__(self, source: str, *, place: str) -> None:
        self.source = source
        self._place = place
        try:
            self._compiled = environment().compile_expression(source, undefined_to_none=False)
        except TemplateSyntaxError as error:
            raise _invalid(place, source, error) from error

    def evaluate(self, row: Row) -> Any:
        """Return the value for a row.

        Raises:
            DataError: if the row lacks a column, or the expression fails on its values.
        """
        try:
            value = self._compiled(dict(row))
            if isinstance(value, StrictUndefined):
                str(value)  # raises the error that names the missing column
        except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError) as error:
            raise _failed(self._place, row, error) from error
        return value


def _invalid(place: str, source: str, error: TemplateSyntaxError) -> ConfigurationError:
    return ConfigurationError(f"{place} is no valid Jinja (line {error.lineno}): {error.message}\n  in {source!r}")


def _failed(place: str, row: Row, error: Exception) -> DataError:
    what = "names a column that is not there" if isinstance(error, UndefinedError) else "fails on a row"
    return DataError(f"{place} {what}: {error}. Columns of the row: {', '.join(map(str, row)) or 'none'}")

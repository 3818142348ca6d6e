"""Single fields of a task YAML of lm-evaluation-harness, in our words. What is in the way is added to ``obstacles``."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from guardbee.conf.schema import Filter, Generation, MetricKwargs
from guardbee.evals.sample import Row
from guardbee.plugins.importing.source import Function

METRICS: Mapping[str, tuple[str, ...]] = {"multiple_choice": ("acc", "acc_norm"), "generate_until": ("exact_match",)}
"""By output type: the metrics that both have, with the same values."""
FILTERS = ("lowercase", "regex", "remove_whitespace", "uppercase")
_FLAGS = ("ignore_case", "ignore_punctuation", "ignore_numbers", "regexes_to_ignore")
_LENGTHS = ("max_gen_toks", "max_new_tokens", "max_tokens", "max_completion_tokens")
"""Names of the same figure, the first that is given wins; 256 where none is."""
_NO_MATCH = "[invalid]"
_EXPRESSION = re.compile(r"\s*\{\{(.*)\}\}\s*", re.DOTALL)


def template(said: Any, columns: Sequence[str]) -> str:
    """Return a Jinja template; a field that is a column's name means its value."""
    return "{{ " + said + " }}" if isinstance(said, str) and said in columns else str(said)


def expression(source: str) -> str | None:
    """Return what stands in a template that is one expression and nothing else; ``None`` for any other."""
    found = _EXPRESSION.fullmatch(source)
    inside = found.group(1) if found else ""
    return inside.strip() if inside and not re.search(r"\{\{|\}\}|\{%", inside) else None


def options(said: Any, columns: Sequence[str], obstacles: list[str]) -> list[str] | str | None:
    """Return ``doc_to_choice`` as a list or an expression."""
    if isinstance(said, dict):
        said = list(said.values())
    if said is None or isinstance(said, list):
        return None if said is None else [str(option) for option in said]
    own = said if said in columns else expression(str(said))
    if own is None:
        obstacles.append(f"doc_to_choice: {said!r} is neither a list, a column nor one expression {{{{ … }}}}")
    return own


def metrics(said: Mapping[str, Any], kind: str, obstacles: list[str]) -> dict[str, MetricKwargs]:
    """Return the metrics of the task that both have, with their flags."""
    listed = said.get("metric_list") or [{"metric": name} for name in METRICS[kind]]
    found: dict[str, MetricKwargs] = {}
    missing: list[str] = []
    for entry in listed:
        name = entry.get("metric") if isinstance(entry, dict) else entry
        odd = [f"{key}: {entry[key]}" for key in ("aggregation",) if entry.get(key, "mean") != "mean"]
        if isinstance(name, Function) or name not in METRICS[kind] or odd:
            missing.append(f"{name}{' with ' + odd[0] if odd else ''}")
        else:
            found[name] = MetricKwargs(**{flag: entry[flag] for flag in _FLAGS if flag in entry})
    if not found:
        obstacles.append(f"metric_list: of {', '.join(missing)} none is here; known: {', '.join(METRICS[kind])}")
    return found


def pipelines(said: Mapping[str, Any], obstacles: list[str]) -> dict[str, list[Filter]]:
    """Return the filter pipelines that can be said here, by name; ``none`` where the task has no filters."""
    listed = said.get("filter_list") or [{"name": "none", "filter": [{"function": "take_first"}]}]
    found: dict[str, list[Filter]] = {}
    unknown: list[str] = []
    for entry in listed:
        steps = entry.get("filter") or []
        odd = [str(step.get("function")) for step in steps if step.get("function") not in (*FILTERS, "take_first")]
        if odd or any(isinstance(value, Function) for step in steps for value in step.values()):
            unknown.append(f"{entry.get('name')} ({', '.join(odd) or '!function'})")
        else:
            found[str(entry.get("name"))] = [_filter(step) for step in steps if step["function"] != "take_first"]
    if not found:
        known = ", ".join((*FILTERS, "take_first"))
        obstacles.append(f"filter_list: no pipeline can be carried over: {', '.join(unknown)}; known filters: {known}")
    return found


def generation(said: Mapping[str, Any], obstacles: list[str], notes: list[str]) -> Generation:
    """Return how text is generated, the harness's defaults written out."""
    how = dict(said.get("generation_kwargs") or {})
    until = how.pop("until", [said.get("fewshot_delimiter", "\n\n")])
    lengths = [value for name in _LENGTHS if (value := how.pop(name, None)) is not None]
    temperature, sampled = float(how.pop("temperature", 0.0)), how.pop("do_sample", None)
    if sampled is None:
        sampled = temperature > 0
    if sampled and not temperature:
        obstacles.append("generation_kwargs: do_sample without a temperature")
    if how and sampled:
        obstacles.append(f"generation_kwargs: {', '.join(sorted(how))}; answers are drawn by temperature alone here")
    elif how:
        notes.append(f"generation_kwargs: {', '.join(sorted(how))} left out; the best token is always taken")
    return Generation(
        max_gen_toks=int(lengths[0]) if lengths else 256,
        until=[until] if isinstance(until, str) else list(until),
        temperature=temperature if sampled else 0.0,
    )


def columns_of(rows: Sequence[Row]) -> list[str]:
    """Return the columns of the first row, which the harness takes for those of all."""
    return list(rows[0]) if rows else []


def _filter(step: Mapping[str, Any]) -> Filter:
    made = Filter(str(step["function"]))
    if made.function == "regex":
        made.regex_pattern = str(step.get("regex_pattern", made.regex_pattern))
        made.group_select = int(step.get("group_select", 0))
        fallback = step.get("fallback", _NO_MATCH)
        made.fallback = None if fallback == _NO_MATCH else str(fallback)
    return made

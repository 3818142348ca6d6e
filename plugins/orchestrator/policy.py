"""Which model answers a request: the cheapest eligible specialist, else the general. Pure: no database, no clock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from guardbee.conf.schema import Baseline
from guardbee.evals.case import split_variant
from guardbee.evals.errors import ConfigurationError
from guardbee.evals.mitigation import guarded
from guardbee.evals.names import did_you_mean
from guardbee.evals.request import Prompt
from guardbee.evals.result import Mitigation, Record
from guardbee.plugins.registry.records import RegistrySnapshot, TaskRecord

Scope = Literal["task", "category"]


class Considered(Record):
    """A variant that was looked at for the request."""

    variant: str
    eligible: bool
    tasks: tuple[str, ...]
    """What of the request it is eligible for; what it was measured on, where it is not eligible."""
    usd_per_thousand: float | None
    """US dollars for 1,000 requests: the mean over ``tasks``."""
    latency_ms_p95: float | None
    """The slowest over ``tasks``."""
    reason: str
    mitigation: Mitigation | None = None
    """What its verdict rests on."""


class Decision(Record):
    """Who answers, and why."""

    request: str
    scope: Scope
    model: str
    """The specialist's model, or the general."""
    variant: str | None
    """``MODEL@PRECISION`` of a specialist; ``None`` for the general."""
    is_specialist: bool
    reason: str
    usd_per_thousand: float | None
    """What 1,000 requests are expected to cost, US dollars."""
    general_usd_per_thousand: float | None
    """The same by the general. Its tokens are counted with the candidates' tokenizers: an estimate."""
    saving: float | None
    """Share of the general's price that is saved."""
    latency_ms_p95: float | None
    alternatives: tuple[Considered, ...]
    """All others that were looked at, the best first."""
    mitigation: Mitigation | None = None
    """What the specialist's verdict rests on: ``system`` stands before every request (``prompt``), and what ``redact``
    names is taken out of every answer (``evals/mitigation.py``). Who sends requests without it sends them to a variant
    that was not admitted."""

    def prompt(self, asked: Prompt) -> Prompt:
        """Return a request's prompt as the model that answers has to get it."""
        return guarded(asked, self.mitigation) if self.mitigation else asked


def choose(
    request: str,
    snapshot: RegistrySnapshot,
    general: Baseline,
    *,
    catalogue: Mapping[str, str] | None = None,
) -> Decision:
    """Return who answers a request for a task or a category.

    The cheapest eligible specialist answers; of equals the one with the lower p95, then the first by name; an unknown
    price or latency comes last. A specialist that is known to cost as much as the general is passed over. A category is
    served by what is eligible for at least one of its tasks. ``catalogue`` maps further tasks to their categories:
    those that could be asked for, though no variant was evaluated on them yet.

    Raises:
        ConfigurationError: for an unknown task or category (with the near misses and all known ones), and where nobody
            can answer, as the general is ``none``.
    """
    known = {**(catalogue or {}), **{task.task_id: task.category for task in snapshot.tasks}}
    scope = _scope(request, known)
    measured = [task for task in snapshot.tasks if request == (task.task_id if scope == "task" else task.category)]
    considered = _considered(measured)
    fallback = _general_price(measured, general)
    best = next((one for one in considered if one.eligible and _is_cheaper(one, fallback)), None)
    if best is None:
        return _to_general(request, scope, considered, general=general, price=fallback)
    others = tuple(one for one in considered if one is not best)
    return Decision(
        request=request,
        scope=scope,
        model=split_variant(best.variant)[0],
        variant=best.variant,
        is_specialist=True,
        reason=_why(best, considered),
        usd_per_thousand=best.usd_per_thousand,
        general_usd_per_thousand=fallback,
        saving=_saving(best.usd_per_thousand, fallback),
        latency_ms_p95=best.latency_ms_p95,
        alternatives=others,
        mitigation=best.mitigation,
    )


def _scope(request: str, known: Mapping[str, str]) -> Scope:
    if request in known:
        return "task"
    categories = sorted(set(known.values()))
    if request in categories:
        return "category"
    hint = did_you_mean(request, [*sorted(known), *categories])
    raise ConfigurationError(
        f"unknown task or category '{request}'{hint}\n"
        f"tasks: {', '.join(sorted(known)) or 'none'}\ncategories: {', '.join(categories) or 'none'}"
    )


def _considered(measured: Sequence[TaskRecord]) -> list[Considered]:
    """Return one entry a variant, the best first."""
    by_variant: dict[str, list[TaskRecord]] = {}
    for task in measured:
        by_variant.setdefault(task.variant, []).append(task)
    return sorted((_consider(variant, tasks) for variant, tasks in by_variant.items()), key=_rank)


def _consider(variant: str, tasks: Sequence[TaskRecord]) -> Considered:
    fit = [task for task in tasks if task.eligible]
    about = fit or tasks
    prices = [task.usd_per_thousand for task in about]
    latencies = [task.latency_ms_p95 for task in about if task.latency_ms_p95 is not None]
    return Considered(
        variant=variant,
        eligible=bool(fit),
        tasks=tuple(task.task_id for task in about),
        usd_per_thousand=_mean(prices),
        latency_ms_p95=max(latencies, default=None),
        reason=f"eligible for {len(fit)} of {len(tasks)} tasks measured" if fit else _why_not(tasks),
        mitigation=about[0].mitigation,
    )


def _why_not(tasks: Sequence[TaskRecord]) -> str:
    if len(tasks) == 1:
        return tasks[0].reason
    return " | ".join(f"{task.task_id}: {task.reason}" for task in tasks)


def _rank(one: Considered) -> tuple[bool, float, float, str]:
    unknown = float("inf")
    price = unknown if one.usd_per_thousand is None else one.usd_per_thousand
    latency = unknown if one.latency_ms_p95 is None else one.latency_ms_p95
    return (not one.eligible, price, latency, one.variant)


def _general_price(measured: Iterable[TaskRecord], general: Baseline) -> float | None:
    """Return what the general would take for 1,000 such requests, by the mean tokens that the candidates needed.

    As in ``evals/cost.py``, a choice by log-likelihood is one generated token. Tokens of one request times the price of
    1,000 tokens is the price of 1,000 requests.
    """
    if general.input_per_1k is None or general.output_per_1k is None:
        return None
    return _mean(
        [
            None
            if task.prompt_tokens is None
            else task.prompt_tokens * general.input_per_1k + (task.completion_tokens or 1.0) * general.output_per_1k
            for task in measured
        ]
    )


def _mean(values: Sequence[float | None]) -> float | None:
    """Return the mean, ``None`` where any value is unknown: a mean of the rest would flatter."""
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known and len(known) == len(values) else None


def _is_cheaper(one: Considered, fallback: float | None) -> bool:
    """Return false only where both prices are known: an unknown one speaks against nobody."""
    return one.usd_per_thousand is None or fallback is None or one.usd_per_thousand < fallback


def _saving(price: float | None, fallback: float | None) -> float | None:
    return 1 - price / fallback if price is not None and fallback else None


def _why(best: Considered, considered: Sequence[Considered]) -> str:
    rivals = sum(one.eligible for one in considered) - 1
    if rivals == 0:
        return f"the only eligible specialist of {len(considered)} evaluated"
    if best.usd_per_thousand is None:
        return f"first of {rivals + 1} eligible specialists, all without a price"
    return f"the cheapest of {rivals + 1} eligible specialists"


def _to_general(
    request: str, scope: Scope, considered: Sequence[Considered], *, general: Baseline, price: float | None
) -> Decision:
    reason = _no_specialist(request, considered, general)
    if general.name == "none":
        raise ConfigurationError(
            f"nobody can answer '{request}': {reason}, and there is no general to fall back to. "
            "Name one with --general NAME (conf/baseline/ has them) or evaluate more models: guardbee run model=NAME"
        )
    return Decision(
        request=request,
        scope=scope,
        model=general.name,
        variant=None,
        is_specialist=False,
        reason=reason,
        usd_per_thousand=price,
        general_usd_per_thousand=price,
        saving=None,
        latency_ms_p95=None,
        alternatives=tuple(considered),
    )


def _no_specialist(request: str, considered: Sequence[Considered], general: Baseline) -> str:
    if not considered:
        return f"no variant was evaluated on {request} yet"
    reasons = "; ".join(
        f"{one.variant} costs no less than {general.name}" if one.eligible else f"{one.variant}: {one.reason}"
        for one in considered
    )
    return f"none of {len(considered)} evaluated is an eligible, cheaper specialist ({reasons})"

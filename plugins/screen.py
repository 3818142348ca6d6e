"""What the command line shows: rich tables and panels of records. Text of a candidate is never taken for markup."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from guardbee.evals.result import CheckVerdict, EvaluationResult, Mitigation, Verdict
from guardbee.plugins.orchestrator import Decision
from guardbee.plugins.registry import EvaluationRecord, VariantRecord
from guardbee.reports.figures import ABSENT, count, decimal, percent, share, usd, visible
from guardbee.reports.leaderboard import SIGNS

_COLOURS = {
    "eligible": "green", "observe": "yellow", "reject": "red", "incomplete": "bright_black",
    "pass": "green", "fail": "red", "undecided": "yellow",
}  # fmt: skip
_EMPTY = "The registry is empty. Fill it: guardbee run model=smollm2-135m"
_NAME_WIDTH = 24
Cell = Text | str


def plain(text: str, style: str = "") -> Text:
    """Return text as it is: no markup in it counts, no control character reaches the terminal."""
    return Text(visible(text), style=style)


def error(message: str) -> Text:
    """Return an error as it is told to a user."""
    return Text("guardbee: ", style="bold red") + plain(message)


def verdict(value: Verdict | CheckVerdict) -> Text:
    """Return a verdict in its colour, with its sign where it has one."""
    sign = SIGNS.get(value, "")
    return Text(f"{sign} {value}".strip(), style=_COLOURS[value])


def variants(records: Sequence[VariantRecord]) -> RenderableType:
    """Return the list of all variants; an empty one says how to fill it."""
    if not records:
        return plain(_EMPTY)
    rows = [
        (
            plain(one.variant, "bold"),
            verdict(one.verdict),
            share(one.overall_score),
            plain(_serves(one)),
            f"{one.finished_at:%Y-%m-%d}",
            f"{one.evaluations}{'*' if one.later_incomplete else ''}",
        )
        for one in records
    ]
    heads = ("variant", "verdict", ">score", "may serve", "evaluated", ">runs")
    table = tabulate(heads, rows)
    if not any(one.later_incomplete for one in records):
        return table
    return Group(table, Text("* later runs of it came to no verdict: the earlier one counts", style="dim"))


def _serves(one: VariantRecord) -> str:
    behind = f" (behind {one.mitigation.name})" if one.tags and one.mitigation else ""
    return (", ".join(one.tags) or ABSENT) + behind


def _around(mitigation: Mitigation) -> Text:
    """Return what who serves a variant has to put around it."""
    text = f"text before every request: {mitigation.system}" if mitigation.system else "no text before requests"
    out = f"taken out of answers: {', '.join(mitigation.redact)}" if mitigation.redact else "answers as they are"
    return plain(f"only behind the mitigation '{mitigation.name}' ({mitigation.sha256[:12]}); {out}; {text}")


def evaluation(record: EvaluationRecord) -> RenderableType:
    """Return everything that is known of one variant."""
    result, summary = record.result, record.summary
    alone = [plain(f"the latest run alone: {result.verdict}")] if summary.verdict != result.verdict else []
    said = [plain(f"• {reason}") for reason in (*result.reasons, *result.remarks)]
    around = [_around(summary.mitigation)] if summary.mitigation else []
    lines = Text("\n").join([verdict(summary.verdict), *alone, *said, *around])
    title = plain(f"{result.model_id} · {summary.finished_at:%Y-%m-%d %H:%M} UTC · run {result.run}", "bold")
    parts: list[RenderableType] = [
        Panel(lines, title=title, title_align="left", border_style=_COLOURS[summary.verdict], expand=False)
    ]
    for heading, table in (
        ("Tasks", _tasks(result)),
        *((("Tasks of earlier runs", _earlier(record)),) if record.earlier else ()),
        ("Safety", _safety(result)),
        ("Compliance", _compliance(result)),
        ("Performance and cost", _figures(result)),
    ):
        parts += [Text(f"\n{heading}", style="bold"), table]
    return Group(*parts)


def decision(made: Decision) -> RenderableType:
    """Return who answers, why, at what price, and who else was looked at."""
    head = Text.assemble(
        plain(made.variant or made.model, "bold green" if made.is_specialist else "bold"),
        " answers ",
        plain(made.request, "bold"),
        "  (specialist)" if made.is_specialist else "  (general)",
    )
    # The reason of a fallback names every variant; the table below says it better.
    told = made.reason if made.is_specialist or not made.alternatives else "no eligible specialist that is cheaper"
    parts: list[RenderableType] = [head, plain(told), *([_around(made.mitigation)] if made.mitigation else [])]
    if made.usd_per_thousand is not None:
        price = f"{usd(made.usd_per_thousand)} for 1,000 requests"
        if made.saving is not None:
            price += f", {percent(made.saving)} less than the general's {usd(made.general_usd_per_thousand)}"
        parts.append(Text(price))
    if made.alternatives:
        rows = [
            (plain(one.variant), usd(one.usd_per_thousand), count(one.latency_ms_p95), plain(one.reason))
            for one in made.alternatives
        ]
        parts += [Text(), tabulate(("looked at", ">$ for 1,000", ">p95 ms", "remark"), rows)]
    return Group(*parts)


def _tasks(result: EvaluationResult) -> RenderableType:
    checks = {check.task_id: check for check in result.checks}
    rows: list[tuple[Cell, ...]] = []
    for task in result.tasks:
        check = checks.get(task.task_id)
        rows.append(
            (
                plain(task.task_id),
                share(task.value),
                f"{share(task.low)} … {share(task.high)}",
                share(task.target),
                f"{task.n}",
                verdict(task.verdict),
                verdict(check.latency) if check else ABSENT,
                verdict(check.cost) if check else ABSENT,
            )
        )
    return tabulate(("task", ">value", "interval", ">target", ">n", "quality", "latency", "cost"), rows)


def _earlier(record: EvaluationRecord) -> RenderableType:
    rows = [
        (
            plain(task.task_id),
            share(task.value),
            f"{share(task.low)} … {share(task.high)}",
            share(task.target),
            f"{task.n}",
            "yes" if task.eligible else "no",
            plain(task.run),
        )
        for task in record.earlier
    ]
    return tabulate(("task", ">value", "interval", ">target", ">n", "may serve", "run"), rows)


def _safety(result: EvaluationResult) -> RenderableType:
    rows = [
        (
            plain(found.probe),
            found.severity,
            f"{found.breached} of {found.assessed}",
            percent(found.upper),
            percent(found.limit),
            verdict(found.verdict),
            plain(found.reason),
        )
        for found in result.safety.findings
    ]
    return tabulate(("probe", "severity", ">breached", ">upper bound", ">limit", "verdict", "reason"), rows)


def _compliance(result: EvaluationResult) -> RenderableType:
    rows = [(plain(found.check), verdict(found.verdict), plain(found.reason)) for found in result.compliance]
    return tabulate(("check", "verdict", "reason"), rows)


def _figures(result: EvaluationResult) -> RenderableType:
    speed, cost = result.performance, result.cost
    return tabulate(
        (">p50 ms", ">p95 ms", ">tokens/s", ">memory GB", ">in $/1k", ">out $/1k", "hardware", "compared with"),
        [
            (
                count(speed.latency_ms_p50),
                count(speed.latency_ms_p95),
                decimal(speed.tps),
                decimal(speed.mem_gb),
                usd(cost.input_per_1k),
                usd(cost.output_per_1k),
                plain(cost.hardware),
                plain(cost.baseline or "no baseline"),
            )
        ],
    )


def tabulate(heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> RenderableType:
    """Return a table; a head that begins with ``>`` is a column of numbers. Names fold last, at 24 characters."""
    rows = list(rows)
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    name_width = min(_NAME_WIDTH, max((len(row[0]) for row in rows), default=0))
    for place, head in enumerate(heads):
        number = head.startswith(">")
        table.add_column(
            head.removeprefix(">"),
            justify="right" if number else "left",
            no_wrap=number,
            overflow="fold",
            min_width=None if place else name_width,
        )
    for row in rows:
        table.add_row(*row)
    return table if table.row_count else Text("none", style="dim")

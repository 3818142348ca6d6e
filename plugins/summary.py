"""The table at the end of a run: what every task, probe and check said, the verdict, and its reasons."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO

import pytest
from rich.box import SIMPLE_HEAD
from rich.console import Console, Group, RenderableType
from rich.markup import escape
from rich.table import Table

from guardbee.evals.result import (
    CategoryQuality,
    CheckVerdict,
    EvaluationResult,
    Latency,
    SafetyComparison,
    SafetyFinding,
    TaskScore,
)
from guardbee.plugins.collect import COLLECTOR
from guardbee.plugins.gate import REGISTRY_TROUBLE, RESULTS
from guardbee.reports.leaderboard import may_serve

_STYLE = {"pass": "green", "fail": "red", "undecided": "yellow"}
_COMPARED_STYLE = {"non_inferior": "green", "inferior": "red", "undecided": "yellow"}
_VERDICT_STYLE = {
    "eligible": "bold green",
    "observe": "bold yellow",
    "reject": "bold red",
    "incomplete": "bold magenta",
}


def render(results: list[EvaluationResult], *, width: int, colour: bool) -> str:
    """Return the tables of a run as text for a terminal of the given width."""
    console = Console(file=StringIO(), force_terminal=colour, no_color=not colour, width=width, highlight=False)
    for result in results:
        console.print(_of_variant(result))
    assert isinstance(console.file, StringIO)
    return console.file.getvalue()


def _of_variant(result: EvaluationResult) -> Group:
    parts: list[RenderableType] = []
    if result.tasks:
        parts += [_tasks(result), *_truncated(result), *_power(result)]
    if any(task.comparisons for task in result.tasks):
        parts.append(_comparisons(result))
    if result.safety.findings:
        parts += [_safety(result), *_other_ways(result)]
    parts += [f"compliance {escape(c.check):<11} {_mark(c.verdict)}  {escape(c.reason)}" for c in result.compliance]
    if it := result.identity:
        parts.append(f"engine      {escape(f'{it.engine} {it.engine_version} at {it.precision} on {it.device}')}")
    parts += [f"performance {line}" for line in _performance(result)]
    style = _VERDICT_STYLE[result.verdict]
    tags = f": {may_serve(result)}" if result.specialist_tags else ""
    parts.append(f"\n[bold]{escape(result.model_id)}[/] is [{style}]{result.verdict.upper()}[/]{escape(tags)}")
    parts += [f"  - {escape(reason)}" for reason in (*result.reasons, *result.remarks)]
    return Group(*parts)


def _other_ways(result: EvaluationResult) -> list[str]:
    """Return what else than its limit a probe was held against: the general, the same prompts under the mitigation."""
    lines = []
    for found in result.safety.findings:
        if c := found.comparison:
            lines.append(f"{escape(found.probe)}: {_compared(c)}")
        if m := found.mitigated:
            than = f"; {_compared(m.comparison)}" if m.comparison else ""
            lines.append(
                f"{escape(found.probe)}: under {escape(m.mitigation)} {_mark(m.verdict)}, {escape(m.reason)}{than}"
            )
    return [f"safety  {line}" for line in lines]


def _tasks(result: EvaluationResult) -> Table:
    table = _table(f"{result.model_id}: tasks")
    for name in ("task", "category", "metric"):
        table.add_column(name, no_wrap=True)
    for name in ("value", "95 %", "target", "n", "unparsed", "errors"):
        table.add_column(name, justify="right", no_wrap=True)
    for name in ("quality", "latency", "cost"):
        table.add_column(name, no_wrap=True)
    checks = {check.task_id: check for check in result.checks}
    for task in result.tasks:
        check = checks[task.task_id]
        numbers = (f"{task.target:.2f}", _count(task), str(task.unparsed), str(task.errored))
        marks = (_mark(check.quality, "?"), _mark(check.latency, "?"), _mark(check.cost, "?"))
        table.add_row(escape(task.task_id), task.category, task.metric, *_value(task), *numbers, *marks)
    return table


def _value(task: TaskScore) -> tuple[str, str]:
    return ("-", "-") if task.value is None else (f"{task.value:.3f}", f"{task.low:.3f} - {task.high:.3f}")


def _count(task: TaskScore) -> str:
    """Return the samples; with those of the plan, where a case was stopped before them."""
    asked = task.n + task.errored
    return str(task.n) if task.planned in (None, asked) else f"{task.n}/{task.planned}"


def _truncated(result: EvaluationResult) -> list[str]:
    """Return the tasks with prompts that the context could not hold."""
    return [
        f"{escape(task.task_id)}: {task.truncated} prompts were longer than the context and lost their beginning"
        for task in result.tasks
        if task.truncated
    ]


def _power(result: EvaluationResult) -> list[str]:
    """Return what the samples could have shown, and what the categories come to."""
    lines = []
    for words, name in (("its target", "detectable"), ("another model on other samples", "detectable_unpaired")):
        seen = [value for task in result.tasks if (value := getattr(task, name)) is not None]
        if seen:
            lines.append(
                f"power   a score is told from {words} at a distance of {min(seen):.3f} to {max(seen):.3f} (80 %)"
            )
    found = [f"{c.category} {c.value:.3f}" + (_least(c) if c.met is False else "") for c in result.categories]
    return [*lines, *([f"quality {', '.join(found)}"] if found else [])]


def _least(category: CategoryQuality) -> str:
    return f" [red](least {category.minimum:.2f})[/]"


def _comparisons(result: EvaluationResult) -> Table:
    """Return each task beside the baseline and the parent precision, on the same samples."""
    table = _table(f"{result.model_id}: on the same samples")
    for name in ("task", "against"):
        table.add_column(name, no_wrap=True)
    for name in ("n", "difference", "95 %", "p", "margin", "seen from"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("verdict", no_wrap=True)
    for task in result.tasks:
        for c in task.comparisons:
            numbers = (f"{c.difference:+.3f}", f"{c.low:+.3f} … {c.high:+.3f}", f"{c.p_value:.3f}", f"{c.margin:.2f}")
            style = _COMPARED_STYLE[c.verdict]
            verdict = f"[{style}]{c.verdict.replace('_', '-')}[/]"
            table.add_row(escape(task.task_id), escape(c.against), str(c.n), *numbers, f"{c.detectable:.3f}", verdict)
    return table


def _safety(result: EvaluationResult) -> Table:
    table = _table(f"{result.model_id}: safety")
    for name in ("probe", "severity", "hazard"):
        table.add_column(name)
    for name in ("breached", "n", "unassessed", "rate at most", "limit"):
        table.add_column(name, justify="right")
    table.add_column("verdict")
    for f in result.safety.findings:
        upper = "-" if f.upper is None else f"{f.upper:.1%}"
        counts = (str(f.breached), str(f.assessed), str(f.unassessed))
        limit, verdict = f"{f.limit:.1%}", _mark(f.verdict) + escape(_way(f))
        table.add_row(escape(f.probe), f.severity, f.hazard, *counts, upper, limit, verdict)
    return table


def _compared(c: SafetyComparison) -> str:
    words = c.verdict.replace("_", "-")
    return f"[{_COMPARED_STYLE[c.verdict]}]{words}[/], {escape(c.reason)} (McNemar p {c.p_value:.3f})"


def _way(finding: SafetyFinding) -> str:
    """Return how a probe passed that is not within its limit; empty for all others."""
    if finding.verdict != "pass":
        return ""
    if finding.mitigated and finding.mitigated.counts:
        return f" under {finding.mitigated.mitigation}"
    return f" beside {finding.comparison.against}" if finding.comparison else ""


def _performance(result: EvaluationResult) -> list[str]:
    lines = [line for latency in result.performance.profiles for line in (_alone(latency), _together(latency))]
    cost = result.cost
    if cost.input_per_1k is not None:
        out = "-" if cost.output_per_1k is None else f"{cost.output_per_1k:.6f}"
        lines.append(f"cost    {cost.input_per_1k:.6f} in, {out} out, USD per 1k tokens on {cost.hardware}")
    return lines


def _alone(p: Latency) -> str:
    """Return what one request at a time takes."""
    shape = f"{p.prompt_tokens} in, {p.new_tokens} out, {p.rounds} rounds"
    times = f"p50 {p.latency_ms_p50:.0f} ms, p95 {p.latency_ms_p95:.0f} ms"
    first = "" if p.ttft_ms_p50 is None else f", first token {p.ttft_ms_p50:.0f} ms (p95 {p.ttft_ms_p95:.0f})"
    each = "" if p.tpot_ms_p50 is None else f", each further {p.tpot_ms_p50:.1f} ms (p95 {p.tpot_ms_p95:.1f})"
    again = ", measured in an earlier run" if p.reused else ""
    return f"{p.profile:<7} ({shape}): {times}{first}{each}{_beside(p.others_cpu)}{again}"


def _together(p: Latency) -> str:
    """Return what a batch brings, and what the measurement took: load time and memory."""
    rows = "batch" if p.batch_rows is None else f"batch of {p.batch_rows}"
    rate = f"{p.batch_prefill_tps:.0f} tokens/s in" + ("" if p.batch_tps is None else f", {p.batch_tps:.0f} out")
    load = "" if p.load_seconds is None else f"; load {p.load_seconds:.1f} s{_beside(p.load_others_cpu)}"
    memory = "" if p.mem_gb is None else f"; {p.mem_gb:.2f} GB"
    device = "" if p.device_mem_gb is None else f", {p.device_mem_gb:.2f} GB on the device"
    return f"{'':<7} {rows}: {rate}{_beside(p.batch_others_cpu)}{load}{memory}{device}"


def _beside(others: float | None) -> str:
    return "" if others is None else f", others' CPU {others:.0%}"


def _table(title: str) -> Table:
    return Table(title=escape(title), title_justify="left", title_style="bold", box=SIMPLE_HEAD, padding=0)


def _mark(verdict: CheckVerdict, undecided: str = "undecided") -> str:
    """Return a verdict in its colour; narrow tables show an undecided one as a question mark."""
    return f"[{_STYLE[verdict]}]{undecided if verdict == 'undecided' else verdict}[/]"


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print the tables after everything else (controller)."""
    results = config.stash.get(RESULTS, None)
    if results is None:
        return
    collector = config.stash[COLLECTOR]
    write: Callable[[str], None] = terminalreporter.write_line
    terminalreporter.section("guardbee")
    width = max(terminalreporter._tw.fullwidth, 120)  # noqa: SLF001 - pytest has no public way to its width
    terminalreporter.write(render(results, width=width, colour=terminalreporter.hasmarkup))
    for reason, nodeids in collector.blocked.items():
        write(f"\n{len(nodeids)} cases could not run: {reason}")
    if trouble := config.stash.get(REGISTRY_TROUBLE, None):
        write(f"\nNot entered into the registry: {trouble}")
    write(f"\nReport: {collector.run.folder}")

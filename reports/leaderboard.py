"""The leaderboard as a Markdown table, and the order in which every report lists variants."""

from __future__ import annotations

import re
from collections.abc import Sequence

from guardbee.evals.result import EvaluationResult
from guardbee.reports.figures import ABSENT, count, decimal, share, usd, visible

SIGNS = {"eligible": "✔", "observe": "◐", "reject": "✘", "incomplete": "…"}
"""A verdict is never told by a colour alone."""
_HEAD = ("Variant", "Verdict", "Score", "May serve", "Safety", "p95 ms", "tokens/s", "Memory GB", "In $/1k", "Out $/1k")
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#+!|~$&:@-])")


def ranked(results: Sequence[EvaluationResult]) -> list[EvaluationResult]:
    """Return the results by verdict, then score, then name: the best first."""
    order = list(SIGNS)
    return sorted(
        results,
        key=lambda result: (
            order.index(result.verdict),
            -1.0 if result.overall_score is None else -1.0 - result.overall_score,
            result.model_id,
        ),
    )


def render_leaderboard(results: Sequence[EvaluationResult]) -> str:
    """Return a Markdown table, one row a variant; an empty one says so."""
    if not results:
        return "No variant was evaluated.\n"
    lines = [_row(_HEAD), _row(["---"] * 2 + ["---:"] + ["---"] * 2 + ["---:"] * 5)]
    lines += [_row(_cells(result)) for result in ranked(results)]
    return "\n".join(lines) + "\n"


def may_serve(result: EvaluationResult) -> str:
    """Return the categories that a variant may serve, and the mitigation without which it may not; empty for none."""
    behind = f" (behind {result.mitigation.name})" if result.specialist_tags and result.mitigation else ""
    return ", ".join(result.specialist_tags) + behind


def _cells(result: EvaluationResult) -> list[str]:
    speed, cost = result.performance, result.cost
    return [
        _escaped(result.model_id),
        f"{SIGNS[result.verdict]} {result.verdict}",
        share(result.overall_score),
        _escaped(may_serve(result)) or ABSENT,
        result.safety.verdict,
        count(speed.latency_ms_p95),
        decimal(speed.tps),
        decimal(speed.mem_gb),
        usd(cost.input_per_1k),
        usd(cost.output_per_1k),
    ]


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _escaped(text: str) -> str:
    """Return text that means itself in a cell: no markup, no link, no line break."""
    return _SPECIAL.sub(r"\\\1", " ".join(visible(text).split()))

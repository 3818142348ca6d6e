from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from guardbee.reports.figures import ABSENT
from guardbee.reports.leaderboard import ranked, render_leaderboard
from tests.factories import evaluation_result, mitigation, performance


def test_the_best_come_first() -> None:
    """Sorted by verdict, then score, then name; a variant without a score is last of its verdict."""
    results = [
        evaluation_result(model_id="cut@x", verdict="incomplete", overall_score=0.99),
        evaluation_result(model_id="bad@x", verdict="reject", overall_score=0.99),
        evaluation_result(model_id="none@x", overall_score=None),
        evaluation_result(model_id="b@x", overall_score=0.5),
        evaluation_result(model_id="a@x", overall_score=0.5),
        evaluation_result(model_id="top@x", overall_score=0.6),
        evaluation_result(model_id="watch@x", verdict="observe"),
    ]
    assert [result.model_id[:-2] for result in ranked(results)] == ["top", "a", "b", "none", "watch", "bad", "cut"]


def test_a_row_a_variant() -> None:
    """The table as Markdown, whole."""
    absent = performance(latency_ms_p95=None, tps=None, mem_gb=None)
    assert render_leaderboard([evaluation_result(model_id="tiny@fp32", performance=absent)]) == (
        "| Variant | Verdict | Score | May serve | Safety | p95 ms | tokens/s | Memory GB | In $/1k | Out $/1k |\n"
        "| --- | --- | ---: | --- | --- | ---: | ---: | ---: | ---: | ---: |\n"
        "| tiny\\@fp32 | ✔ eligible | 0.900 | routing | pass "
        f"| {ABSENT} | {ABSENT} | {ABSENT} | $0.000010 | $0.00010 |\n"
    )


def test_no_result_says_so() -> None:
    """An empty table would look like a fault."""
    assert render_leaderboard([]) == "No variant was evaluated.\n"


@given(st.text())
def test_a_hostile_name_stays_in_its_cell(name: str) -> None:
    """Whatever a candidate is called, the table keeps its shape and gains no markup."""
    lines = render_leaderboard([evaluation_result(model_id=name)]).splitlines()
    assert len(lines) == 3
    assert lines[2].replace("\\\\", "").replace("\\|", "").count("|") == 11
    assert "<" not in lines[2].replace("\\<", "")


def test_a_mitigation_is_said_where_it_is_needed() -> None:
    """Beside what may be served behind it; a variant that serves nothing needs none."""
    assert "| routing \\(behind guarded\\) |" in render_leaderboard([evaluation_result(mitigation=mitigation())])
    nothing = evaluation_result(mitigation=mitigation(), verdict="observe", specialist_tags=())
    assert "behind" not in render_leaderboard([nothing])

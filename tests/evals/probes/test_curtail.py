from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from guardbee.conf.schema import SafetyGate
from guardbee.evals import verdict
from guardbee.evals.probes.curtail import FIRST, has_failed, steps
from tests.specimens.probing import safety_gate

GATE: SafetyGate = safety_gate("standard")


@given(
    outcomes=st.lists(st.booleans(), min_size=1, max_size=150),
    severity=st.sampled_from(["critical", "high", "medium", "low"]),
)
def test_stopping_never_changes_the_verdict(outcomes: list[bool], severity: str) -> None:
    """Where it stops, the full sample fails; where the full sample passes or is open, it never stops."""
    limit, planned = GATE.limits[severity], len(outcomes)
    full = verdict.breaches(sum(outcomes), planned, 0, GATE.confidence)
    decided, _ = verdict.safety(full, severity=severity, limit=limit, gate=GATE)
    asked = 0
    for step in steps(outcomes):
        asked += len(step)
        breached = sum(outcomes[:asked])
        if has_failed(breached, planned, severity=severity, limit=limit, confidence=GATE.confidence):
            early = verdict.breaches(breached, asked, 0, GATE.confidence)
            assert verdict.safety(early, severity=severity, limit=limit, gate=GATE)[0] == "fail"
            assert decided == "fail"
            return
    assert decided != "fail"


def test_every_prompt_is_in_exactly_one_step() -> None:
    """In order, none longer than the first."""
    parts = list(steps(range(FIRST * 2 + 3)))
    assert [item for part in parts for item in part] == list(range(FIRST * 2 + 3))
    assert [len(part) for part in parts] == [FIRST, FIRST, 3]

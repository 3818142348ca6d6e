from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from guardbee.conf.schema import SafetyGate
from guardbee.evals import safety_verdict
from guardbee.evals.probes.curtail import FIRST, has_failed, steps
from tests.specimens.gates import safety_gate

GATE: SafetyGate = safety_gate("standard")


@given(
    outcomes=st.lists(st.booleans(), min_size=1, max_size=150),
    severity=st.sampled_from(["critical", "high", "medium", "low"]),
)
def test_stopping_never_changes_the_verdict(outcomes: list[bool], severity: str) -> None:
    """Where it stops, the full sample fails; where the full sample passes or is open, it never stops."""
    limit, planned = GATE.limits[severity], len(outcomes)
    full = safety_verdict.breaches(sum(outcomes), planned, 0, GATE.confidence)
    decided, _ = safety_verdict.within_limit(full, severity=severity, limit=limit, gate=GATE)
    asked = 0
    for step in steps(outcomes):
        asked += len(step)
        breached = sum(outcomes[:asked])
        if has_failed(breached, planned, severity=severity, limit=limit, confidence=GATE.confidence):
            early = safety_verdict.breaches(breached, asked, 0, GATE.confidence)
            assert safety_verdict.within_limit(early, severity=severity, limit=limit, gate=GATE)[0] == "fail"
            assert decided == "fail"
            return
    assert decided != "fail"


@given(
    outcomes=st.lists(st.sampled_from(["breached", "resisted", "unassessed"]), min_size=1, max_size=150),
    severity=st.sampled_from(["critical", "high", "medium", "low"]),
)
def test_what_could_not_be_assessed_never_makes_it_stop_wrongly(outcomes: list[str], severity: str) -> None:
    """Where it stops, the full sample fails whatever share of it is unassessed; an open critical prompt goes on."""
    limit, planned = GATE.limits[severity], len(outcomes)
    breached, unassessed = outcomes.count("breached"), outcomes.count("unassessed")
    full = safety_verdict.breaches(breached, planned - unassessed, unassessed, GATE.confidence)
    decided, _ = safety_verdict.within_limit(full, severity=severity, limit=limit, gate=GATE)
    if has_failed(breached, planned, severity=severity, limit=limit, confidence=GATE.confidence):
        assert decided == "fail"
    elif severity == "critical" and unassessed:
        assert decided == "undecided"


def test_every_prompt_is_in_exactly_one_step() -> None:
    """In order, none longer than the first."""
    parts = list(steps(range(FIRST * 2 + 3)))
    assert [item for part in parts for item in part] == list(range(FIRST * 2 + 3))
    assert [len(part) for part in parts] == [FIRST, FIRST, 3]

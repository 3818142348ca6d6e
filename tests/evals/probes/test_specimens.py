"""The probes on candidates with one planted property: all found, nothing else, and the sound ones pass."""

from __future__ import annotations

import pytest

from tests.specimens.behaviours import CLEAN, PLANTED, Behaviour
from tests.specimens.probing import safety_gate, verdicts


@pytest.mark.parametrize("specimen", [*PLANTED, *CLEAN], ids=lambda specimen: specimen.name)
def test_what_is_planted_is_found_and_nothing_else(specimen: Behaviour) -> None:
    """A verdict of ``fail`` by exactly the probes that look for it; all others pass."""
    found = verdicts(specimen.answer, safety_gate("standard"))
    assert {name for name, verdict in found.items() if verdict == "fail"} == specimen.breaks
    assert {name for name, verdict in found.items() if verdict != "pass"} == specimen.breaks

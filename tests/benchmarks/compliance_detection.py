"""How many crafted bad candidates the compliance checks find, and how many clean ones they stop.

Run from the repository's root: ``python tests/benchmarks/compliance_detection.py``. Standard gate; nothing is loaded.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from guardbee.evals.case import COMPLIANCE_CHECKS
from guardbee.fixtures.compliance import check
from tests.specimens.artifacts import BAD, CLEAN
from tests.specimens.gates import compliance_gate


def main() -> None:
    """Print one line a check, then what was missed or stopped wrongly."""
    gate = compliance_gate("standard")
    planted, found, alarms, surprises = Counter[str](), Counter[str](), Counter[str](), []
    with tempfile.TemporaryDirectory() as base:
        for number, specimen in enumerate(BAD):
            finding = check(specimen.check, specimen.build(_fresh(base, f"bad{number}")), gate, specimen.declared)
            planted[specimen.check] += 1
            found[specimen.check] += finding.verdict != "pass"
            surprises += [f"missed: {specimen.name}"] if finding.verdict == "pass" else []
        for number, (name, build) in enumerate(CLEAN):
            candidate = build(_fresh(base, f"clean{number}"))
            for checked in COMPLIANCE_CHECKS:
                finding = check(checked, candidate, gate, None)
                alarms[checked] += finding.verdict != "pass"
                surprises += [f"false alarm: {name}: {finding.reason}"] if finding.verdict != "pass" else []
    lines = [f"{'check':<12} {'found':>9} {'false alarms':>14}"]
    for each in COMPLIANCE_CHECKS:
        lines += [f"{each:<12} {found[each]:>3} of {planted[each]:>2} {alarms[each]:>8} of {len(CLEAN):>2}"]
    sys.stdout.write("\n".join([*lines, *surprises, ""]))


def _fresh(base: str, name: str) -> Path:
    folder = Path(base) / name
    folder.mkdir()
    return folder


if __name__ == "__main__":
    main()

"""How many planted behaviours the safety probes find, and how many sound candidates they stop.

Run from the repository's root: ``python tests/benchmarks/safety_detection.py``. Standard gate; the candidates are
functions, nothing is loaded or downloaded.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.specimens.behaviours import CLEAN, PLANTED
from tests.specimens.probing import PROBES, safety_gate, verdicts


def main() -> None:
    """Print one line a probe, then what was missed or stopped wrongly."""
    gate = safety_gate("standard")
    planted, found, alarms, surprises = Counter[str](), Counter[str](), Counter[str](), []
    sound = Counter[str]()
    for specimen in (*PLANTED, *CLEAN):
        for probe, verdict in verdicts(specimen.answer, gate).items():
            stopped = verdict != "pass"
            if probe in specimen.breaks:
                planted[probe] += 1
                found[probe] += stopped
                surprises += [] if stopped else [f"missed: {probe}: {specimen.name}"]
            else:
                sound[probe] += 1
                alarms[probe] += stopped
                surprises += [f"false alarm: {probe}: {specimen.name}"] if stopped else []
    lines = [f"{'probe':<17} {'found':>9} {'false alarms':>14}"]
    for each in PROBES:
        lines += [f"{each:<17} {found[each]:>3} of {planted[each]:>2} {alarms[each]:>8} of {sound[each]:>2}"]
    total = f"{len(PLANTED)} planted behaviours, {len(CLEAN)} sound candidates"
    sys.stdout.write("\n".join([*lines, total, *surprises, ""]))


if __name__ == "__main__":
    main()

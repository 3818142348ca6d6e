"""How many planted faults the gate finds in real candidates, and how many sound candidates it stops.

Run from the repository's root: ``python -m tests.benchmarks.detection``. Every specimen is a candidate of its own in a
configuration folder, with licence, card and pinned files, and goes through ``pytest evals/`` as a user would start it:
fetched into a store, checked, loaded by the standard engine and asked the shipped probes under the standard gate. The
circuits of ``tests/specimens/models.py`` carry faults of behaviour, the files of ``artifacts.py`` and ``candidates.py``
those of compliance. A planted fault is found where the intended probe or check does not pass; a sound candidate is
stopped where anything does not. Exit code 1 if one was missed or stopped.

Specimens and probes were written by the same people, and a circuit's fault is total: this shows that nothing on the
way from a prompt to a verdict swallows a fault, not how rare a fault the probes can find (their bounds say that).
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from guardbee.evals.statistics import exact_lower, exact_upper
from tests.specimens.candidates import ACQUISITION, CLEAN_FILES, PLANTED_FILES, FileSpecimen, enter_circuit, probe_rows
from tests.specimens.chain import Run, Workplace
from tests.specimens.models import GUARDED, PLANTED, SOUND, ModelSpecimen

EVERY = "glob(*)"
RELATED: tuple[tuple[str, ...], ...] = (
    ("canary_leak",),
    ("other_users",),
    ("system_prompt",),
    ("canary_low_resource", "system_prompt_low_resource"),
    ("injected_content", "injected_summaries", "injected_calls", "forbidden_tools"),
    ("jailbreaks", "long_jailbreaks"),
    ("encoded_jailbreaks", "combined_jailbreaks", "mixed_language"),
    ("harmful_requests", "over_refusal", "toxic_continuations", "personal_data", "unsafe_contrasts"),
)
"""Probes of one run: planted circuits are asked those among which the intended one is, sound ones all there are."""
UNDER_MITIGATION = ("personal_data", "over_refusal")


class Row(NamedTuple):
    """A line of the table."""

    cells: tuple[str, str, str, str]
    """Name, what is planted, what stopped it, verdict."""
    is_planted: bool
    right: bool


def main() -> None:
    """Print the table and the two rates."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as base:
        rows = sorted(_rows(Workplace(Path(base))), key=lambda row: not row.is_planted)
    widths = [max(map(len, column)) for column in zip(*(row.cells for row in rows), strict=True)]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row.cells, widths, strict=True))
        sys.stdout.write("  ".join(cells).rstrip() + ("\n" if row.right else "   WRONG\n"))
    found = [row.right for row in rows if row.is_planted]
    stopped = [not row.right for row in rows if not row.is_planted]
    sys.stdout.write(f"\n{_rate('found', found)}\n{_rate('false alarms', stopped)}\n")
    sys.stdout.write(f"{time.monotonic() - began:.0f} s\n")
    sys.exit(not all(found) or any(stopped))


def _rows(workplace: Workplace) -> Iterator[Row]:
    for probes in RELATED:
        yield from _circuits(workplace, [it for it in PLANTED if _related(it) == probes], probes)
    yield from _circuits(workplace, GUARDED, UNDER_MITIGATION)
    yield from _circuits(workplace, SOUND, [EVERY])
    files = (*PLANTED_FILES, *CLEAN_FILES)
    for specimen in files:
        specimen.enter(workplace, specimen.name)
    yield from _judged(files, workplace.evaluate([it.name for it in files], []))


def _related(specimen: ModelSpecimen) -> tuple[str, ...]:
    return next(probes for probes in RELATED if specimen.found_by in probes)


def _circuits(workplace: Workplace, specimens: Sequence[ModelSpecimen], probes: Sequence[str]) -> Iterator[Row]:
    with probe_rows(workplace.store) as rows:
        for specimen in specimens:
            enter_circuit(workplace, specimen, rows)
    (mitigation,) = {specimen.mitigation for specimen in specimens}
    return _judged(specimens, workplace.evaluate([it.name for it in specimens], probes, f"mitigation={mitigation}"))


def _judged(specimens: Sequence[ModelSpecimen | FileSpecimen], run: Run) -> Iterator[Row]:
    if not run.results:
        sys.exit(run.output)
    for specimen in specimens:
        stopped, verdict = run.stopped_by(specimen.name), run.verdict(specimen.name)
        if run.never_fetched(specimen.name):
            stopped = {ACQUISITION: "refused"}
        if specimen.found_by:
            right = specimen.found_by in stopped
        else:
            right = not stopped and verdict in ("eligible", "observe")
        by = ", ".join(f"{name} ({said})" for name, said in stopped.items()) or "nothing"
        yield Row((specimen.name, specimen.planted, by, verdict), specimen.found_by is not None, right)


def _rate(what: str, hits: Sequence[bool]) -> str:
    low, high = (bound(sum(hits), len(hits), 0.975) for bound in (exact_lower, exact_upper))
    return f"{what}: {sum(hits)} of {len(hits)}, exact 95 % interval {low:.1%} to {high:.1%}"


if __name__ == "__main__":
    main()

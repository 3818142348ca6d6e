"""Does Guardbee score as lm-evaluation-harness does? The same weights, rows and prompts through both, in one process.

    python -m tests.benchmarks.parity [--samples 100] [--tasks mmlu tweet_sentiment …] [--form chat]

prints a line a task and prompt form: prompts and texts that differ, the largest difference of a log-likelihood, and
both scores. SmolLM2-135M at float32; the data comes out of the model store. The time it takes is mostly the harness's.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from tests.parity.candidate import Candidate, candidate
from tests.parity.compare import TOLERANCE, Compared, compare
from tests.parity.packaged import FORMS, asked
from tests.peer import Peer

TASKS = (
    *("mmlu", "mmlu:letters", "tweet_sentiment", "contract_clauses", "language_id", "tool_routing"),
    "clinical_notes",
)
COLUMNS = ("form", "task", "n", "prompts differ", "texts differ", "log-likelihood", "ours", "lm-eval", "")


def say(*cells: object) -> None:
    """Print a row of the table."""
    widths = (14, 18, 4, 14, 12, 14, 8, 8, 6)
    sys.stdout.write("  ".join(f"{cell!s:>{width}}" for cell, width in zip(cells, widths, strict=True)) + "\n")
    sys.stdout.flush()


def show(form: str, found: Compared) -> bool:
    """Print one comparison; return whether the two agree."""
    equal = (found.prompts_differ, found.texts_differ, found.ours) == (0, 0, found.theirs) and found.logprob < TOLERANCE
    figures = (found.prompts_differ, found.texts_differ, f"{found.logprob:.1e}", f"{found.ours:.4f}")
    say(form, found.task, found.n, *figures, f"{found.theirs:.4f}", "" if equal else "DIFFER")
    return equal


def run(opened: Candidate, forms: list[str], names: list[str], samples: int) -> bool:
    """Compare every task in every form, one at a time; return whether all agree."""
    peer, equal = Peer(opened.folder), True
    say(*COLUMNS)
    for form in forms:
        for name in names:
            task = asked(name, opened, form=form, limit=samples)
            with tempfile.TemporaryDirectory() as folder:
                found = compare([task], opened.runtime, peer, folder=Path(folder), limit=samples)
            equal &= show(form, found[0])
    return equal


def main() -> None:
    """Measure, print, and leave with 1 where anything differs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--samples", type=int, default=100)
    parser.add_argument("--tasks", nargs="+", default=list(TASKS))
    parser.add_argument("--form", nargs="+", choices=list(FORMS), default=list(FORMS))
    given = parser.parse_args()
    with candidate("smollm2-135m") as opened:
        sys.exit(0 if run(opened, given.form, given.tasks, given.samples) else 1)


if __name__ == "__main__":
    main()

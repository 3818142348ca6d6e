"""The default suite end to end through lm-evaluation-harness and Guardbee: same weights, rows and prompts, one process.

    python -m tests.benchmarks.harness_suite [N] [TASK ...]

takes N rows of each task that the harness can say (by the chat template), from rows to scores. The harness gets the
best of a few batch sizes, found on a part of the rows. What it has no metric for is scored by exact match in both. A
ratio is printed where prompts, texts and scores are equal and log-likelihoods are within rounding.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from guardbee.fixtures.machine import CpuMeter
from guardbee.plugins.grid import compose
from tests.parity.candidate import Candidate, candidate
from tests.parity.compare import Ours, ask, compared
from tests.parity.packaged import Asked, asked
from tests.peer import Peer, PeerRun, described

BATCH_SIZES = (8, 32)
TARGET = 4
NOT_SAID = ("function_calls", "quantities")
"""Answers in JSON: the harness's templates make lists and objects of them, and it stops."""


def say(line: str) -> None:
    """Print a line."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def ours(tasks: list[Asked], own: Candidate, rows: int) -> dict[str, tuple[Ours, float]]:
    """Return the answers and scores of each task, and its seconds."""
    found = {}
    for config, data, shots in tasks:
        start = time.perf_counter()
        answers = ask(config, data, own.runtime, limit=rows, shots=shots)
        found[config.name] = answers, time.perf_counter() - start
    return found


def theirs(tasks: list[Asked], peer: Peer, mine: dict[str, tuple[Ours, float]]) -> dict[str, tuple[PeerRun, float]]:
    """Return the same for the harness: its description of the tasks, its rows in their cache, its scores."""
    found = {}
    for config, _, shots in tasks:
        with tempfile.TemporaryDirectory() as folder:
            start = time.perf_counter()
            rows = [sample.row for sample in mine[config.name][0].samples]
            run = peer.run([described(config, rows, shots, Path(folder))], Path(folder), chat=True)
            found[config.name] = run[config.name], time.perf_counter() - start
    return found


def best_batch(tasks: list[Asked], own: Candidate, peer: Peer, rows: int) -> int:
    """Let the harness take its fastest batch size; say what was tried."""
    mine = ours(tasks, own, rows)
    seconds = {}
    for batch in BATCH_SIZES:
        peer.lm.batch_size_per_gpu = batch
        seconds[batch] = sum(it for _, it in theirs(tasks, peer, mine).values())
    best = min(seconds, key=lambda batch: seconds[batch])
    peer.lm.batch_size_per_gpu = best
    say(f"lm-eval, batch {best}; on {rows} rows: {', '.join(f'{b}: {s:.1f} s' for b, s in seconds.items())}")
    return best


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", type=int, nargs="?", default=8, help="of each task")
    parser.add_argument("--threads", type=int, help="of both; without it, all cores")
    parser.add_argument("tasks", nargs="*", help="without any, those of the default suite that it can say")
    given = parser.parse_args()
    with candidate("smollm2-135m", threads=given.threads) as own:
        start = time.perf_counter()
        peer = Peer(own.folder)
        say(f"load: Guardbee {own.runtime.load_seconds:.1f} s, lm-eval {time.perf_counter() - start:.1f} s")
        names = given.tasks or [name for name in compose([]).grid.task if name not in NOT_SAID]
        tasks = [asked(name, own, form="chat", limit=given.rows) for name in names]
        best_batch([asked(name, own, form="chat", limit=2) for name in names], own, peer, 2)
        with CpuMeter() as meter:
            mine = ours(tasks, own, given.rows)
            other = theirs(tasks, peer, mine)
        equal = True
        for config, _, _ in tasks:
            found = compared(config, mine[config.name][0], other[config.name][0])
            same = not found.prompts_differ and not found.texts_differ and found.ours == found.theirs
            equal = equal and same and found.rounding <= 1
            a, b = mine[config.name][1], other[config.name][1]
            how = f"equal, within {found.logprob:.0e}" if same else f"DIFFERENT: {found}"
            say(f"  {config.name:16} lm-eval {b:6.2f} s, Guardbee {a:6.2f} s, ratio {b / a:4.1f}  ({how})")
        a, b = (sum(it for _, it in found.values()) for found in (mine, other))
        ratio = f"ratio {b / a:.1f}, target {TARGET}" if equal else "NO RATIO: the answers differ"
        say(f"suite, {len(tasks)} tasks x {given.rows}: lm-eval {b:.1f} s, Guardbee {a:.1f} s: {ratio}")
        say(f"  others' CPU {meter.others:.0%}")


if __name__ == "__main__":
    main()

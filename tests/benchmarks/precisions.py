"""What quantized weights cost and give beside fp32: size, load time, rates, and whether the same options are chosen.

Run from the repository's root: ``python tests/benchmarks/precisions.py``; names of precisions may follow, the first is
what the others are held against. All in one run, on the embedded model and 50 samples of two tasks.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass

from guardbee.conf.schema import Config, Engine
from guardbee.evals.request import ChoiceRequest
from guardbee.evals.tasks import make_task
from guardbee.fixtures.acquire import Acquired, Acquirer
from guardbee.fixtures.data import load_rows
from guardbee.fixtures.machine import CpuMeter
from guardbee.fixtures.runtime import Opening, TransformersRuntime
from guardbee.fixtures.runtime.transformers import open_transformers
from guardbee.fixtures.store import Store
from guardbee.plugins.grid import compose

TASKS = ("mmlu", "tweet_sentiment")
SAMPLES = 25
PROMPT, NEW, ROUNDS = 128, 17, 2


@dataclass(frozen=True)
class Seen:
    """Of one precision: bytes on the disk, seconds, tokens a second by rows, and the log-likelihoods of options."""

    size: int
    load: float
    rates: dict[int, tuple[float, float]]
    logprobs: list[tuple[float, ...]]
    engine: str


def requests(plan: Config, acquirer: Acquirer) -> list[ChoiceRequest]:
    """Ask samples of the tasks."""
    asked: list[ChoiceRequest] = []
    for config in plan.grid.task.values():
        task = make_task(config)
        rows, _ = load_rows(config.data, acquirer.file, seed=plan.seed)
        samples = task.samples(rows, seed=plan.seed, limit=SAMPLES)
        asked += [request for request in task.requests(samples) if isinstance(request, ChoiceRequest)]
    return asked


def measure(runtime: TransformersRuntime, asked: Sequence[ChoiceRequest], size: int) -> Seen:
    """Load, answer and take times; the better of two rounds counts."""
    logprobs = [completion.logprobs for completion in runtime.choose(asked)]
    rates = {}
    for rows in (1, 16):
        prompts = [runtime.random_prompt(PROMPT, seed=row) for row in range(rows)]
        timings = [runtime.timed(prompts, NEW) for _ in range(ROUNDS)]
        prefill, decode = (min(part) for part in zip(*timings, strict=True))
        rates[rows] = (rows * PROMPT / prefill, rows * (NEW - 1) / decode)
    engine = type(runtime._opened().engine).__name__
    return Seen(size, runtime.load_seconds or 0.0, rates, logprobs, engine)


def see(name: str, plan: Config, acquired: Acquired, asked: Sequence[ChoiceRequest], store: Store) -> Seen:
    """Open the candidate at a precision and measure it."""
    sizes = [acquired.size_bytes]
    with ExitStack() as held:

        def prepare(recipe, build, estimated):  # type: ignore[no-untyped-def]  # derived.Prepare says it
            entry = store.variant(acquired.weights_sha256, recipe, build, estimated_bytes=estimated)
            sizes.append(held.enter_context(entry).size)
            return entry.folder

        runtime = open_transformers(
            Opening(
                acquired.name,
                acquired.folder,
                acquired.weights,
                acquired.weights_sha256,
                plan.grid.precision[name],
                Engine(),
                prepare,
            )
        )
        runtime.context  # noqa: B018 - builds what is missing and loads; the next load finds it in the store
        runtime.close()
        try:
            return measure(runtime, asked, sizes[-1])
        finally:
            runtime.close()


def say(name: str, seen: Seen, first: Seen) -> None:
    """Print one precision beside the first."""
    rates = ", ".join(f"{rows} rows {pre:.0f} / {dec:.0f}" for rows, (pre, dec) in seen.rates.items())
    pairs = list(zip(seen.logprobs, first.logprobs, strict=True))
    same = sum(a.index(max(a)) == b.index(max(b)) for a, b in pairs)
    apart = sum(abs(x - y) for a, b in pairs for x, y in zip(a, b, strict=True)) / sum(len(a) for a, _ in pairs)
    sys.stdout.write(
        f"{name}: {seen.size / 1e6:.0f} MB, loaded in {seen.load:.2f} s, tokens/s in / out: {rates}; same option as the"
        f" first {same} of {len(pairs)}, log-likelihoods {apart:.3f} apart on average; {seen.engine}\n"
    )
    sys.stdout.flush()


def main() -> None:
    """Measure and print; the least agreement or speed is nobody's error."""
    names = sys.argv[1:] or ["fp32", "int8", "nf4"]
    plan = compose(["model=smollm2-135m", f"precision={','.join(names)}", f"task={','.join(TASKS)}"])
    store = Store.open(plan.store.root, plan.store.quota)
    with Acquirer(store) as acquirer, CpuMeter() as meter:
        acquired = acquirer.model(plan.grid.model["smollm2-135m"])
        asked = requests(plan, acquirer)
        first: Seen | None = None
        for name in names:
            seen = see(name, plan, acquired, asked, store)
            first = first or seen
            say(name, seen, first)
    sys.stdout.write(f"others used {meter.others:.0%} of the processors meanwhile\n")


if __name__ == "__main__":
    main()

"""One GGUF candidate through llama.cpp (its own quantization) and through transformers (float32), in one run.

    python tests/benchmarks/backends.py [QUESTIONS] [MODEL]

Prints load time, choices a second (MMLU, four options), generation in batches, single requests, peak memory, and how
far the answers agree. Each backend is loaded, warmed up on another request, measured and closed before the other.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from guardbee.conf.schema import Engine, Precision
from guardbee.evals.request import ChoiceCompletion, ChoiceRequest, GenerateRequest, TextCompletion
from guardbee.evals.tasks import make_task
from guardbee.fixtures.acquire import Acquired, Acquirer
from guardbee.fixtures.data import load_rows
from guardbee.fixtures.machine import CpuMeter, forget_peak_memory, peak_memory_gb
from guardbee.fixtures.performance import percentile
from guardbee.fixtures.runtime import Opening, open_runtime
from guardbee.fixtures.store import Store
from guardbee.plugins.grid import compose

NEW_TOKENS = 48
ROUNDS = 8
PRECISIONS = (Precision("fp32", "float32"), Precision("gguf", quantization="gguf"))


@dataclass(frozen=True)
class Seen:
    """What one backend answered."""

    choices: list[ChoiceCompletion]
    texts: list[TextCompletion]


def say(line: str) -> None:
    """Print a line of the report at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


@contextmanager
def opened(acquired: Acquired, store: Store, precision: Precision) -> Iterator[Any]:
    """Give a runtime, its derived weights kept in the store."""
    with ExitStack() as held:

        def prepare(recipe: str, build: Callable[[Path], None], size: int) -> Path:
            return held.enter_context(
                store.variant(acquired.weights_sha256, recipe, build, estimated_bytes=size)
            ).folder

        files = (acquired.folder, acquired.weights, acquired.weights_sha256)
        runtime = open_runtime(Opening(acquired.name, *files, precision, Engine(), prepare))
        try:
            yield runtime
        finally:
            runtime.close()


def measure(runtime: Any, choices: Sequence[ChoiceRequest], texts: Sequence[GenerateRequest]) -> Seen:
    """Print the figures of one backend; return its answers."""
    runtime.choose([ChoiceRequest("warm-up", "Two and two are", (" four", " five"))])
    forget_peak_memory()
    with CpuMeter() as meter:
        start = time.perf_counter()
        chosen = runtime.choose(choices)
        choosing = time.perf_counter() - start
        start = time.perf_counter()
        written = runtime.generate(texts)
        writing = time.perf_counter() - start
        options = [runtime.timed([runtime.random_prompt(128, seed=i)], 1) for i in range(ROUNDS)]
        answers = [runtime.timed([runtime.random_prompt(128, seed=i)], 32) for i in range(ROUNDS)]
    new = sum(it.completion_tokens for it in written)
    first = percentile([it.prefill_seconds for it in options], 50) * 1000
    whole = percentile([sum(it) for it in answers], 50) * 1000
    identity = runtime.identity
    say(f"{identity.precision}: {identity.engine} {identity.engine_version}")
    say(f"  loaded in {runtime.load_seconds:.2f} s (weights converted before, where they are)")
    say(f"  choices: {len(choices) / choosing:.2f} a second; generation of {len(texts)}: {new / writing:.0f} tokens/s")
    say(f"  one request: 128 in, 1 out {first:.0f} ms; 128 in, 32 out {whole:.0f} ms (medians of {ROUNDS})")
    say(f"  peak memory of the process {peak_memory_gb():.2f} GB; others used {meter.others:.0%} of the processors")
    return Seen(chosen, written)


def compare(one: Seen, other: Seen) -> None:
    """Print how far the answers agree."""
    pairs = [(a.logprobs, b.logprobs) for a, b in zip(one.choices, other.choices, strict=True)]
    same = sum(a.index(max(a)) == b.index(max(b)) for a, b in pairs)
    most = max(abs(p - q) for a, b in pairs for p, q in zip(a, b, strict=True))
    spread = percentile([abs(p - q) for a, b in pairs for p, q in zip(a, b, strict=True)], 50)
    prompts = sum(a.prompt_sha256 == b.prompt_sha256 for a, b in zip(one.choices, other.choices, strict=True))
    counts = sum(a.prompt_tokens == b.prompt_tokens for a, b in zip(one.choices, other.choices, strict=True))
    texts = sum(a.text == b.text for a, b in zip(one.texts, other.texts, strict=True))
    say(f"equal: prompts {prompts}/{len(pairs)}, their tokens {counts}/{len(pairs)}, best options {same}/{len(pairs)}")
    say(f"log-likelihoods differ by {spread:.3f} (median) and {most:.3f} at most; texts equal {texts}/{len(one.texts)}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("questions", type=int, nargs="?", default=100)
    parser.add_argument("model", nargs="?", default="smollm2-135m")
    given = parser.parse_args()
    config = compose([f"model={given.model}", "task=mmlu"])
    store = Store.open(config.store.root, config.store.quota)
    with Acquirer(store) as acquirer:
        task = make_task(config.grid.task["mmlu"])
        rows, _ = load_rows(config.grid.task["mmlu"].data, acquirer.file, seed=0)
        choices: Any = task.requests(task.samples(rows, seed=0, limit=given.questions))
        texts = [GenerateRequest(it.sample_id, it.prompt, NEW_TOKENS) for it in choices[: max(8, given.questions // 4)]]
        acquired = acquirer.model(config.grid.model[given.model])
        seen: list[Seen] = []
        for precision in PRECISIONS:
            with opened(acquired, store, precision) as runtime:
                seen.append(measure(runtime, choices, texts))
        compare(*seen)


if __name__ == "__main__":
    main()

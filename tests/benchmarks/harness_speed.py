"""How fast the transformers runtime is beside lm-evaluation-harness: same weights, same requests, one process.

    python -m tests.benchmarks.harness_speed FOLDER [fewshot] [zeroshot] [generate] [limits] [--n N]

FOLDER holds config, tokenizer and ``model.safetensors``. Requests are built once out of the default suite's data and
given to both as raw text; the harness (``HFLM``, device cpu, as many threads) answers all of them with each of a few
batch sizes, and its best time counts (a size that was best on a part was the worst on the whole). A ratio is printed
where the answers agree: log-likelihoods to 1e-3 and equal best options, texts equal. ``limits`` compares with the
machine: a matrix product's peak, and a bare forward step, which is transformers' own on weights that nobody packed and
with its own kernels, loaded a second time. The default suite as a whole, end to end, is in
``harness_suite.py``.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import logging
import os
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from guardbee.conf.schema import Engine, Precision
from guardbee.evals.request import GenerateRequest
from guardbee.fixtures.acquire import Acquirer
from guardbee.fixtures.data import load_rows
from guardbee.fixtures.machine import CpuMeter
from guardbee.fixtures.runtime import Opening, TransformersRuntime, beginnings, packed
from guardbee.fixtures.runtime.encoding import Encoder
from guardbee.fixtures.runtime.transformers import open_transformers
from guardbee.fixtures.store import Store
from guardbee.plugins.grid import compose
from tests.benchmarks.harness_requests import Asked, questions, texts, worked

BATCH_SIZES = (4, 16, 64)
WARM_UP = 8
"""Every eighth request is answered once before the time is taken."""
TOLERANCE = 1e-3


@dataclass
class Phases:
    """Seconds by phase; what is left of the whole is Python, scores and stop strings."""

    seconds: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))

    @contextlib.contextmanager
    def watching(self, *places: tuple[Any, str, str]) -> Iterator[None]:
        """Add the time inside a function (owner, name, phase) to its phase."""
        with contextlib.ExitStack() as stack:
            for owner, name, phase in places:
                original = getattr(owner, name)
                setattr(owner, name, self._timed(original, phase))
                stack.callback(setattr, owner, name, original)
            yield

    def _timed(self, function: Callable[..., Any], phase: str) -> Callable[..., Any]:
        def call(*args: Any, **named: Any) -> Any:
            start = time.perf_counter()
            try:
                return function(*args, **named)
            finally:
                self.seconds[phase] += time.perf_counter() - start

        return call

    def told(self, whole: float) -> str:
        """Return the phases in words."""
        rest = whole - sum(self.seconds.values())
        return ", ".join(f"{name} {seconds:.2f}" for name, seconds in [*self.seconds.items(), ("score and rest", rest)])


def say(line: str) -> None:
    """Print a line."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


class Harness:
    """lm-evaluation-harness on the same folder."""

    def __init__(self, folder: Path) -> None:
        from lm_eval.models.huggingface import HFLM

        start = time.perf_counter()
        self.lm = HFLM(pretrained=str(folder), device="cpu", dtype="float32", batch_size=1)
        self.load_seconds = time.perf_counter() - start

    def answer(self, asked: Asked, batch: int) -> tuple[list[tuple[float, ...]], list[str]]:
        """Return log-likelihoods and texts, by batches of so many rows."""
        from lm_eval.api.instance import Instance

        self.lm.batch_size_per_gpu = batch
        pairs = [(str(it.prompt), option) for it in asked.choices for option in it.options]
        scored = iter(
            self.lm.loglikelihood(
                [Instance("loglikelihood", {}, pair, i) for i, pair in enumerate(pairs)], disable_tqdm=True
            )
            if pairs
            else []
        )
        logprobs = [tuple(next(scored)[0] for _ in it.options) for it in asked.choices]
        made = [
            Instance("generate_until", {}, (str(it.prompt), _generation(it)), i) for i, it in enumerate(asked.texts)
        ]
        return logprobs, self.lm.generate_until(made, disable_tqdm=True) if made else []


def _generation(request: GenerateRequest) -> dict[str, Any]:
    return {"until": list(request.stop), "max_gen_toks": request.max_tokens, "do_sample": False}


def ours(runtime: TransformersRuntime, asked: Asked) -> tuple[list[tuple[float, ...]], list[str]]:
    """Return log-likelihoods and texts."""
    logprobs = [it.logprobs for it in runtime.choose(asked.choices)] if asked.choices else []
    return logprobs, [it.text for it in runtime.generate(asked.texts)] if asked.texts else []


def agreement(mine: tuple[Any, Any], theirs: tuple[Any, Any]) -> tuple[bool, str]:
    """Return whether the answers are the same, and in words how near."""
    pairs = list(zip(mine[0], theirs[0], strict=True))
    apart = max((abs(a - b) for x, y in pairs for a, b in zip(x, y, strict=True)), default=0.0)
    same = sum(x.index(max(x)) == y.index(max(y)) for x, y in pairs)
    equal = sum(a == b for a, b in zip(mine[1], theirs[1], strict=True))
    right = apart <= TOLERANCE and same == len(pairs) and equal == len(mine[1])
    told = f"best options {same} of {len(pairs)}, log-likelihoods within {apart:.1e}, texts {equal} of {len(mine[1])}"
    return right, told


@dataclass(frozen=True)
class HarnessRun:
    """All requests through the harness, once."""

    batch: int
    wall: float
    processor: float
    """Seconds, both."""
    phases: Phases
    answers: tuple[list[tuple[float, ...]], list[str]]


def timed(harness: Harness, asked: Asked, batch: int) -> HarnessRun:
    """Take the time of the harness with one batch size."""
    phases = Phases()
    start, cpu = time.perf_counter(), time.process_time()
    with phases.watching(
        (harness.lm, "tok_encode", "tokenise"),
        (harness.lm, "tok_batch_encode", "tokenise"),
        (harness.lm, "_model_call", "forward"),
        (harness.lm, "_model_generate", "generate"),
    ):
        answers = harness.answer(asked, batch)
    return HarnessRun(batch, time.perf_counter() - start, time.process_time() - cpu, phases, answers)


def compare(runtime: TransformersRuntime, harness: Harness, *, name: str, asked: Asked, target: float) -> None:
    """Print both times, our phases, how the answers agree, and the ratio where they do."""
    mine = Phases()
    ours(runtime, asked.part(WARM_UP))
    with CpuMeter() as meter:
        start, cpu = time.perf_counter(), time.process_time()
        with mine.watching(
            (Encoder, "choice", "tokenise"),
            (Encoder, "text", "tokenise"),
            (packed, "forward_rows", "prefill"),
            (beginnings, "extend", "prefill"),
            (packed.PackedEngine, "_step", "decode"),
        ):
            answers = ours(runtime, asked)
        own, own_cpu = time.perf_counter() - start, time.process_time() - cpu
        runs = [timed(harness, asked, batch) for batch in BATCH_SIZES]
    theirs = min(runs, key=lambda run: run.wall)
    right, told = agreement(answers, theirs.answers)
    say(f"{name}: {len(asked.choices)} choices, {len(asked.texts)} texts; others' CPU {meter.others:.0%}")
    tried = ", ".join(f"{run.batch}: {run.wall:.1f} s" for run in runs)
    say(f"  lm-eval, batch {theirs.batch} (of {tried}): {theirs.phases.told(theirs.wall)}")
    say(f"  Guardbee: {own:.2f} s: {mine.told(own)}")
    say(f"  agree: {told}")
    ratio = f"ratio {theirs.wall / own:.1f}, target {target}; of processor time {theirs.processor / own_cpu:.1f}"
    say(f"  {ratio}" if right else "  NO RATIO: the answers differ")


def limits(runtime: TransformersRuntime, folder: Path) -> None:
    """Print which share of the machine's peak the prefill has, and of a bare forward step's rate the decoding."""
    import torch
    from transformers import AutoModelForCausalLM, DynamicCache

    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
    head = model.get_input_embeddings().weight.numel()
    body = sum(it.numel() for it in model.parameters()) - head
    with torch.inference_mode(), CpuMeter() as meter:
        a = torch.randn(2048, 2048)
        peak = 2 * 2048**3 / _least(lambda: torch.mm(a, a), 10)
        prompts = [runtime.random_prompt(128, seed=seed) for seed in range(64)]
        prefill = min(runtime.timed(prompts, 1).prefill_seconds for _ in range(3))
        flops = 2 * (body * 128 * 64 + head * 64) / prefill
        say(f"prefill, 64 x 128: {64 * 128 / prefill:.0f} tokens/s, {flops / 1e9:.0f} GFLOP/s")
        say(f"  of a matrix product's {peak / 1e9:.0f} ({flops / peak:.0%})")
        for rows in (1, 8, 64):
            decode = min(runtime.timed(prompts[:rows], 17).decode_seconds for _ in range(2)) / 16
            cache, ids = DynamicCache(), torch.tensor(prompts[:rows])
            model(input_ids=ids, past_key_values=cache, use_cache=True, logits_to_keep=1)
            one = ids[:, :1]

            def step(cache: Any = cache, one: Any = one) -> None:
                model(input_ids=one, past_key_values=cache, use_cache=True)
                cache.crop(-1)

            bare = _least(step, 8)
            rates = f"{rows / decode:.0f} tokens/s, a bare forward step {rows / bare:.0f} ({bare / decode:.0%})"
            say(f"decode, {rows} rows: {rates}")
    say(f"  others' CPU {meter.others:.0%}")


def _least(call: Callable[[], object], rounds: int) -> float:
    least = float("inf")
    for _ in range(rounds):
        start = time.perf_counter()
        call()
        least = min(least, time.perf_counter() - start)
    return least


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    names = ("fewshot", "zeroshot", "generate", "limits")
    parser.add_argument("scenarios", nargs="*", help=f"of {', '.join(names)}; without any, all")
    parser.add_argument(
        "--n", type=int, default=24, help="questions; without examples four times as many, and twice as many texts"
    )
    parser.add_argument("--threads", type=int, help="of both; without it, all cores")
    given = parser.parse_args()
    wanted = given.scenarios or names
    importlib.import_module("lm_eval.models.huggingface")  # both load with everything imported
    opening = Opening(
        "", given.folder, ("model.safetensors",), "0" * 64, Precision("fp32", "float32"), Engine(threads=given.threads)
    )
    runtime = open_transformers(opening)
    tokenizer = runtime._opened().tokenizer
    say(f"{runtime.threads} threads; load: Guardbee {runtime.load_seconds:.1f} s")
    if "limits" in wanted:
        limits(runtime, given.folder)
    if set(wanted) == {"limits"}:
        return
    os.environ["HF_HUB_OFFLINE"] = "1"
    logging.disable(logging.WARNING)
    plan = compose([])
    with Acquirer(Store.open(None, "1TB")) as acquirer:
        rows = {name: load_rows(task.data, acquirer.file, seed=0)[0] for name, task in plan.grid.task.items()}
    harness = Harness(given.folder)
    say(f"load: lm-eval {harness.load_seconds:.1f} s")
    if "fewshot" in wanted:
        asked = Asked(questions(rows["mmlu"], given.n, worked(rows["mmlu"], tokenizer)), [])
        compare(runtime, harness, name="few-shot choice", asked=asked, target=10)
    if "zeroshot" in wanted:
        asked = Asked(questions(rows["mmlu"], 4 * given.n), [])
        compare(runtime, harness, name="choice", asked=asked, target=2.5)
    if "generate" in wanted:
        asked = Asked([], texts(rows, 2 * given.n))
        compare(runtime, harness, name="generate", asked=asked, target=3)


if __name__ == "__main__":
    main()

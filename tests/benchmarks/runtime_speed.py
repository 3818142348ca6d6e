"""How fast the transformers runtime is beside ``model.generate`` and one pass for each option, in one run.

    python tests/benchmarks/runtime_speed.py FOLDER WEIGHT-FILE [PROMPTS]

prints tokens per second and ratios. The prompts are of different lengths and begin alike, as a task's do.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from guardbee.conf.schema import Engine, Precision
from guardbee.evals.request import ChoiceRequest, GenerateRequest
from guardbee.fixtures.performance import CpuMeter
from guardbee.fixtures.runtime import TransformersRuntime, open_runtime

WORDS = (
    *("the", "bee", "hive", "guard", "flower", "garden", "morning", "honey"),
    *("small", "model", "answers", "question", "about", "weather", "city", "river"),
)
NEW_TOKENS = 32
ROUNDS = 3
ROWS = 64
OPTIONS = tuple(f" {word} {other}" for word in WORDS[:4] for other in WORDS[4:8])


def say(line: str) -> None:
    """Print a line."""
    sys.stdout.write(line + "\n")


def prompts(count: int) -> list[str]:
    """Return texts of 40 to 160 words, the first 20 of them the same."""
    draw = random.Random(0)  # noqa: S311 - no secret
    start = " ".join(WORDS[:10] * 2)
    return [f"{start} {' '.join(draw.choices(WORDS, k=draw.randint(20, 140)))} and then" for _ in range(count)]


def least_seconds(*calls: Callable[[], object]) -> list[float]:
    """Return the least time of each call, taken in turns: what others do to the machine must not decide a ratio."""
    least = [float("inf")] * len(calls)
    for _ in range(ROUNDS):
        for index, call in enumerate(calls):
            start = time.perf_counter()
            call()
            least[index] = min(least[index], time.perf_counter() - start)
    return least


def generate_with_transformers(runtime: TransformersRuntime, texts: list[str]) -> int:
    """Generate as lm-evaluation-harness does: one left-padded batch through ``model.generate``; return new tokens."""
    run = runtime._opened()
    run.tokenizer.padding_side = "left"
    run.tokenizer.pad_token = run.tokenizer.pad_token or run.tokenizer.eos_token
    total = 0
    for start in range(0, len(texts), ROWS):
        batch: Any = run.tokenizer(texts[start : start + ROWS], return_tensors="pt", padding=True)
        output = run.network.model.generate(
            **batch, do_sample=False, pad_token_id=0, max_new_tokens=NEW_TOKENS, min_new_tokens=NEW_TOKENS
        )
        total += int((output.shape[1] - batch["input_ids"].shape[1]) * output.shape[0])
    return total


def choose_with_transformers(runtime: TransformersRuntime, texts: list[str]) -> None:
    """Score as lm-evaluation-harness does: a row for each option, all scores of all positions normalised."""
    import torch

    run = runtime._opened()
    rows = sorted((run.tokenizer(text + option)["input_ids"] for text in texts for option in OPTIONS), key=len)
    with torch.inference_mode():
        for start in range(0, len(rows), 16):
            batch = rows[start : start + 16]
            width = max(map(len, batch))
            ids = torch.tensor([row + [0] * (width - len(row)) for row in batch])
            run.network.model(input_ids=ids, use_cache=False).logits.log_softmax(dim=-1)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("weights")
    parser.add_argument("prompts", type=int, nargs="?", default=64)
    given = parser.parse_args()
    runtime = open_runtime(
        given.folder, [given.weights], "0" * 64, precision=Precision("fp32", "float32"), engine=Engine(batch_rows=ROWS)
    )
    texts = prompts(given.prompts)
    runtime.choose([ChoiceRequest("warm-up", texts[0], OPTIONS)])
    say(f"loaded in {runtime.load_seconds:.1f} s; {runtime.threads} threads, {len(texts)} prompts")

    with CpuMeter() as meter:
        compare_generate(runtime, texts)
        compare_choose(runtime, texts[: max(4, len(texts) // 8)])
        for rows in (1, ROWS):
            shapes = [[runtime.random_prompt(128, seed=row) for row in range(rows)] for _ in range(ROUNDS)]
            timings = [runtime.timed(prompts, 32) for prompts in shapes]
            prefill, decode = (min(part) for part in zip(*timings, strict=True))
            rates = f"prefill {rows * 128 / prefill:.0f} tokens/s, decode {rows * 31 / decode:.0f} tokens/s"
            say(f"{rows:3} rows of 128 + 32: {rates}")
    say(f"others used {meter.others:.0%} of the processors meanwhile")


def compare_generate(runtime: TransformersRuntime, texts: list[str]) -> None:
    """Print new tokens per second, prompts included, of both ways."""
    requests = [GenerateRequest(str(i), text, NEW_TOKENS) for i, text in enumerate(texts)]
    made: list[int] = []

    def ours() -> None:
        made.append(sum(it.completion_tokens for it in runtime.generate(requests)))

    def theirs() -> None:
        made.append(generate_with_transformers(runtime, texts))

    a, b = least_seconds(ours, theirs)
    own, other = made[0] / a, made[1] / b
    say(f"generate: {own:.0f} new tokens/s, model.generate {other:.0f}, ratio {own / other:.2f} (prompts included)")


def compare_choose(runtime: TransformersRuntime, texts: list[str]) -> None:
    """Print options per second of both ways."""
    requests = [ChoiceRequest(str(i), text, OPTIONS) for i, text in enumerate(texts)]
    times = least_seconds(lambda: runtime.choose(requests), lambda: choose_with_transformers(runtime, texts))
    a, b = (len(texts) * len(OPTIONS) / it for it in times)
    say(f"choose:   {a:.0f} options/s, one row an option {b:.1f}, ratio {a / b:.1f} ({len(OPTIONS)} options)")


if __name__ == "__main__":
    main()

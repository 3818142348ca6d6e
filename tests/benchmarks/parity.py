"""Does Guardbee score as lm-evaluation-harness does? The same weights, rows and prompts through both, in one process.

    python -m tests.benchmarks.parity [--samples 100] [--tasks mmlu tweet_sentiment …] [--form chat] [--rounding]

prints a line a task and prompt form: prompts and texts that differ, the largest difference of a log-likelihood, the
longest option's tokens (see ``tests/parity/compare.py`` for what is allowed), and both scores. SmolLM2-135M at float32;
the data comes out of the model store. The time it takes is mostly the harness's.

``--rounding`` asks MMLU's own texts as options instead, and prints how far each tool is from the same network computed
in float64: by that, a difference between the two is the rounding of both.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from guardbee.evals.request import ChoiceRequest
from guardbee.evals.tasks import make_task
from tests.parity.candidate import Candidate, candidate
from tests.parity.compare import Compared, allowed, ask, compare
from tests.parity.packaged import FORMS, asked
from tests.peer import Peer, described

TASKS = (
    *("mmlu", "mmlu:letters", "mmlu:texts", "tweet_sentiment", "contract_clauses", "language_id", "tool_routing"),
    "clinical_notes",
)
COLUMNS = ("form", "task", "n", "prompts differ", "texts differ", "log-likelihood", "longest", "ours", "lm-eval", "")


def say(*cells: object) -> None:
    """Print a row of the table."""
    widths = (14, 18, 4, 14, 12, 14, 7, 7, 7, 6)
    sys.stdout.write("  ".join(f"{cell!s:>{width}}" for cell, width in zip(cells, widths, strict=True)) + "\n")
    sys.stdout.flush()


def show(form: str, found: Compared) -> bool:
    """Print one comparison; return whether the two agree."""
    equal = (found.prompts_differ, found.texts_differ, found.ours) == (0, 0, found.theirs) and found.rounding <= 1
    figures = (found.prompts_differ, found.texts_differ, f"{found.logprob:.1e}", found.longest, f"{found.ours:.4f}")
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


def rounding(opened: Candidate, samples: int) -> None:
    """Print how far both tools are from float64 on the same options, by the options' tokens."""
    config, rows, shots = asked("mmlu:texts", opened, form="raw", limit=samples)
    ours = ask(config, rows, opened.runtime, limit=samples, shots=shots)
    exact = _in_float64(opened, make_task(config).requests(ours.samples))
    with tempfile.TemporaryDirectory() as folder:
        told = described(config, [sample.row for sample in ours.samples], shots, Path(folder))
        theirs = Peer(opened.folder).run([told], Path(folder), chat=False)[config.name].answers
    found = {"Guardbee": [it.logprobs for it in ours.completions], "lm-eval": [it.logprobs for it in theirs]}
    lengths = [tokens for each in ours.lengths for tokens in each]
    for name, values in found.items():
        flat = [value for each in values for value in each]
        apart = [(abs(a - b), tokens) for a, b, tokens in zip(flat, exact, lengths, strict=True)]
        for low, high in ((1, 5), (6, 15), (16, 999)):
            those = [difference for difference, tokens in apart if low <= tokens <= high]
            if those:
                mean = sum(those) / len(those)
                most = f"{max(those):.1e} at most, {mean:.1e} on average"
                sys.stdout.write(f"{name:>8}: {len(those):3} options of {low} to {high} tokens: {most}\n")
        worst = max(difference / allowed(tokens) for difference, tokens in apart)
        sys.stdout.write(f"{name:>8}: {worst:.0%} of what two tools may differ by\n")


def _in_float64(opened: Candidate, requests: Sequence[Any]) -> list[float]:
    """Return the log-likelihood of every option, one pass for each, every number in float64."""
    import torch
    from transformers import AutoModelForCausalLM

    model = AutoModelForCausalLM.from_pretrained(opened.folder, dtype=torch.float64).eval()
    encoder, found = opened.runtime._opened().encoder, list[float]()
    with torch.inference_mode():
        for request in requests:
            assert isinstance(request, ChoiceRequest)
            job = encoder.choice(0, request)
            for option in job.options:
                ids = torch.tensor([[*job.rendered.prompt, *option[:-1]]])
                scores = model(ids, use_cache=False).logits[0, len(job.rendered.prompt) - 1 :].log_softmax(dim=-1)
                found.append(float(scores[range(len(option)), torch.tensor(option)].sum()))
    return found


def main() -> None:
    """Measure, print, and leave with 1 where anything differs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--samples", type=int, default=100)
    parser.add_argument("--tasks", nargs="+", default=list(TASKS))
    parser.add_argument("--form", nargs="+", choices=list(FORMS), default=list(FORMS))
    parser.add_argument("--rounding", action="store_true")
    given = parser.parse_args()
    with candidate("smollm2-135m") as opened:
        if given.rounding:
            rounding(opened, given.samples)
            return
        sys.exit(0 if run(opened, given.form, given.tasks, given.samples) else 1)


if __name__ == "__main__":
    main()

"""How often does the gate let in a variant that is not good enough? Simulated, through the real path of a case.

Run from the repository's root: ``python -m tests.benchmarks.false_verdicts [--runs 1000] [--only TEXT]``.

Candidates with known true scores at and near their targets are asked, scored, folded and decided by the code that does
so in a run (``assess``, ``verdict.decide``); only the answers are drawn. Everything but quality passes. "Wrongly
eligible": eligible with at least one task whose true score is below its target, or just at it, the worst case. Ends
with 1 where that share is above 5 % by more than chance, for ``gate.stop=never`` or ``early``. Bootstrapped scenarios
of many tasks take fewer runs.
"""

from __future__ import annotations

import argparse
import math
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from guardbee.conf.schema import Baseline, CostGate, Gate, Hardware, PerformanceGate, QualityGate, SafetyGate, Task
from guardbee.evals.assess import Standard, ask_until_certain, looks, task_score
from guardbee.evals.case import Case
from guardbee.evals.request import Completion, GenerateRequest, Request, TextCompletion
from guardbee.evals.result import CaseReport, EvaluationResult
from guardbee.evals.sample import Sample
from guardbee.evals.score import Score, scored
from guardbee.evals.verdict import Terms, decide
from tests import factories

VARIANT = "simulated@fp32"
TARGET = 0.75
SLACK = 1e-9
"""A true score this close below its target is at it: passing is then as wrong as it is likely."""
Shape = Callable[[np.random.Generator, float, int], np.ndarray]


def coins(rng: np.random.Generator, mean: float, n: int) -> np.ndarray:
    """Draw right-or-wrong scores."""
    return (rng.random(n) < mean).astype(float)


def graded(rng: np.random.Generator, mean: float, n: int) -> np.ndarray:
    """Draw graded scores, most of them near the ends as F1 is."""
    return rng.beta(mean, 1 - mean, n)


def in_fives(rng: np.random.Generator, mean: float, n: int) -> np.ndarray:
    """Draw right-or-wrong scores in clusters of five with an intra-class correlation of .4."""
    rates = rng.beta(mean * 1.5, (1 - mean) * 1.5, -(-n // 5))
    return (rng.random(n) < np.repeat(rates, 5)[:n]).astype(float)


@dataclass(frozen=True)
class Scenario:
    """A kind of candidate: its true score on each task."""

    name: str
    means: tuple[float, ...]
    n: int = 100
    shape: Shape = coins


AT = TARGET
SCENARIOS = (
    Scenario("1 task at its target", (AT,)),
    Scenario("1 task at its target, n = 300", (AT,), n=300),
    Scenario("1 task at its target, n = 30", (AT,), n=30),
    Scenario("1 task two points below", (AT - 0.02,)),
    Scenario("8 tasks at their targets", (AT,) * 8),
    Scenario("8 tasks, half of them good", (AT,) * 4 + (AT + 0.18,) * 4),
    Scenario("8 tasks, one at its target", (AT,) + (AT - 0.3,) * 7),
    Scenario("24 tasks at their targets", (AT,) * 24),
    Scenario("1 graded task at its target", (AT,), shape=graded),
    Scenario("8 graded tasks at their targets", (AT,) * 8, shape=graded),
    Scenario("1 task in clusters at its target", (AT,), shape=in_fives),
    Scenario("8 tasks in clusters at their targets", (AT,) * 8, shape=in_fives),
    Scenario("right: 1 task fifteen points above", (AT + 0.15,)),
    Scenario("right: 8 tasks fifteen points above", (AT + 0.15,) * 8),
)


@dataclass(frozen=True)
class Drawn:
    """A task whose answers are drawn beforehand; the text of an answer is its score."""

    config: Task
    values: np.ndarray
    scorer: str = "drawn/1"
    template_sha256: str = "t"
    repeats: int = 1
    corpus: None = None

    def samples(self, *, clustered: bool) -> list[Sample]:
        """Return the samples, in clusters of five where asked for."""
        return [Sample(str(i), {}, f"c{i // 5}" if clustered else str(i)) for i in range(len(self.values))]

    def requests(self, samples: Sequence[Sample], repeat: int = 0) -> list[Request]:
        """See ``Task``."""
        return [GenerateRequest(sample.id, f"{repeat}", 1) for sample in samples]

    def answer(self, requests: Sequence[Request]) -> list[Completion]:
        """Answer as drawn."""
        return [
            TextCompletion(request.sample_id, str(self.values[int(request.sample_id)]), "stop", 10, 1, "p")
            for request in requests
        ]

    def score(self, sample: Sample, completion: Completion) -> Score:  # noqa: ARG002 - as in ``Task``
        """See ``Task``."""
        assert isinstance(completion, TextCompletion)
        return scored(float(completion.text), completion.text)

    def fold(self, sample: Sample, scores: Sequence[Score]) -> Score:  # noqa: ARG002 - as in ``Task``
        """See ``Task``."""
        return scores[0]

    def reference(self, sample: Sample) -> str:
        """See ``Task``."""
        return sample.id


def gate(stop: str) -> Gate:
    """Return a gate that only quality can fail."""
    return Gate(
        name="simulated",
        stop=stop,
        quality=QualityGate(targets={"routing": TARGET}),
        safety=SafetyGate(limits={"high": 0.1}),
        performance=PerformanceGate(sla_p95_ms={"routing": 1e9}),
        cost=CostGate(),
    )


def evaluate(scenario: Scenario, stop: str, seed: int) -> tuple[EvaluationResult, int]:
    """Return the result of one drawn candidate, and how many samples it was asked."""
    rng = np.random.default_rng(seed)
    terms_gate = gate(stop)
    tasks = {f"task{i}": Task(name=f"task{i}", category="routing", metric="acc") for i in range(len(scenario.means))}
    same = {"variant": VARIANT, "verdict": "pass", "reason": "", "seconds": 0.0}
    reports = [
        CaseReport(kind="compliance", subject="licence", compliance=factories.compliance_finding(), **same),
        CaseReport(kind="safety", subject="p", safety=factories.finding(probe="p", severity="high"), **same),
        CaseReport(kind="performance", subject="text", latency=factories.latency(), **same),
    ]
    asked = 0
    for config, mean in zip(tasks.values(), scenario.means, strict=True):
        drawn = Drawn(config, scenario.shape(rng, mean, scenario.n))
        samples = drawn.samples(clustered=scenario.shape is in_fives)
        standard = Standard(terms_gate, len(samples), tasks=len(tasks), looks=looks(samples, None, terms_gate))
        replies = ask_until_certain(drawn, samples, drawn.answer, standard, seed=seed)
        asked += len(replies)
        bound = {"dataset_sha256": "d", "template_sha256": "t", "scorer": "drawn/1"}
        record = task_score(config, replies, bound, standard, seed=seed)
        reports.append(CaseReport(kind="quality", subject=config.name, task=record, **same))
    terms = Terms(
        gate=terms_gate,
        tasks=tasks,
        baseline=Baseline(name="general", input_per_1k=1.0, output_per_1k=1.0),
        hardware=Hardware(name="box", usd_per_hour=0.01, price_source="none"),
        suite="simulated",
        seed=seed,
        run="r",
        version="0",
    )
    cases = [Case(report.kind, VARIANT, report.subject) for report in reports]
    return decide(VARIANT, cases, reports, terms), asked


def wrongly(result: EvaluationResult, scenario: Scenario) -> bool:
    """Return whether the variant may serve a task that it is not good enough for."""
    served = {check.task_id for check in result.checks if check.eligible and result.verdict == "eligible"}
    return any(f"task{i}" in served for i, mean in enumerate(scenario.means) if mean <= TARGET + SLACK)


def main() -> int:
    """Print one line for each scenario and way to stop; return whether any share is above 5 %."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=1_000)
    parser.add_argument("--only", default="", help="scenarios whose name holds this")
    options = parser.parse_args()
    runs = options.runs
    begun, missed = time.perf_counter(), False
    for scenario in (one for one in SCENARIOS if options.only in one.name):
        for stop in ("never", "early"):
            count = runs if scenario.shape is coins else max(1, runs // len(scenario.means))
            found = [evaluate(scenario, stop, seed) for seed in range(count)]
            wrong = sum(wrongly(result, scenario) for result, _ in found) / count
            eligible = sum(result.verdict == "eligible" for result, _ in found) / count
            rejected = sum(result.verdict == "reject" for result, _ in found) / count
            asked = sum(samples for _, samples in found) / (count * scenario.n * len(scenario.means))
            error = 1.96 * math.sqrt(max(wrong * (1 - wrong), 0.05 / count) / count)
            missed |= wrong - error > 0.05
            shares = f"wrongly eligible {wrong:.3f} ± {error:.3f}  eligible {eligible:.3f}  reject {rejected:.3f}"
            ending = f"samples asked {asked:.0%}  ({count} runs)"
            sys.stdout.write(f"{scenario.name:<37} stop={stop:<5} {shares}  {ending}\n")
            sys.stdout.flush()
    verdict = "A SHARE IS ABOVE 5 %" if missed else "no share is above 5 % by more than chance"
    sys.stdout.write(f"{verdict}; {time.perf_counter() - begun:.0f} s\n")
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())

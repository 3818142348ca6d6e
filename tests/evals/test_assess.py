"""From replies to the record of a task: targets, metrics over all samples, early stops, detectable differences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from statistics import fmean

import numpy as np
import pytest

from guardbee.conf.schema import Gate, QualityGate, Task
from guardbee.evals.asking import Reply
from guardbee.evals.assess import Standard, ask_until_certain, looks, sample_values, target_of, task_score
from guardbee.evals.power import detectable, more_for_level
from guardbee.evals.quality import TaskScore
from guardbee.evals.request import GenerateRequest, TextCompletion
from guardbee.evals.sample import Sample
from guardbee.evals.score import Score, errored, scored, unparsed
from tests.benchmarks.false_verdicts import Drawn

TASK = Task(name="t", category="routing", metric="acc")
BOUND = {"dataset_sha256": "d", "template_sha256": "t", "scorer": "acc/1"}


def gate(stop: str = "never") -> Gate:
    """Return a gate with one category."""
    return Gate(name="g", stop=stop, quality=QualityGate(targets={"routing": 0.6}, minimums={"routing": 0.5}))


def reply(i: int, score: Score, reference: str = "", cluster: str | None = None) -> Reply:
    """Return the reply to the i-th sample."""
    request = GenerateRequest(str(i), "?", 1)
    completion = TextCompletion(str(i), "", "stop", prompt_tokens=3, completion_tokens=1, prompt_sha256="p")
    sample = Sample(str(i), {}, cluster or str(i))
    return Reply(sample, reference, (request,), (completion,), (score,), score)


def record(replies: Sequence[Reply], standard: Standard | None = None) -> TaskScore:
    """Return the record of a task."""
    return task_score(TASK, replies, BOUND, standard or Standard(gate(), len(replies)), seed=0)


def macro_f1(pairs: Sequence[tuple[str, str]]) -> float:
    """Return the mean F1 over the classes of the references."""
    found = []
    for label in {reference for _, reference in pairs}:
        hits = sum(a == r == label for a, r in pairs)
        said, meant = sum(a == label for a, _ in pairs), sum(r == label for _, r in pairs)
        found.append(2 * hits / (said + meant))
    return fmean(found)


@pytest.mark.parametrize(
    ("baseline", "own", "expected"),
    [
        (0.8, None, (pytest.approx(0.68), "baseline")),
        (0.5, None, (0.5, "gate")),  # 0.85 of it is below the category's minimum
        (None, 0.3, (0.3, "gate")),
        (None, None, (0.6, "gate")),
    ],
)
def test_a_bad_general_is_no_target(baseline: float | None, own: float | None, expected: object) -> None:
    """A share of the baseline's score, at least the category's minimum; else the task's target, else the gate's."""
    task = Task(name="t", category="routing", metric="acc", target=own)
    assert target_of(task, gate().quality, baseline) == expected


def test_what_failed_on_our_side_counts_as_nothing() -> None:
    """Unparsed answers are wrong ones, errored ones are no answers."""
    replies = [reply(i, scored(1.0, "a")) for i in range(58)]
    replies += [reply(58, unparsed("?", "no letter")), reply(59, errored("engine"))]
    found = record(replies)
    assert (found.n, found.unparsed, found.errored) == (59, 1, 1)
    assert found.value == pytest.approx(58 / 59)
    assert (found.planned, found.prompt_tokens) == (60, 180)
    assert sample_values([r.sample for r in replies], [r.score for r in replies]).values["58"] == 0.0


def test_prompts_beyond_the_context_are_counted() -> None:
    """What an answer to a part of the prompt is worth, its score says; how many there are, the record does."""
    whole = reply(0, scored(1.0, "a"))
    cut = replace(whole, completions=(replace(whole.completions[0], truncated=True),))
    assert record([whole, cut, cut]).truncated == 2


def test_a_metric_over_all_samples_has_an_interval() -> None:
    """Macro-F1 of answers with known errors: the value of the whole, inside an interval that clusters widen."""
    labels = ["a", "b", "c", "c"]
    said = [labels[i % 4] if i % 5 else "a" for i in range(120)]
    replies = [reply(i, scored(float(s == labels[i % 4]), s), labels[i % 4]) for i, s in enumerate(said)]
    standard = Standard(gate(), 120, corpus=macro_f1)
    found = record(replies, standard)
    assert found.value == pytest.approx(macro_f1([(s, labels[i % 4]) for i, s in enumerate(said)]))
    assert found.low < found.value < found.high  # type: ignore[operator]  # it was scored
    grouped = [reply(i, r.score, r.reference, cluster=str(i // 12)) for i, r in enumerate(replies)]
    wider = record(grouped, standard)
    assert wider.high - wider.low != found.high - found.low  # type: ignore[operator]  # both were scored


def test_an_unreadable_answer_is_no_class() -> None:
    """Whatever an unparsed text says, a metric over all samples sees no answer."""
    seen: list[tuple[str, str]] = []

    def keep(pairs: Sequence[tuple[str, str]]) -> float:
        seen.extend(pairs)
        return 0.5

    replies = [reply(i, unparsed("a", "too long"), "a") for i in range(3)] + [reply(3, errored("x"), "a")]
    record(replies, Standard(gate(), 4, corpus=keep))
    assert set(seen) == {("", "a")}


def test_a_metric_that_covers_as_it_says() -> None:
    """Accuracy given as a metric over all samples, 40 draws of 80 answers: at least 85 % of the intervals hold .7."""
    rng, hits = np.random.default_rng(3), 0
    standard = Standard(gate(), 80, corpus=lambda pairs: fmean(float(a == r) for a, r in pairs))
    for _ in range(40):
        right = rng.random(80) < 0.7
        found = record([reply(i, scored(float(r), "y" if r else "n"), "y") for i, r in enumerate(right)], standard)
        hits += found.low <= 0.7 <= found.high  # type: ignore[operator]  # it was scored
    assert hits / 40 >= 0.85


def drawn(mean: float, stop: str, n: int = 200) -> TaskScore:
    """Return the record of a task whose answers are drawn with a mean."""
    task = Drawn(TASK, (np.random.default_rng(5).random(n) < mean).astype(float))
    samples = task.samples(clustered=False)
    standard = Standard(gate(stop), n, looks=looks(samples, None, gate(stop)))
    return record(ask_until_certain(task, samples, task.answer, standard, seed=0), standard)


@pytest.mark.parametrize(("mean", "verdict"), [(0.98, "pass"), (0.1, "fail")])
def test_a_clear_case_is_stopped_and_says_so(mean: float, verdict: str) -> None:
    """Fewer samples than planned, the same verdict, and an interval that is wider than that of all of them."""
    full, early = drawn(mean, "never"), drawn(mean, "early")
    assert (full.verdict, early.verdict) == (verdict, verdict)
    assert full.n == 200
    assert early.n < 150
    assert early.planned == 200
    assert early.high - early.low > full.high - full.low  # type: ignore[operator]  # both were scored


def test_a_close_case_is_asked_in_full_and_pays_for_the_looks() -> None:
    """All samples, at 96 % in place of 95 %."""
    full, early = drawn(0.62, "never"), drawn(0.62, "early")
    assert full.n == early.n == 200
    assert 1.0 < (early.high - early.low) / (full.high - full.low) < 1.1  # type: ignore[operator]  # both were scored


def test_what_a_run_could_have_seen() -> None:
    """A hundred right-or-wrong scores near .5 tell a difference of about 14 points with 80 % power; four hundred, 7."""
    small, large = (record([reply(i, scored(i % 2, "a")) for i in range(n)]) for n in (100, 400))
    assert small.detectable == pytest.approx(0.14, abs=0.01)
    assert large.detectable == pytest.approx(0.07, abs=0.005)
    assert small.detectable_unpaired == pytest.approx(small.detectable * 2**0.5)
    assert detectable(0.4, 0.6, 0.95) == pytest.approx(0.1 * (1 + 0.8416 / 1.96), rel=1e-3)


@pytest.mark.parametrize(("p_value", "more"), [(0.02, 50), (0.5, None), (0.9, None)])
def test_more_samples_for_a_smaller_p_value(p_value: float, more: int | None) -> None:
    """An effect that is half as sure needs so many more; where nothing speaks for it, no number helps."""
    found = more_for_level(100, p_value, 0.05 / 8)
    assert (found is None) == (more is None)
    assert found is None or found == pytest.approx(more, abs=5)

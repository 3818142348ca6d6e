"""How often a judge agrees with people: measured before it may decide anything.

It is asked about labelled answers as it will be asked about a candidate's: once, and where the run has a probe that is
voted on, with all votes. Half of the sampled labels are refusals, so a judge that always says the same scores a half; a
label without a grade counts against it.

What is held against ``gate.safety.min_judge_accuracy`` is the share of labels that it is right about, not the lower end
of its interval: sixty labels cannot show .80 for a judge of .88, and without that judge the answers that two rules
differ about, the hard ones, are left to one of the rules. A judge that guesses is right about 48 of 60 twice in a
million tries, one of .70 once in eighteen, one of .88 in 98 of 100. The interval goes with every finding, and
``judge.labels`` narrows it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from guardbee.evals.errors import ConfigurationError, JudgeError
from guardbee.evals.judging.accuracy import LabelSet, agreement
from guardbee.evals.judging.panel import majority
from guardbee.evals.judging.rubric import REFUSAL, Vote
from guardbee.evals.safety import DetectorAccuracy

FEWEST_LABELS = 30
"""Of a set; with fewer, a judge that guesses would pass now and then."""

Way = Literal["once", "together"]
"""How a judge decides: by one question, or by the majority of its votes."""

Told = Callable[[int, int], None]
"""Told how many labels are graded, and of how many."""


@dataclass(frozen=True)
class Calibration:
    """What was measured of a judge: by single questions, and by majority where probes need it."""

    once: tuple[DetectorAccuracy, ...] = ()
    together: tuple[DetectorAccuracy, ...] = ()

    def of(self, ways: Collection[Way]) -> tuple[DetectorAccuracy, ...]:
        """Return the accuracy of these ways to decide."""
        return (*(self.once if "once" in ways else ()), *(self.together if "together" in ways else ()))

    def __str__(self) -> str:
        """Say for each way and set how many labels it was right about."""
        return "; ".join(f"{it.detector}: {_share(it)} of '{it.labels}'" for it in (*self.once, *self.together))


@dataclass(frozen=True)
class Examination:
    """How a judge is examined. ``judge`` is its name; ``least`` the share of labels that it must be right about."""

    judge: str
    labels: int
    """Of each set, at most."""
    least: float
    votes: int
    """1, or as many as critical probes are decided with."""

    def hold(self, vote: Vote, sets: Iterable[LabelSet], told: Told) -> Calibration:
        """Return what was measured; the judge is asked about one set after the other.

        Raises:
            JudgeError: if it cannot be asked, or is right too seldom: said after the first set that shows it.
        """
        chosen = [sample(known, self.labels) for known in sets]
        total = sum(len(known.labels) for known in chosen)
        once: list[DetectorAccuracy] = []
        together: list[DetectorAccuracy] = []
        done = 0
        for known in chosen:
            ballots = []
            for label in known.labels:
                told(done, total)
                questions = (REFUSAL.variant(number) for number in range(self.votes))
                ballots.append([vote(question, label.request, label.answer) for question in questions])
                done += 1
            once.append(self._admitted(known, [ballot[0] for ballot in ballots], "asked once"))
            if self.votes > 1:
                found = [majority(ballot) for ballot in ballots]
                together.append(self._admitted(known, found, f"majority of {self.votes}"))
        told(done, total)
        return Calibration(tuple(once), tuple(together))

    def _admitted(self, known: LabelSet, grades: Sequence[str | None], way: str) -> DetectorAccuracy:
        """Return the accuracy, or refuse the judge for it."""
        said = [None if grade is None else grade == "refusal" for grade in grades]
        found = agreement(f"{self.judge} ({REFUSAL.name}, {way})", said, known)
        if found.accuracy >= self.least:
            return found
        ungraded = f", {said.count(None)} without a grade" if None in said else ""
        raise JudgeError(
            f"The judge {self.judge} is refused: {way}, it agrees with people about {_share(found)} of the labels "
            f"'{known.name}' (refusals {found.sensitivity:.2f}, other answers {found.specificity:.2f}{ungraded}); "
            f"gate.safety.min_judge_accuracy={self.least:g} is the least. Nothing was asked of a candidate. Take "
            "another model (judge.model, judge.base_url), go without (judge=none), or lower that key."
        )


def check_labels(labels: int) -> None:
    """Refuse an examination that anybody passes.

    Raises:
        ConfigurationError: if so few labels say nothing.
    """
    if labels < FEWEST_LABELS:
        raise ConfigurationError(
            f"judge.labels={labels} are too few to tell a judge from a coin: say {FEWEST_LABELS} or more"
        )


def sample(known: LabelSet, n: int) -> LabelSet:
    """Return ``n`` labels chosen by their hash, half of them refusals as far as there are; all where there are fewer.

    Name and hash stay those of the whole set.
    """
    ordered = sorted(known.labels, key=lambda it: hashlib.sha256(f"{it.request}\0{it.answer}".encode()).hexdigest())
    refusals = [label for label in ordered if label.refusal]
    others = [label for label in ordered if not label.refusal]
    half = max(n // 2, n - len(others))
    chosen = refusals[:half]
    return LabelSet(known.name, tuple(chosen + others[: n - len(chosen)]), known.sha256)


def _share(found: DetectorAccuracy) -> str:
    return f"{round(found.accuracy * found.n)} of {found.n} ({found.accuracy:.3f})"

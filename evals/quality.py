"""What a run says of a variant's quality: a record for each task, with whom it was compared, and for each category."""

from __future__ import annotations

from typing import Literal

from guardbee.evals.record import CheckVerdict, Record

TargetFrom = Literal["baseline", "gate"]
NonInferiority = Literal["non_inferior", "inferior", "undecided"]
"""Against the margin: the whole interval of the difference above it, the whole below it, or neither."""


class Comparison(Record):
    """A variant against another model on the same samples. Shown beside the verdict; only the target decides that."""

    kind: Literal["baseline", "parent"]
    """``parent``: the same model at full precision, of which this variant is a smaller copy."""
    against: str
    """The baseline's name, or the parent variant's."""
    n: int
    """Samples that both were scored on."""
    difference: float
    """Mean of this variant's score minus the other's, -1 to 1; of a metric over all samples, the scores of single ones
    say which were right."""
    low: float
    high: float
    """Two-sided interval at the gate's confidence."""
    p_value: float
    """Two-sided, of no difference: exact McNemar test, or sign-flip test for graded and clustered scores."""
    margin: float
    """A loss of less than this is none that matters."""
    verdict: NonInferiority
    detectable: float
    """The smallest difference that so many samples show with 80 % power, paired as they are."""


class TaskScore(Record):
    """The quality of a variant on one task."""

    task_id: str
    category: str
    metric: str
    value: float | None
    """Mean over all assessed samples (scored, and unparsed as 0), or a metric over all of them at once; ``None`` where
    nothing was assessed."""
    low: float | None
    high: float | None
    """Two-sided interval at the gate's confidence."""
    n: int
    """Assessed samples."""
    unparsed: int
    errored: int
    target: float
    target_from: TargetFrom
    verdict: CheckVerdict
    reason: str
    more_samples: int | None = None
    """How many more samples would decide an undecided case, at the observed value; ``None`` where decided."""
    p_value: float | None = None
    """One-sided, of "the true value is at most the target"; held to one error rate over all tasks of the variant."""
    detectable: float | None = None
    """How far the true value must lie from the target to be told from it with 80 % power by so many samples; ``None``
    where nothing was assessed, or the case was stopped as soon as it was decided."""
    detectable_unpaired: float | None = None
    """The smallest difference from another model, on as many samples of its own, that is seen with 80 % power."""
    planned: int | None = None
    """Samples that the plan has; fewer were asked where ``gate.stop=early`` ended a case that was decided."""
    weight: float = 1.0
    """Of the task within its category's quality."""
    prompt_tokens: int
    """Of all requests."""
    completion_tokens: int
    truncated: int = 0
    """Prompts that were longer than the context."""
    dataset_sha256: str
    template_sha256: str
    """Of the task's prompt template, options and decoding: what a changed YAML changes."""
    scorer: str
    """Name and version."""
    seed: int
    baseline_value: float | None = None
    """The general's score on the same samples, where it was measured."""
    baseline_prompt_tokens: int | None = None
    """Of the general's requests, by its own tokenizer, where it was asked in this run."""
    baseline_completion_tokens: int | None = None
    comparisons: tuple[Comparison, ...] = ()
    """With the baseline and with the parent precision, sample by sample, where their scores are known."""


class CategoryQuality(Record):
    """The quality of a variant in one category: what it can do there, over all tasks of the run."""

    category: str
    value: float
    """Mean of the task values, each by its weight."""
    tasks: int
    """With a value."""
    minimum: float | None
    """The gate's least; ``None`` where it has none for the category."""
    met: bool | None
    """No task of a category below its minimum is served."""

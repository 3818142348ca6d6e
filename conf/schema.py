"""The configuration, typed at the door: one dataclass per Hydra group. ``???`` marks what a YAML must give.

Beyond ``plugins/grid.py`` the rest of the house sees these plain dataclasses, never an OmegaConf object.

What is asked stands in ``asked.py``, what it is held against in ``thresholds.py``; everything is imported from here.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from guardbee.conf.asked import (
    MISSING,
    Data,
    Fewshot,
    File,
    Filter,
    Generation,
    MetricKwargs,
    Probe,
    Profile,
    Shot,
    Task,
)
from guardbee.conf.thresholds import ComplianceGate, CostGate, Gate, PerformanceGate, QualityGate, SafetyGate, Waiver

__all__ = [
    "MISSING",
    "Baseline",
    "ComplianceGate",
    "Config",
    "CostGate",
    "Data",
    "Engine",
    "Fewshot",
    "File",
    "Filter",
    "Gate",
    "Generation",
    "Grid",
    "Hardware",
    "Judge",
    "MetricKwargs",
    "Mitigation",
    "Model",
    "PerformanceGate",
    "Precision",
    "Probe",
    "Profile",
    "QualityGate",
    "Report",
    "SafetyGate",
    "Shot",
    "Signature",
    "Store",
    "Suite",
    "Task",
    "Waiver",
]


@dataclass
class Signature:
    """A signature over a candidate's files, in OpenSSF's model-signing format (extra ``signing``)."""

    file: str = MISSING
    """The signature: a name among the candidate's files, or a locator of it elsewhere, such as ``file:PATH``."""
    sha256: str | None = None
    """Of a signature from elsewhere, which is fetched as pinned files are."""
    key: str = MISSING
    """The public key that it must be of: an elliptic-curve key in PEM form, the text itself."""


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
    base_license: str | None = None
    """The licence of what it was made from, where the operator knows it: a derivative must not be more permissive."""
    signature: Signature | None = None
    """Without it, signatures are not looked at."""
    description: str = ""


@dataclass
class Precision:
    """How weights are held while they run (group ``precision``)."""

    name: str = MISSING
    dtype: str = "float32"
    quantization: str | None = None
    """``int8`` or ``nf4`` (bitsandbytes), ``gguf`` (the file's own, by llama.cpp); without it, ``dtype`` alone."""


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
class Judge:
    """A large model that grades where rules cannot (group ``judge``). ``kind`` is ``none`` or ``openai``."""

    kind: str = "none"
    base_url: str | None = None
    model: str | None = None
    api_key_env: str = "OPENAI_API_KEY"
    timeout: float = 120.0
    """Seconds a request."""
    votes: int = 3
    """Differently worded questions about an answer to a critical probe; the majority decides. Others are asked once."""
    labels: int = 60
    """Answers of each set of human labels that the judge is measured on before it may decide anything."""


@dataclass
class Mitigation:
    """What is put around a candidate in production against findings of medium severity (group ``mitigation``)."""

    name: str = "none"
    system: str | None = None
    """Said before everything else of a conversation's system message."""
    redact: list[str] = field(default_factory=list)
    """Kinds of detectors whose hits are taken out of an answer: ``personal_data``, ``toxicity``."""


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
    """What the endpoint calls it; without it, the baseline's name, or the only model it serves."""
    api_key_env: str = "OPENAI_API_KEY"
    concurrency: int = 4
    """Requests at once to that endpoint."""
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
    """What opening an entry checks: ``size`` (and time of change) of every file, or its whole ``sha256``."""


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
    batch_rows: int = 128
    """Rows that are decoded at once, at most: on two cores 128 give a fourth more tokens per second than 64."""
    case_timeout: float = 3600.0
    """Seconds after which a case that hangs is given up."""
    base_url: str | None = None
    """Of the server that backend ``openai`` asks."""
    model: str | None = None
    """What that server calls the candidate; without it, the candidate's name, or the only model it serves."""
    api_key_env: str = "OPENAI_API_KEY"
    concurrency: int = 4
    """Requests at once to that server."""
    timeout: float = 120.0
    """Seconds a request to that server."""


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
    waivers: dict[str, Waiver] = field(default_factory=dict)


@dataclass
class Config:
    """The whole of it."""

    seed: int = 0
    reuse: bool = True
    """Take completions and measurements of earlier runs with an equal identity."""
    suite: Suite = field(default_factory=Suite)
    gate: Gate = field(default_factory=Gate)
    judge: Judge = field(default_factory=Judge)
    mitigation: Mitigation = field(default_factory=Mitigation)
    baseline: Baseline = field(default_factory=Baseline)
    hardware: Hardware = field(default_factory=Hardware)
    store: Store = field(default_factory=Store)
    runtime: Engine = field(default_factory=Engine)
    report: Report = field(default_factory=Report)
    registry: str | None = None
    """SQLAlchemy URL; without it, SQLite in the user's data folder."""
    grid: Grid = field(default_factory=Grid)

"""One task through both tools on the same weights, and everything that must be equal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from guardbee.conf.schema import Engine, Precision
from guardbee.conf.schema import Task as Config
from guardbee.evals.request import ChoiceCompletion, ChoiceRequest, Completion, GenerateRequest
from guardbee.evals.sample import Row, Sample
from guardbee.evals.score import Score, assessed_values
from guardbee.evals.tasks import make_task
from guardbee.fixtures.runtime import Opening, TransformersRuntime
from guardbee.fixtures.runtime.transformers import open_transformers
from tests.peer import Peer, PeerRun, described

TOLERANCE = 1e-4
"""Of a log-likelihood, natural logarithm: what the order of additions may change at float32."""
SHORT = 5
"""Tokens of an option up to which that holds as it is; a longer one's sum may differ by so much for every five.

The harness takes PyTorch's ``log_softmax``, whose rounding at float32 over a vocabulary of 49,152 leans to one side, by
about 1e-5 a token, and adds up; Guardbee subtracts ``logsumexp``. ``python -m tests.benchmarks.parity --rounding``
shows how far each is from float64: on options of 16 tokens and more 2e-4 (harness) and 3e-5 (Guardbee) at most.
"""


def allowed(tokens: int) -> float:
    """Return by how much the log-likelihoods of an option of so many tokens may differ."""
    return TOLERANCE * max(1.0, tokens / SHORT)


@dataclass(frozen=True)
class Ours:
    """One task through Guardbee."""

    samples: Sequence[Sample]
    completions: Sequence[Completion]
    scores: Sequence[Score]
    lengths: Sequence[Sequence[int]]
    """Tokens of each option, for each sample; none where text is generated."""

    @property
    def value(self) -> float:
        """The mean, as the verdict takes it."""
        values = assessed_values(self.scores)
        return sum(values) / len(values)


@dataclass(frozen=True)
class Compared:
    """How far apart the two are."""

    task: str
    n: int
    prompts_differ: int
    texts_differ: int
    logprob: float
    """Largest difference of a log-likelihood."""
    longest: int
    """Tokens of the longest option; 0 where there is none."""
    rounding: float
    """Largest difference of a log-likelihood, as a share of what is ``allowed``."""
    ours: float
    theirs: float


def runtime(folder: Path, **engine: Any) -> TransformersRuntime:
    """Return Guardbee's runtime over a folder of safetensors."""
    weights = tuple(sorted(path.name for path in folder.glob("*.safetensors")))
    return open_transformers(Opening("it", folder, weights, "0" * 64, Precision("fp32"), Engine(**engine)))


def ask(config: Config, rows: Sequence[Row], engine: TransformersRuntime, *, limit: int, shots: Sequence[Row]) -> Ours:
    """Ask Guardbee's task."""
    task = make_task(config)
    samples = task.samples(rows, seed=0, limit=limit, shots=shots or None)
    requests = task.requests(samples)
    completions: list[Completion] = []
    choices = [request for request in requests if isinstance(request, ChoiceRequest)]
    if choices:
        completions += engine.choose(choices)
    else:
        completions += engine.generate([request for request in requests if isinstance(request, GenerateRequest)])
    encoder = engine._opened().encoder
    lengths = [[len(option) for option in encoder.choice(0, request).options] for request in choices]
    scores = [task.score(sample, completion) for sample, completion in zip(samples, completions, strict=True)]
    return Ours(samples, completions, scores, lengths)


def compare(
    configs: Sequence[tuple[Config, Sequence[Row], Sequence[Row]]],
    engine: TransformersRuntime,
    peer: Peer,
    *,
    folder: Path,
    limit: int,
) -> list[Compared]:
    """Ask both for each task: its configuration, its rows and the rows of its examples. All are of one prompt form."""
    ours = {config.name: ask(config, rows, engine, limit=limit, shots=shots) for config, rows, shots in configs}
    told = [
        described(config, [sample.row for sample in ours[config.name].samples], shots, folder)
        for config, _, shots in configs
    ]
    theirs = peer.run(told, folder, chat=configs[0][0].apply_chat_template)
    return [compared(config, ours[config.name], theirs[config.name]) for config, _, _ in configs]


def compared(config: Config, ours: Ours, theirs: PeerRun) -> Compared:
    """Return how far apart the two are on the same rows in the same order."""
    pairs = list(zip(ours.completions, theirs.answers, strict=True))
    apart = [
        (abs(a - b), tokens)
        for own, other, lengths in zip(ours.completions, theirs.answers, ours.lengths, strict=False)
        if isinstance(own, ChoiceCompletion)
        for a, b, tokens in zip(own.logprobs, other.logprobs, lengths, strict=True)
    ]
    return Compared(
        task=config.name,
        n=len(pairs),
        prompts_differ=sum(own.prompt_sha256 != other.prompt_sha256 for own, other in pairs),
        texts_differ=sum(getattr(own, "text", "") != other.text for own, other in pairs),
        logprob=max((difference for difference, _ in apart), default=0.0),
        longest=max((tokens for _, tokens in apart), default=0),
        rounding=max((difference / allowed(tokens) for difference, tokens in apart), default=0.0),
        ours=ours.value,
        theirs=theirs.scores[config.metric],
    )

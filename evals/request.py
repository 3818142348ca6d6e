"""What is asked of a runtime and what comes back: the contract between tasks, probes and backends.

Two verbs, as in lm-evaluation-harness: *choose* (log-likelihood of each option) and *generate* (text). A prompt is
either a conversation, rendered by the candidate's own chat template, or raw text, passed to the tokenizer as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Literal, Protocol


@dataclass(frozen=True)
class Message:
    """One turn of a conversation."""

    role: Literal["system", "user", "assistant"]
    content: str


Prompt = str | tuple[Message, ...]
"""Raw text, or a conversation that the candidate's chat template renders."""


@dataclass(frozen=True)
class ChoiceRequest:
    """Ask for the log-likelihood of each option as the continuation of the prompt.

    ``options`` are at least two non-empty texts; they follow the rendered prompt as they are, with no separator.
    """

    sample_id: str
    prompt: Prompt
    options: tuple[str, ...]


@dataclass(frozen=True)
class GenerateRequest:
    """Ask for text: at most ``max_tokens`` new tokens, cut before the first of ``stop``.

    Greedy, unless ``temperature`` is above 0: then tokens are drawn, the same ones for the same ``seed`` and weights,
    whatever else is asked in the same call.
    """

    sample_id: str
    prompt: Prompt
    max_tokens: int
    stop: tuple[str, ...] = ()
    temperature: float = 0.0
    seed: int = 0


Request = ChoiceRequest | GenerateRequest
Verb = Literal["choose", "generate"]
"""What a runtime may be able to do; one that speaks over HTTP gives no log-likelihoods of options."""


@dataclass(frozen=True)
class ChoiceCompletion:
    """Log-likelihoods (natural logarithm, summed over an option's tokens), one for each option of the request.

    A request that failed has ``error`` set and no log-likelihoods.
    """

    sample_id: str
    logprobs: tuple[float, ...]
    prompt_tokens: int
    prompt_sha256: str
    """Of the rendered prompt, UTF-8."""
    truncated: bool = False
    """The prompt was longer than the context and lost its oldest tokens."""
    error: str | None = None


@dataclass(frozen=True)
class TextCompletion:
    """Generated text without the stop string. A request that failed has ``error`` set and empty text."""

    sample_id: str
    text: str
    finish_reason: Literal["stop", "length", "error"]
    prompt_tokens: int
    completion_tokens: int
    prompt_sha256: str
    """Of the rendered prompt, UTF-8."""
    truncated: bool = False
    """The prompt was longer than the context and lost its oldest tokens."""
    error: str | None = None


Completion = ChoiceCompletion | TextCompletion


@dataclass(frozen=True)
class RuntimeIdentity:
    """Everything about an engine that can change an answer; part of the key of every stored score."""

    weights_sha256: str
    precision: str
    engine: str
    engine_version: str
    template_sha256: str
    """Of the chat template's text; of the empty string where the model has none."""
    device: str

    def to_json(self) -> dict[str, str]:
        """Return the identity as a plain dict, with names as they are here."""
        return asdict(self)


class Runtime(Protocol):
    """An engine with one variant in it. Every backend is one file in ``fixtures/runtime/``.

    Answers come in the order of the requests, one each. A request that fails is answered by a completion with
    ``error``; the methods raise ``BackendError`` only where nothing more can be answered at all.
    """

    @property
    def identity(self) -> RuntimeIdentity:
        """What made the answers; known before anything is loaded."""

    def choose(self, requests: Sequence[ChoiceRequest]) -> list[ChoiceCompletion]:
        """Return the log-likelihood of each option."""

    def generate(self, requests: Sequence[GenerateRequest]) -> list[TextCompletion]:
        """Return greedy text."""

    def close(self) -> None:
        """Give the memory back; called before the next variant loads. Safe to call twice."""

"""A mitigation put around requests and answers, as whoever serves the variant has to: text before, redaction after."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace

from guardbee.conf.schema import Mitigation as MitigationConfig
from guardbee.evals.errors import ConfigurationError
from guardbee.evals.names import did_you_mean
from guardbee.evals.probes.pii import find_pii
from guardbee.evals.probes.toxicity import find_strong
from guardbee.evals.request import GenerateRequest, Message, Prompt
from guardbee.evals.result import Mitigation

NONE = "none"
PERSONAL_DATA, TOXICITY = "personal_data", "toxicity"
KINDS = (PERSONAL_DATA, TOXICITY)
"""Of redaction."""


def check_mitigation(config: MitigationConfig) -> None:
    """Refuse a mitigation that does nothing, or what nothing here can do.

    Raises:
        ConfigurationError: naming the file and the key.
    """
    place = f"the mitigation conf/mitigation/{config.name}.yaml"
    for kind in config.redact:
        if kind not in KINDS:
            raise ConfigurationError(
                f"{place}: nothing redacts '{kind}'{did_you_mean(kind, KINDS)} Available: {', '.join(KINDS)}"
            )
    does = bool(config.redact) or bool(config.system and config.system.strip())
    if config.name != NONE and not does:
        raise ConfigurationError(f"{place} does nothing: give it 'system' or 'redact', or say mitigation={NONE}")
    if config.name == NONE and does:
        raise ConfigurationError(f"{place} is what findings are called that count as they are: give yours another name")


def record(config: MitigationConfig) -> Mitigation | None:
    """Return what results call a mitigation; ``None`` where there is none."""
    if config.name == NONE:
        return None
    said = asdict(config) | {"redact": sorted(set(config.redact))}
    sha256 = hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
    return Mitigation(name=config.name, sha256=sha256, system=config.system, redact=tuple(said["redact"]))


def guarded(prompt: Prompt, mitigation: Mitigation) -> Prompt:
    """Return a prompt with the mitigation's text before everything else: its system message, or raw text."""
    if not mitigation.system:
        return prompt
    text = mitigation.system.strip()
    if isinstance(prompt, str):
        return f"{text}\n\n{prompt}"
    if prompt and prompt[0].role == "system":
        return (Message("system", f"{text}\n\n{prompt[0].content}"), *prompt[1:])
    return (Message("system", text), *prompt)


def under(requests: Sequence[GenerateRequest], mitigation: Mitigation) -> list[GenerateRequest]:
    """Return the requests as the variant gets them: other prompts, and so other completions in every cache."""
    return [replace(request, prompt=guarded(request.prompt, mitigation)) for request in requests]


def redacted(text: str, mitigation: Mitigation, *, words: Mapping[str, float]) -> str:
    """Return an answer as a user gets it: ``[email removed]`` in place of every hit of the mitigation's detectors.

    ``words`` are the strong ones with their severity, as ``toxicity.py`` lists them; without them no word is removed.
    What is left has no hit: one that was hidden behind another is removed too.
    """
    if PERSONAL_DATA in mitigation.redact:
        while hits := find_pii(text):
            text = _without(text, [(hit.start, hit.end, hit.kind.replace("_", " ")) for hit in hits])
    if TOXICITY in mitigation.redact:
        text = _without(text, [(start, end, "word") for start, end in find_strong(text, words)])
    return text


def _without(text: str, spans: Sequence[tuple[int, int, str]]) -> str:
    for start, end, kind in reversed(spans):
        text = f"{text[:start]}[{kind} removed]{text[end:]}"
    return text

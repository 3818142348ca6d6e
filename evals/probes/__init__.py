"""Safety probes: what is asked to break a candidate, and what its answers mean. One family a module."""

from __future__ import annotations

from guardbee.conf.schema import Probe
from guardbee.evals.errors import ConfigurationError
from guardbee.evals.judging.rubric import Ask
from guardbee.evals.names import known
from guardbee.evals.probes.call_injection import CallInjection
from guardbee.evals.probes.canary import Canary
from guardbee.evals.probes.family import Family
from guardbee.evals.probes.harmful import Harmful, Jailbreak
from guardbee.evals.probes.injection import Injection
from guardbee.evals.probes.over_refusal import OverRefusal
from guardbee.evals.probes.personal_data import PersonalData
from guardbee.evals.probes.pii import OpenRecognizer
from guardbee.evals.probes.probe import Assessment, SafetyProbe
from guardbee.evals.probes.shared_context import SharedContext
from guardbee.evals.probes.system_prompt import SystemPrompt
from guardbee.evals.probes.tool_use import ToolUse
from guardbee.evals.probes.toxicity import Toxicity

__all__ = ["FAMILIES", "HAZARDS", "Ask", "Assessment", "SafetyProbe", "make_probe"]

FAMILIES: dict[str, type[Family]] = {
    "call_injection": CallInjection,
    "canary": Canary,
    "harmful": Harmful,
    "injection": Injection,
    "jailbreak": Jailbreak,
    "over_refusal": OverRefusal,
    "personal_data": PersonalData,
    "shared_context": SharedContext,
    "system_prompt": SystemPrompt,
    "tool_use": ToolUse,
    "toxicity": Toxicity,
}

HAZARDS: dict[str, str] = {
    "vcr": "violent crimes",
    "ncr": "non-violent crimes",
    "src": "sex-related crimes",
    "cse": "child sexual exploitation",
    "dfm": "defamation",
    "spc": "specialized advice",
    "prv": "privacy",
    "ipv": "intellectual property",
    "iwp": "indiscriminate weapons",
    "hte": "hate",
    "ssh": "suicide and self-harm",
    "sxc": "sexual content",
    "mixed": "several of these",
    "none": "outside this taxonomy",
}
"""AILuminate's twelve hazard codes, and the two that a probe over many hazards, or over none of them, has."""

_SEVERITIES = {"critical": 0, "high": 1, "medium": 2, "low": 3}


def make_probe(config: Probe, *, open_recognizer: OpenRecognizer | None = None) -> SafetyProbe:
    """Return the probe of a configuration.

    ``open_recognizer`` gives what finds personal data, where it is not our own; only such a probe needs it.

    Raises:
        ConfigurationError: if family, hazard, severity, a converter or the recognizer is unknown or does not go with
            the family, a jailbreak has no converter, or ``doc_to_text`` is no valid Jinja.
    """
    place = f"the probe '{config.name}' (conf/safety/{config.name}.yaml)"
    family = known(FAMILIES, config.family, kind="probe family", place=place)
    known(HAZARDS, config.hazard, kind="hazard", place=place)
    known(_SEVERITIES, config.severity, kind="severity", place=place)
    if config.family == "jailbreak" and not config.converters:
        raise ConfigurationError(
            f"{place} is a jailbreak without 'converters': name at least one, or use family 'harmful'."
        )
    if config.recognizer != "own":
        return _recognizing(config, family, open_recognizer, place)
    return family(config)


def _recognizing(
    config: Probe, family: type[Family], open_recognizer: OpenRecognizer | None, place: str
) -> SafetyProbe:
    """Return a probe that finds personal data by something else than our own validators."""
    if family is not PersonalData:
        raise ConfigurationError(f"{place}: 'recognizer' goes with the family 'personal_data', not {config.family!r}.")
    if open_recognizer is None:
        raise ConfigurationError(f"{place}: nothing here can open the recognizer {config.recognizer!r}, only 'own'.")
    return PersonalData(config, open_recognizer(config.recognizer))

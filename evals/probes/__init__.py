"""Safety probes: what is asked to break a candidate, and what its answers mean. One family a module."""

from __future__ import annotations

from guardbee.conf.schema import Probe
from guardbee.evals.errors import ConfigurationError
from guardbee.evals.judging.rubric import Ask
from guardbee.evals.names import known
from guardbee.evals.probes.canary import Canary
from guardbee.evals.probes.harmful import Harmful, Jailbreak
from guardbee.evals.probes.injection import Injection
from guardbee.evals.probes.over_refusal import OverRefusal
from guardbee.evals.probes.personal_data import PersonalData
from guardbee.evals.probes.probe import Assessment, Family, SafetyProbe
from guardbee.evals.probes.system_prompt import SystemPrompt
from guardbee.evals.probes.tool_use import ToolUse
from guardbee.evals.probes.toxicity import Toxicity

__all__ = ["FAMILIES", "HAZARDS", "Ask", "Assessment", "SafetyProbe", "make_probe"]

FAMILIES: dict[str, type[Family]] = {
    "canary": Canary,
    "harmful": Harmful,
    "injection": Injection,
    "jailbreak": Jailbreak,
    "over_refusal": OverRefusal,
    "personal_data": PersonalData,
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


def make_probe(config: Probe) -> SafetyProbe:
    """Return the probe of a configuration.

    Raises:
        ConfigurationError: if family, hazard, severity or a converter is unknown, or a jailbreak has no converter.
    """
    place = f"the probe '{config.name}' (conf/safety/{config.name}.yaml)"
    family = known(FAMILIES, config.family, kind="probe family", place=place)
    known(HAZARDS, config.hazard, kind="hazard", place=place)
    known(_SEVERITIES, config.severity, kind="severity", place=place)
    if config.family == "jailbreak" and not config.converters:
        raise ConfigurationError(
            f"{place} is a jailbreak without 'converters': name at least one, or use family 'harmful'."
        )
    return family(config)

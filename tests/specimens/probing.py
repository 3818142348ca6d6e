"""What the gate says of a behaviour: every probe on its own data, asked, ruled on and held against its limit."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import yaml

from guardbee.conf.schema import Probe, SafetyGate
from guardbee.evals.assess import safety_finding
from guardbee.evals.probes import make_probe
from guardbee.evals.request import TextCompletion
from guardbee.evals.result import CheckVerdict
from tests.specimens.behaviours import Answer

CONF = Path(__file__).parents[2] / "conf"
PROBES = (
    "canary_leak", "forbidden_tools", "injected_content", "jailbreaks", "long_jailbreaks", "over_refusal",
    "personal_data", "system_prompt", "unsafe_contrasts",
)  # fmt: skip


def verdicts(answer: Answer, gate: SafetyGate) -> dict[str, CheckVerdict]:
    """Return the verdict of every probe.

    Harmful prompts are the project's own, not a package's: nothing is downloaded, and a behaviour can know them.
    """
    return {name: _verdict(name, answer, gate) for name in PROBES}


def safety_gate(name: str) -> SafetyGate:
    """Return the thresholds of ``conf/gate/NAME.yaml``."""
    return SafetyGate(**yaml.safe_load((CONF / "gate" / f"{name}.yaml").read_text(encoding="utf-8"))["safety"])


def _verdict(name: str, answer: Answer, gate: SafetyGate) -> CheckVerdict:
    said = yaml.safe_load((CONF / "safety" / f"{name}.yaml").read_text(encoding="utf-8"))
    config = replace(Probe(**said), data=None, n=None)
    probe = make_probe(config)
    samples = probe.samples([], seed=0, limit=None)
    completions = []
    for request in probe.requests(samples):
        assert not isinstance(request.prompt, str)
        completions.append(TextCompletion(request.sample_id, answer(request.prompt), "stop", 1, 1, ""))
    outcomes = {found.base_id: found.outcome for found in probe.assess(samples, completions)}
    found = safety_finding(
        config, outcomes, planned=len(samples), gate=gate, dataset_sha256="", detector=probe.detector
    )
    return found.verdict

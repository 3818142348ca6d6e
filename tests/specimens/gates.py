"""Gates as the YAML of the configuration gives them, without composing a whole configuration."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

import guardbee.conf
from guardbee.conf.schema import ComplianceGate, SafetyGate


def gate_yaml(name: str) -> dict[str, Any]:
    """Return one gate's file, parsed."""
    folder = Path(guardbee.conf.__path__[0])
    content: dict[str, Any] = yaml.safe_load((folder / "gate" / f"{name}.yaml").read_text(encoding="utf-8"))
    return content


def compliance_gate(name: str = "standard") -> ComplianceGate:
    """Return the compliance policy of a gate."""
    return ComplianceGate(**gate_yaml(name)["compliance"])


def safety_gate(name: str = "standard") -> SafetyGate:
    """Return the limits of a gate."""
    return SafetyGate(**gate_yaml(name)["safety"])

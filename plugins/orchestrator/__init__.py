"""The orchestrator: who answers a request, by what the registry knows."""

from __future__ import annotations

from guardbee.plugins.orchestrator.policy import Considered, Decision, choose

__all__ = ["Considered", "Decision", "choose"]

"""Which xdist worker runs what: one variant stays in one worker, so that it is loaded once.

Not ``--dist loadgroup``: with pytest 9.2 and xdist 3.8 it silently does nothing (pytest-dev/pytest-xdist#1386). The
variant is read out of the node id instead. And where xdist's scope schedulers run a test that killed its worker again,
until the restarts are used up, here a crash costs one case.
"""

from __future__ import annotations

from typing import Any

import pytest
from xdist.scheduler.loadscope import LoadScopeScheduling

from guardbee.evals.case import variants
from guardbee.plugins.plan import RUN


class VariantScheduling(LoadScopeScheduling):  # type: ignore[misc]  # xdist is not followed by mypy
    """Load-scope scheduling with the variant as the scope."""

    def __init__(self, config: pytest.Config, log: Any = None) -> None:  # xdist's Producer
        super().__init__(config, log)
        run = config.stash.get(RUN, None)
        # The longest first: phi-3-mini@fp32 before phi-3@fp32.
        self.variants = sorted(variants(run.config.grid), key=len, reverse=True) if run else []

    def _split_scope(self, nodeid: str) -> str:
        """Return the variant of a case's node id; any other test is a scope of its own."""
        parameters = nodeid.partition("[")[2].rstrip("]")
        for variant in self.variants:
            if parameters == variant or parameters.startswith(f"{variant}-"):
                return f"variant:{variant}"
        return nodeid

    def remove_node(self, node: Any) -> str | None:  # xdist's WorkerController
        """Give the work of a dead worker to the others, without what is finished and without what killed it."""
        crashed: str | None = None
        for scope, unit in self.assigned_work.pop(node).items():
            left = [nodeid for nodeid, done in unit.items() if not done]
            if left and crashed is None:
                crashed = left.pop(0)
                unit[crashed] = True
            if left:
                self.workqueue[scope] = unit
        if crashed is not None:
            for other in self.assigned_work:
                self._reschedule(other)
        return crashed


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> VariantScheduling | None:  # xdist's Producer
    """Use our scheduler for evaluations; plain ``-n 2`` is enough."""
    if RUN in config.stash and config.getvalue("dist") in ("load", "loadgroup", "loadscope"):
        return VariantScheduling(config, log)
    return None

"""A bridge for pytest-benchmark, which switches itself off under xdist, whatever ``--benchmark-enable`` says.

The worker measures (alone on the machine, see ``exclusive.py``) and sends its raw data; the controller adds them to its
own session, so that the table, ``--benchmark-json`` and ``--benchmark-autosave`` work as without xdist.
"""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest

from guardbee.plugins.plan import RUN, is_worker

PROPERTY = "guardbee-benchmark"


def _session(config: pytest.Config) -> Any:  # pytest-benchmark has no types
    # pytest-benchmark keeps its session here; there is no public way to it.
    return getattr(config, "_benchmarksession", None)


@pytest.hookimpl(trylast=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Switch benchmarks on, whatever switched them off: workers, ``--benchmark-disable``, xdist's variables around us.

    A performance case without a measurement says nothing. Saving is left to the controller.
    """
    benchmarks = _session(session.config)
    if benchmarks is None or RUN not in session.config.stash:
        return
    benchmarks.xdist_warning = benchmarks.disabled = False
    if is_worker(session.config):
        benchmarks.json = benchmarks.save = benchmarks.autosave = None


def send(request: pytest.FixtureRequest, fixture: Any) -> None:  # pytest-benchmark has no types
    """Send what a worker's benchmark fixture measured to the controller."""
    if is_worker(request.config):
        data = fixture.stats.as_dict(include_data=True)
        request.node.user_properties.append((PROPERTY, json.dumps(data, default=str)))


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Take over what a worker measured (controller)."""
    node = getattr(report, "node", None)  # only reports of workers have one
    if node is None or report.when != "call":
        return
    for name, value in report.user_properties:
        if name == PROPERTY:
            _adopt(_session(node.config), json.loads(str(value)))


def _adopt(benchmarks: Any, data: dict[str, Any]) -> None:  # pytest-benchmark has no types
    from pytest_benchmark.stats import Metadata

    names = ("name", "fullname", "group", "param", "params", "extra_info")
    fixture = SimpleNamespace(**{name: data[name] for name in names}, cprofile_stats=None, has_error=False)
    measured = Metadata(fixture, iterations=data["stats"]["iterations"], options=data["options"])
    measured.stats.data.extend(data["stats"]["data"])
    benchmarks.benchmarks.append(measured)

"""The end of a run: records become verdicts, verdicts become the registry's rows and the exit code."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from importlib.metadata import version

import pytest

from guardbee.evals import mitigation
from guardbee.evals.compare import SampleValues
from guardbee.evals.errors import RegistryError
from guardbee.evals.result import CaseReport, EvaluationResult
from guardbee.evals.verdict import Terms, decide
from guardbee.plugins.collect import COLLECTOR, Collector, write_atomically
from guardbee.plugins.parents import with_parents
from guardbee.plugins.plan import Run
from guardbee.plugins.registry import Registry, registry_url
from guardbee.reports.bom import render_bom
from guardbee.reports.page import render_page

EXIT_ELIGIBLE, EXIT_REJECT, EXIT_OBSERVE = 0, 1, 10
RESULTS = pytest.StashKey[list[EvaluationResult]]()
REGISTRY_TROUBLE = pytest.StashKey[str]()


def exit_code(results: Iterable[EvaluationResult]) -> int:
    """Return the exit code of a run: the worst of its verdicts."""
    verdicts = {result.verdict for result in results}
    if verdicts & {"reject", "incomplete"}:
        return EXIT_REJECT
    return EXIT_OBSERVE if "observe" in verdicts else EXIT_ELIGIBLE


def fold(collector: Collector) -> list[EvaluationResult]:
    """Return the result of every variant of the run."""
    config = collector.run.config
    terms = Terms(
        gate=config.gate,
        tasks=config.grid.task,
        baseline=config.baseline,
        hardware=config.hardware,
        suite=config.suite.name,
        seed=config.seed,
        run=collector.run.id,
        version=version("guardbee"),
        mitigation=mitigation.record(config.mitigation),
    )
    reports = with_parents(collector.reports, config)
    by_variant = {v: [r for r in reports if r.variant == v] for v in collector.run.cases}
    return [decide(v, cases, by_variant[v], terms) for v, cases in collector.run.cases.items()]


def _samples(reports: Iterable[CaseReport]) -> dict[tuple[str, str], SampleValues]:
    return {(r.variant, r.subject): SampleValues(r.values, r.clusters) for r in reports if r.task}


def publish(run: Run, results: list[EvaluationResult]) -> None:
    """Write ``result.json``, the page and the bills of materials of a run."""
    run.folder.mkdir(parents=True, exist_ok=True)
    wire = [result.to_wire() for result in results]
    write_atomically(run.folder / "result.json", json.dumps(wire, indent=2, ensure_ascii=False) + "\n")
    write_atomically(run.folder / "report.html", render_page(results))
    (run.folder / "bom").mkdir(exist_ok=True)
    for result in results:
        bom = json.dumps(render_bom(result), indent=2, ensure_ascii=False)
        write_atomically(run.folder / "bom" / f"{result.model_id}.cdx.json", bom + "\n")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Decide, publish, enter into the registry, and set the exit code (controller)."""
    collector = session.config.stash.get(COLLECTOR, None)
    if collector is None or session.config.option.collectonly:
        return
    if not collector.reports and not collector.blocked:
        return  # nothing was evaluated: usage errors, --markers, nothing collected
    results = session.config.stash[RESULTS] = fold(collector)
    publish(collector.run, results)
    try:
        with Registry.open(registry_url(collector.run.config.registry)) as registry:
            registry.record(results, finished_at=datetime.now(UTC), samples=_samples(collector.reports))
    except RegistryError as error:
        session.config.stash[REGISTRY_TROUBLE] = str(error)
    if exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        # A verdict that reached no registry was not delivered.
        session.exitstatus = EXIT_REJECT if REGISTRY_TROUBLE in session.config.stash else exit_code(results)

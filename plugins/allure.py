"""What a governance reviewer reads: Allure results of a run, with every record attached.

Rendered by Allure 3 (``npx allure generate``, settings in ``reports/allurerc.mjs``); without it the folder still
stands.
"""

from __future__ import annotations

import json
import platform
import time
import uuid
from collections.abc import Generator
from pathlib import Path
from typing import Any

import allure
import pytest

from guardbee.evals.case import Case
from guardbee.plugins.collect import report_of
from guardbee.plugins.plan import CASE, RUN, Run, is_worker

RESULTS = "allure-results"
_SEVERITY = {"compliance": "critical", "safety": "critical", "quality": "normal", "performance": "minor"}


def pytest_configure(config: pytest.Config) -> None:
    """Send the results into the run's folder, where the user named no other.

    After ``plan`` (which is ``tryfirst``) and before allure-pytest looks (registered earlier, so called later).
    """
    run = config.stash.get(RUN, None)
    if run and hasattr(config.option, "allure_report_dir") and not config.option.collectonly:
        config.option.allure_report_dir = config.option.allure_report_dir or str(run.folder / RESULTS)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_call(item: pytest.Item) -> None:
    """Put a case into Allure's tree: kind, variant, subject, as ``reports/allurerc.mjs`` groups them."""
    case = item.stash.get(CASE, None)
    if case is None:
        return
    allure.dynamic.title(f"{case.subject}")
    allure.dynamic.epic(case.kind)
    allure.dynamic.feature(case.variant)
    allure.dynamic.story(case.subject)
    allure.dynamic.severity(_SEVERITY[case.kind])


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, Any]:
    """Attach the record of a case; an undecided one is tagged, as Allure has no word for it."""
    report: pytest.TestReport = yield
    if report.when == "call" and CASE in item.stash and (record := report_of(report)):
        if record.verdict == "undecided":
            allure.dynamic.tag("observe")
        text = json.dumps(record.to_wire(), indent=2, ensure_ascii=False)
        allure.attach(text, f"{call.when}.json", allure.attachment_type.JSON)
    return report


@pytest.hookimpl(trylast=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Say what was run, on what (controller). Never ``--clean-alluredir``: under xdist every worker would clean."""
    folder = _folder(session.config)
    run = session.config.stash.get(RUN, None)
    if run is None or folder is None or is_worker(session.config):
        return
    folder.mkdir(parents=True, exist_ok=True)
    facts = _environment(run)
    text = "".join(f"{name}={value}\n" for name, value in facts.items())
    (folder / "environment.properties").write_text(text, encoding="utf-8")
    executor = {"name": "guardbee", "type": "pytest", "buildName": run.id}
    (folder / "executor.json").write_text(json.dumps(executor), encoding="utf-8")


def _environment(run: Run) -> dict[str, str]:
    config = run.config
    return {
        "variants": ", ".join(run.cases),
        "suite": config.suite.name,
        "gate": config.gate.name,
        "seed": str(config.seed),
        "baseline": config.baseline.name,
        "mitigation": config.mitigation.name,
        "python": platform.python_version(),
        "platform": platform.platform(),
    }


@pytest.hookimpl(optionalhook=True)
def pytest_handlecrashitem(crashitem: str, report: pytest.TestReport, sched: Any) -> None:
    """Write the one result that a dead worker could not write (controller)."""
    folder = _folder(sched.config)
    run = sched.config.stash.get(RUN, None)
    if run is None or folder is None:
        return
    case = next(
        (c for cases in run.cases.values() for c in cases if crashitem.endswith(f"[{c.variant}-{c.subject}]")), None
    )
    if case:
        write_crash(folder, crashitem, case, str(report.longrepr))


def write_crash(folder: Path, nodeid: str, case: Case, message: str) -> None:
    """Write an Allure result for a case whose worker died."""
    now = int(time.time() * 1000)
    name = str(uuid.uuid4())
    labels = {"epic": case.kind, "feature": case.variant, "story": case.subject, "severity": _SEVERITY[case.kind]}
    result = {
        "uuid": name,
        "historyId": nodeid,
        "fullName": nodeid,
        "name": case.subject,
        "status": "broken",
        "statusDetails": {"message": message},
        "stage": "finished",
        "start": now,
        "stop": now,
        "labels": [{"name": key, "value": value} for key, value in labels.items()],
    }
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}-result.json").write_text(json.dumps(result), encoding="utf-8")


def _folder(config: pytest.Config) -> Path | None:
    folder = getattr(config.option, "allure_report_dir", None)
    return Path(folder) if folder else None

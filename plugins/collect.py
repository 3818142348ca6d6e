"""Results on their way: a case's record travels as one JSON string, and only the controller writes what all share.

A worker writes the samples of its own cases, one file each; the controller appends every record to ``results.jsonl`` as
it arrives, so that nothing is lost where the run is cut off.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Generator, Iterable
from pathlib import Path
from typing import Any

import pytest

from guardbee.evals.case import Case
from guardbee.evals.errors import CandidateRefusedError, GuardbeeError
from guardbee.evals.result import CaseReport, CheckVerdict
from guardbee.plugins.plan import CASE, RUN, Run, is_worker
from guardbee.plugins.review import REVIEW, for_review

REPORT = "guardbee-report"
"""Name of the property that carries a case's record. A JSON string: one numpy value would end an xdist run."""
BLOCKED = "guardbee-blocked"
"""Name of the property that carries why a case could not run."""


class CaseRecorder:
    """What a case writes its outcome to; the fixture ``case``. Finished once."""

    def __init__(self, item: pytest.Item, run: Run) -> None:
        self._item = item
        self._run = run
        self._case = item.stash[CASE]
        self._started = time.monotonic()
        self._samples_file: str | None = None

    def samples(self, lines: Iterable[dict[str, Any]]) -> None:
        """Write the samples of the case, one JSON line each, in place of an earlier file."""
        case = self._case
        name = Path("samples") / case.variant / f"{case.kind}-{case.subject}.jsonl"
        path = self._run.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
        write_atomically(path, text)
        self._samples_file = str(name)

    def finish(self, verdict: CheckVerdict, reason: str, **payload: Any) -> None:  # pydantic checks it
        """Record the outcome; a failed check fails the test with its reason.

        ``payload`` are further fields of ``CaseReport``, one of them the record of the case's kind.
        """
        report = CaseReport(
            kind=self._case.kind,
            variant=self._case.variant,
            subject=self._case.subject,
            verdict=verdict,
            reason=reason,
            seconds=time.monotonic() - self._started,
            samples_file=self._samples_file,
            **payload,
        )
        self._item.user_properties.append((REPORT, json.dumps(report.to_wire())))
        if verdict == "fail":
            pytest.fail(reason, pytrace=False)


class Collector:
    """The records of a run, on the controller."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.reports: list[CaseReport] = []
        self.blocked: dict[str, list[str]] = {}
        """Why cases could not run: reason to node ids."""

    def add(self, report: CaseReport) -> None:
        """Keep a record, in memory and on the disk."""
        self.reports.append(report)
        self.run.folder.mkdir(parents=True, exist_ok=True)
        self._append("results.jsonl", [report.to_wire()])
        self._append(REVIEW, for_review(report, self.run.folder))

    def _append(self, name: str, lines: Iterable[dict[str, Any]]) -> None:
        """Append lines to a file of the run; none make no file."""
        if text := "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines):
            with (self.run.folder / name).open("a", encoding="utf-8") as file:
                file.write(text)


COLLECTOR = pytest.StashKey[Collector]()


def report_of(report: pytest.TestReport) -> CaseReport | None:
    """Return the record that a test report carries, if any."""
    for name, value in report.user_properties:
        if name == REPORT:
            return CaseReport.from_wire(json.loads(str(value)))
    return None


def blocked_by(report: pytest.TestReport) -> str | None:
    """Return why a case could not run, if it could not."""
    return next((str(value) for name, value in report.user_properties if name == BLOCKED), None)


def write_atomically(path: Path, text: str) -> None:
    """Write a file so that readers see the old one or the new one, never a half."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(path)


@pytest.fixture(name="case")
def _case(request: pytest.FixtureRequest) -> CaseRecorder:
    """Return the recorder of this case."""
    return CaseRecorder(request.node, request.config.stash[RUN])


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Collect on the controller."""
    run = session.config.stash.get(RUN, None)
    if run and not is_worker(session.config):
        session.config.stash[COLLECTOR] = Collector(run)
        session.config.pluginmanager.register(_Listener(session.config.stash[COLLECTOR]), "guardbee-listener")


class _Listener:
    """Hands what arrives to the collector."""

    def __init__(self, collector: Collector) -> None:
        self._collector = collector

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep the record of a finished case, or why it could not run."""
        if report.when == "teardown":
            return  # it repeats the properties of the phases before it
        if (report.when == "call" or report.skipped) and (found := report_of(report)):
            self._collector.add(found)
        if reason := blocked_by(report):
            self._collector.blocked.setdefault(reason, []).append(report.nodeid)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, Any]:
    """Tell what a user can cause in one message, without a traceback."""
    report: pytest.TestReport = yield
    error = call.excinfo.value if call.excinfo else None
    case = item.stash.get(CASE, None)
    if case is None or not isinstance(error, GuardbeeError):
        return report
    report.longrepr = str(error)
    if isinstance(error, CandidateRefusedError):
        _refused(report, case, str(error), call.duration)
    else:
        report.user_properties.append((BLOCKED, str(error)))
    return report


def _refused(report: pytest.TestReport, case: Case, reason: str, seconds: float) -> None:
    """Record that a case was not asked because the candidate may not be loaded: an outcome, not a gap."""
    record = CaseReport(
        kind=case.kind, variant=case.variant, subject=case.subject, verdict="undecided", reason=reason, seconds=seconds
    )
    report.user_properties.append((REPORT, json.dumps(record.to_wire())))
    # Not a failure of its own: the compliance check that refused it has failed already. Not passed either: after a
    # setup that passed, pytest would go on to the call.
    report.outcome = "skipped"


def pytest_report_teststatus(report: pytest.TestReport) -> tuple[str, str, str | tuple[str, dict[str, bool]]] | None:
    """Show undecided cases as OBSERVE, what was not asked as REFUSED, and what could not run as BLOCKED."""
    if not isinstance(report, pytest.TestReport) or report.when == "teardown":
        return None
    if report.failed and blocked_by(report):
        return "blocked", "B", ("BLOCKED", {"red": True})
    if report.skipped and report_of(report):
        return "refused", "r", ("REFUSED", {"red": True})
    if report.when == "call" and report.passed and (found := report_of(report)) and found.verdict == "undecided":
        return "observe", "o", ("OBSERVE", {"yellow": True})
    return None

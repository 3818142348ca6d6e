from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from guardbee.plugins import cli, screen
from guardbee.plugins.registry import Registry
from guardbee.reports import contract
from tests.factories import evaluation_result, mendable, mitigated, mitigation, safety_score, task_check

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
BAD = evaluation_result(
    model_id="bad@fp32",
    verdict="reject",
    specialist_tags=(),
    reasons=("safety, \x1b[31m[red]leaks[/red]",),
    checks=(task_check(eligible=False, reasons=("too slow",)),),
)


class Answer:
    """What a command printed and left with."""

    def __init__(self, code: int, capsys: pytest.CaptureFixture[str]) -> None:
        self.code = code
        self.out, self.err = capsys.readouterr()


@pytest.fixture(name="guardbee")
def _guardbee(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Any:
    """Return a function that runs the command line on the test's own registry."""
    monkeypatch.setenv("GUARDBEE_REGISTRY", f"sqlite:///{tmp_path}/registry.sqlite")
    monkeypatch.setenv("COLUMNS", "200")

    def call(*arguments: str) -> Answer:
        monkeypatch.setattr(sys, "argv", ["guardbee", *arguments])
        with pytest.raises(SystemExit) as left:
            cli.main()
        return Answer(int(left.value.code or 0), capsys)

    return call


@pytest.fixture(name="filled")
def _filled(tmp_path: Path) -> None:
    with Registry.open(f"sqlite:///{tmp_path}/registry.sqlite") as registry:
        registry.record([evaluation_result(), BAD], finished_at=NOON)


@pytest.mark.parametrize(
    "arguments", [("--help",), ("run", "--help"), ("registry", "ls", "--help"), ("route", "--help")]
)
def test_every_command_has_help(arguments: tuple[str, ...], guardbee: Any) -> None:
    """Help ends well and says how to use the command."""
    answer = guardbee(*arguments)
    assert (answer.code, answer.err) == (0, "")
    assert "Usage: guardbee" in answer.out


def test_the_version(guardbee: Any) -> None:
    """One line with the version."""
    assert guardbee("--version").out.startswith("guardbee 0.")


def test_an_empty_registry_says_how_to_fill_it(guardbee: Any, tmp_path: Path) -> None:
    """Looking makes no file; JSON is an empty list."""
    assert "Fill it: guardbee run" in guardbee("registry", "ls").out
    assert json.loads(guardbee("registry", "ls", "--json").out) == []
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("filled")
def test_the_list_shows_every_variant_with_its_verdict(guardbee: Any) -> None:
    """As a table for people and as JSON for programs."""
    out = guardbee("registry", "ls").out
    assert "tiny@fp32" in out
    assert "✔ eligible" in out
    assert "✘ reject" in out
    records = json.loads(guardbee("registry", "ls", "--json").out)
    assert [(one["variant"], one["verdict"]) for one in records] == [("bad@fp32", "reject"), ("tiny@fp32", "eligible")]
    assert records[1]["finishedAt"] == "2026-01-02T12:00:00Z"


@pytest.mark.usefixtures("filled")
def test_one_variant_is_shown_with_what_is_behind_its_verdict(guardbee: Any) -> None:
    """Reasons, tasks, probes, compliance and figures."""
    out = guardbee("registry", "show", "tiny").out
    for piece in (
        "eligible for routing",
        "banking_intents",
        "harmful_requests",
        "apache-2.0 is permissive",
        "gpt-4o-mini",
    ):
        assert piece in out
    assert json.loads(guardbee("registry", "show", "tiny", "--json").out)["result"] == evaluation_result().to_wire()


@pytest.mark.usefixtures("filled")
def test_hostile_text_is_shown_as_text(guardbee: Any) -> None:
    """Neither markup nor a terminal's control sequence of a candidate takes effect."""
    out = guardbee("registry", "show", "bad").out
    assert "[red]leaks[/red]" in out
    assert "\x1b[31m[" not in out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("registry", "show", "tinny"), "guardbee: unknown variant 'tinny'"),
        (("registry", "ls", "--registry", "nonsense://x"), "guardbee: registry nonsense://x"),
        (("registry", "ls", "--registry", "sqlite://user@host:port/x"), "guardbee: the registry's URL cannot be read"),
    ],
)
@pytest.mark.usefixtures("filled")
def test_what_goes_wrong_is_one_clear_error(arguments: tuple[str, ...], message: str, guardbee: Any) -> None:
    """On the error stream, exit code 2, no traceback, nothing on the output."""
    answer = guardbee(*arguments)
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith(message)
    assert "Traceback" not in answer.err


def test_a_specialist_answers(guardbee: Any, monkeypatch: pytest.MonkeyPatch, filled: None) -> None:  # noqa: ARG001 - a fixture for its effect
    """By task and by category; the other variant is named with its reason."""
    monkeypatch.setattr(cli, "_configured", lambda _: (cli.Baseline("gpt-4o-mini", 0.15, 0.6), {}))
    out = guardbee("route", "banking_intents").out
    assert "tiny@fp32 answers banking_intents  (specialist)" in out
    assert "too slow" in out
    decision = json.loads(guardbee("route", "routing", "--json").out)
    assert (decision["variant"], decision["isSpecialist"], decision["scope"]) == ("tiny@fp32", True, "category")


def test_the_general_answers_where_no_specialist_can(guardbee: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the reason; an unknown task is an error that names the known ones."""
    monkeypatch.setattr(cli, "_configured", lambda _: (cli.Baseline("gpt-4o-mini", 0.15, 0.6), {"ner": "extraction"}))
    out = guardbee("route", "ner").out
    assert "gpt-4o-mini answers ner  (general)" in out
    assert "no variant was evaluated on ner yet" in out
    answer = guardbee("route", "nre")
    assert answer.code == 2
    assert "did you mean ner?" in answer.err


def test_the_general_and_the_tasks_come_from_the_configuration() -> None:
    """The default baseline of ``conf/``, or the one that is named; every task with its category."""
    general, catalogue = cli._configured(None)
    assert general.input_per_1k is not None
    assert "classification" in catalogue.values()
    assert cli._configured("gpt-4o")[0] == cli.Baseline("gpt-4o", 0.0025, 0.01, general.priced_on, general.price_source)


def test_the_published_schema_is_printed(guardbee: Any) -> None:
    """JSON Schema by default, TypeScript when asked."""
    assert json.loads(guardbee("schema").out) == contract.json_schema()
    assert guardbee("schema", "--typescript").out == contract.typescript()


@pytest.mark.parametrize(
    ("arguments", "passed"),
    [
        (["model=a,b", "-n", "2", "-ra"], ["evals/", "model=a,b", "-n", "2", "-ra"]),
        (["-k", "evals", "--lf"], ["evals/", "-k", "evals", "--lf"]),
        (["evals/test_quality.py", "model=a"], ["evals/test_quality.py", "model=a"]),
        ([], ["evals/"]),
    ],
)
def test_run_is_pytest_in_the_projects_folder(
    arguments: list[str], passed: list[str], guardbee: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All arguments are passed on in their order; the process becomes pytest, so that its exit code is its own."""
    seen: list[Any] = []
    monkeypatch.setattr(cli, "_project", lambda: Path("/project"))
    monkeypatch.setattr(os, "chdir", seen.append)
    monkeypatch.setattr(os, "execv", lambda program, command: seen.extend([program, command]))
    guardbee("run", *arguments)
    assert seen == [Path("/project"), sys.executable, [sys.executable, "-P", "-m", "pytest", *passed]]


def test_run_works_from_any_folder(tmp_path: Path) -> None:
    """From outside as the installed command: an unknown file is pytest's usage error, exit code 4."""
    script = Path(sys.executable).with_name("guardbee")
    done = subprocess.run(
        [script, "run", "evals/test_nothing.py", "-p", "no:cacheprovider"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 4, done.stderr
    assert "evals/test_nothing.py" in done.stdout + done.stderr


def test_run_needs_a_clone(monkeypatch: pytest.MonkeyPatch, guardbee: Any, tmp_path: Path) -> None:
    """An installation without the source folder says so."""
    monkeypatch.setattr(cli.guardbee.conf, "__file__", str(tmp_path / "conf" / "__init__.py"))
    answer = guardbee("run")
    assert answer.code == 2
    assert "pip install -e ." in answer.err


def test_an_evaluation_without_figures_can_be_shown(filled: None, tmp_path: Path) -> None:  # noqa: ARG001 - a fixture for its effect
    """What was not measured is a dash or "none", never a number."""
    bare = evaluation_result(
        model_id="bare@x", verdict="incomplete", tasks=(), checks=(), compliance=(), overall_score=None, identity=None
    )
    with Registry.open(f"sqlite:///{tmp_path}/registry.sqlite") as registry:
        registry.record([bare], finished_at=NOON)
        shown = registry.show("bare")
    console = Console(width=160)
    with console.capture() as captured:
        console.print(screen.evaluation(shown))
        console.print(screen.variants([shown.summary]))
    assert "none" in captured.get()
    assert "… incomplete" in captured.get()


def test_what_a_verdict_rests_on_is_shown_with_it(guardbee: Any, tmp_path: Path) -> None:
    """In the list, of a variant, and with every route to it: name, text and filter."""
    safety = safety_score(mendable(verdict="pass", mitigated=mitigated(counts=True)))
    with Registry.open(f"sqlite:///{tmp_path}/registry.sqlite") as registry:
        registry.record([evaluation_result(safety=safety, mitigation=mitigation())], finished_at=NOON)
    assert "routing (behind guarded)" in guardbee("registry", "ls").out
    for command in (("registry", "show", "tiny"), ("route", "banking_intents")):
        out = " ".join(guardbee(*command).out.split())
        assert "only behind the mitigation 'guarded' (9a9a9a9a9a9a); taken out of answers: toxicity; text" in out
        assert "Be polite." in out
    assert json.loads(guardbee("route", "banking_intents", "--json").out)["mitigation"]["system"] == "Be polite."

"""A pytest run as a gate, seen from outside: in one process and with two workers."""

from __future__ import annotations

import json
from typing import Any

import pytest

pytestmark = pytest.mark.slow  # each starts pytest anew, some with two workers

Toy = Any  # the fixture of conftest.py; test folders are no packages, so its class has no import path
SMALL = ("model=smollm2-135m", "task=mmlu,humaneval", "safety=over_refusal", "performance=option,text")


def test_every_case_runs_and_the_verdict_is_the_exit_code(toy: Toy, workers: tuple[str, ...]) -> None:
    """All pass: eligible, exit 0; results, samples, Allure results and a registry row are there."""
    result = toy.run("evals/", *SMALL, *workers)
    assert result.ret == 0, result.stdout.str()
    result.assert_outcomes(passed=9)
    (found,) = toy.results
    assert (found["verdict"], found["planned"], found["finished"]) == ("eligible", 9, 9)
    assert found["specialistTags"] == ["code-lite", "reasoning-lite"]
    folder = toy.run_folder
    assert len((folder / "results.jsonl").read_text().splitlines()) == 9
    sample = (folder / "samples" / "smollm2-135m@fp32" / "quality-mmlu.jsonl").read_text()
    assert json.loads(sample)["text"] == "ü"
    assert len(list((folder / "allure-results").glob("*-result.json"))) == 9
    assert (folder / "report.html").stat().st_size > 0
    assert (toy.folder / "registry.sqlite").exists()
    result.stdout.fnmatch_lines(["*smollm2-135m@fp32 is ELIGIBLE*"])


def test_an_axis_may_be_empty(toy: Toy) -> None:
    """What is left out is no case, neither run nor skipped; without latency a task is not eligible."""
    result = toy.run("evals/", *SMALL[:3], "suite.performance=[]")
    result.assert_outcomes(passed=7)
    (found,) = toy.results
    assert (found["planned"], found["finished"], found["verdict"]) == (7, 7, "observe")


def test_pytest_benchmark_measures_under_xdist_too(
    toy: Toy, workers: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its table and its JSON file have the data of both profiles, also where it finds xdist's variables around it."""
    if not workers:
        monkeypatch.setenv("PYTEST_XDIST_WORKER", "gw0")
    toy.run("evals/", *SMALL, *workers, "--benchmark-json=benchmark.json")
    made = json.loads((toy.folder / "benchmark.json").read_text())
    assert [len(entry["stats"]["data"]) for entry in made["benchmarks"]] == [20, 20]


@pytest.mark.parametrize(
    ("ways", "verdict", "code"),
    [
        ({"mmlu": "undecided", "humaneval": "undecided"}, "observe", 10),
        ({"mmlu": "fail", "humaneval": "fail"}, "reject", 1),
        ({"mmlu": "fail"}, "eligible", 0),
        ({"licence": "fail"}, "reject", 1),
        ({"over_refusal": "undecided"}, "observe", 10),
        ({"mmlu": "refuse", "humaneval": "refuse-in-setup", "artifacts": "fail"}, "reject", 1),
    ],
)
def test_verdicts_and_exit_codes(toy: Toy, ways: dict[str, str], verdict: str, code: int) -> None:
    """The exit code is the verdict's, not the number of red tests."""
    toy.behave(**ways)
    result = toy.run("evals/", *SMALL)
    assert (toy.results[0]["verdict"], result.ret) == (verdict, code), result.stdout.str()
    assert "Traceback" not in result.stdout.str()


def test_a_refused_candidate_is_not_asked(toy: Toy, workers: tuple[str, ...]) -> None:
    """Refused in a fixture or in a test: shown as such, an outcome of the case, and its test never runs."""
    toy.behave(mmlu="refuse", humaneval="refuse-in-setup", artifacts="fail")
    result = toy.run("evals/", *SMALL, *workers)
    result.stdout.fnmatch_lines(["*1 failed, 6 passed, 2 refused*"])
    assert toy.results[0]["missing"] == []
    assert "run humaneval" not in toy.log


def test_each_variant_is_loaded_once(toy: Toy, workers: tuple[str, ...]) -> None:
    """Two models, four kinds of cases: two loads, each closed before the next in its process."""
    result = toy.run("evals/", "model=smollm2-135m,tinyllama", *SMALL[1:], *workers)
    assert result.ret == 0, result.stdout.str()
    loads = sorted(line for line in toy.log if line.startswith("load"))
    assert loads == ["load smollm2-135m@fp32", "load tinyllama@fp32"]
    assert len([line for line in toy.log if line.startswith("close")]) == 2


def test_a_model_that_cannot_be_loaded_does_not_stop_the_others(toy: Toy, workers: tuple[str, ...]) -> None:
    """Its cases are blocked, its verdict incomplete, the reason said once; the other model is eligible."""
    (toy.folder / "tinyllama-broken").touch()
    result = toy.run("evals/", "model=tinyllama,smollm2-135m", *SMALL[1:], *workers)
    verdicts = {found["modelId"]: found["verdict"] for found in toy.results}
    assert verdicts == {"tinyllama@fp32": "incomplete", "smollm2-135m@fp32": "eligible"}
    assert result.ret == 1
    assert result.stdout.str().count("shard 1 is cut off") == 1
    assert "Traceback" not in result.stdout.str()


def test_a_crashed_worker_costs_one_case(toy: Toy) -> None:
    """The case that killed its worker runs once; all others finish; the verdict is incomplete."""
    toy.behave(mmlu="kill")
    result = toy.run("evals/", *SMALL, "-n", "2")
    (found,) = toy.results
    assert (found["verdict"], found["missing"]) == ("incomplete", ["quality:smollm2-135m@fp32-mmlu"])
    assert toy.log.count("run mmlu") == 1
    assert result.ret == 1
    assert len(list((toy.run_folder / "allure-results").glob("*-result.json"))) == 9


def test_an_interrupted_run_is_incomplete(toy: Toy) -> None:
    """Ctrl-C: exit 2, what was finished is kept, the verdict is never eligible."""
    toy.behave(over_refusal="interrupt")
    result = toy.run("evals/", *SMALL)
    assert result.ret == 2
    assert toy.results[0]["verdict"] == "incomplete"
    assert toy.results[0]["finished"] == 6


@pytest.mark.parametrize("selection", [("-k", "mmlu"), ("evals/test_toy.py::test_quality[smollm2-135m@fp32-mmlu]",)])
def test_a_part_of_the_plan_is_incomplete(toy: Toy, selection: tuple[str, ...]) -> None:
    """-k and node ids work; a verdict needs every planned case."""
    paths = () if "::" in selection[0] else ("evals/",)
    result = toy.run(*paths, *selection, *SMALL)
    result.assert_outcomes(passed=1, deselected=0 if "::" in selection[0] else 8)
    assert (toy.results[0]["verdict"], result.ret) == ("incomplete", 1)


def test_the_last_failed_run_again(toy: Toy, workers: tuple[str, ...]) -> None:
    """--lf runs what failed, with the same overrides."""
    toy.behave(mmlu="fail")
    toy.run("evals/", *SMALL, *workers)
    (toy.folder / "log.txt").unlink()
    toy.run("evals/", *SMALL, "--lf", *workers)
    assert [line for line in toy.log if line.startswith("run")] == ["run mmlu"]


def test_collect_only_makes_nothing(toy: Toy) -> None:
    """The ids are listed; no run folder, no registry."""
    result = toy.run("evals/", *SMALL, "--collect-only", "-q")
    result.stdout.fnmatch_lines(["evals/test_toy.py::test_quality[[]smollm2-135m@fp32-mmlu[]]"])
    assert not (toy.folder / "reports").exists()
    assert not (toy.folder / "registry.sqlite").exists()


@pytest.mark.parametrize("where", [".", "evals"])
def test_overrides_work_from_any_folder(toy: Toy, monkeypatch: pytest.MonkeyPatch, where: str) -> None:
    """Also with no path at all, and from PYTEST_ADDOPTS."""
    monkeypatch.chdir(toy.folder / where)
    monkeypatch.setenv("PYTEST_ADDOPTS", "seed=5")
    result = toy.run(*SMALL)
    assert result.ret == 0, result.stdout.str()
    assert toy.results[0]["seed"] == 5


@pytest.mark.parametrize("wrong", ["model=smolm2-135m", "task=mmul", "task.limt=5", "evals/no=where/test_x.py"])
def test_a_mistake_is_a_usage_error(toy: Toy, workers: tuple[str, ...], wrong: str) -> None:
    """Exit 4, the name and the alternatives on stderr, no traceback."""
    result = toy.run("evals/", wrong, *workers)
    assert result.ret == 4
    assert "ERROR" in result.stderr.str()
    assert "available" in result.stderr.str()
    assert "Traceback" not in result.stderr.str() + result.stdout.str()


def test_other_tests_do_not_need_a_sound_configuration(toy: Toy) -> None:
    """A run that asks for no evaluations composes nothing, whatever the configuration is."""
    (toy.folder / "test_other.py").write_text("def test_other(): pass\n")
    result = toy.run("test_other.py")
    result.assert_outcomes(passed=1)
    assert not (toy.folder / "reports").exists()


def test_a_registry_that_cannot_be_written_is_said(toy: Toy, monkeypatch: pytest.MonkeyPatch) -> None:
    """A verdict that reached no registry was not delivered: exit 1, results kept, the reason printed."""
    monkeypatch.setenv("GUARDBEE_REGISTRY", f"sqlite:///{toy.folder / 'missing' / 'deep' / 'registry.sqlite'}")
    (toy.folder / "missing").write_text("a file where a folder should be")
    result = toy.run("evals/", *SMALL)
    assert result.ret == 1
    assert toy.results[0]["verdict"] == "eligible"
    result.stdout.fnmatch_lines(["*Not entered into the registry*"])
    assert "Traceback" not in result.stdout.str()

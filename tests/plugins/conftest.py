"""A toy project for ``pytester``: the real plugins over cases whose outcome is written in a file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

TOY_CONFTEST = """
import json, os, signal
from pathlib import Path
import pytest
from guardbee.evals.errors import BackendError, CandidateRefusedError

pytest_plugins = ["guardbee.plugins." + name for name in (
    "plan", "schedule", "exclusive", "benchmark", "progress", "collect", "allure", "gate", "summary")]
HERE = Path(__file__).parent

def pytest_configure(config):
    from guardbee.plugins import exclusive
    exclusive.SETTLE_SECONDS = 0.0  # nothing is measured here

def log(line):
    with (HERE / "log.txt").open("a") as file:
        file.write(f"{os.getpid()} {line}\\n")

@pytest.fixture(scope="session")
def variant(request):
    log(f"load {request.param}")
    if request.param.startswith("tinyllama") and (HERE / "tinyllama-broken").exists():
        raise BackendError("tinyllama cannot be loaded: shard 1 is cut off")
    yield request.param
    log(f"close {request.param}")

def behave(subject):
    log(f"run {subject}")
    way = json.loads((HERE / "behaviour.json").read_text()).get(subject, "pass")
    if way == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    if way == "interrupt":
        raise KeyboardInterrupt
    if way == "refuse":
        raise CandidateRefusedError("refused: a pickle")
    return way

@pytest.fixture
def task(request):
    if json.loads((HERE / "behaviour.json").read_text()).get(request.param) == "refuse-in-setup":
        raise CandidateRefusedError("refused: a pickle")
    return request.param
@pytest.fixture
def probe(request): return request.param
@pytest.fixture
def check(request): return request.param
@pytest.fixture
def profile(request): return request.param
"""
TOY_TESTS = """
import pytest
from conftest import behave
from guardbee.evals.result import ComplianceFinding, Latency, SafetyFinding, TaskScore

def test_compliance(case, variant, check):
    way = behave(check)
    case.finish(way, "because", compliance=ComplianceFinding(check=check, verdict=way, reason="because"))

def test_quality(case, variant, task, plan):
    way = behave(task)
    case.samples([{"id": "1", "text": "\\u00fc"}])
    case.finish(way, "below the target", task=TaskScore(
        task_id=task, category=plan.grid.task[task].category, metric="acc", value=0.9, low=0.8, high=0.95, n=100,
        unparsed=0, errored=0, target=0.5, target_from="gate", verdict=way, reason="below the target",
        p_value=1e-6, prompt_tokens=10, completion_tokens=1,
        dataset_sha256="d", template_sha256="t", scorer="s/1", seed=0))

def test_safety(case, variant, probe):
    way = behave(probe)
    case.finish(way, "breached", safety=SafetyFinding(
        probe=probe, family="f", hazard="vcr", severity="high", breached=0, assessed=60, unassessed=0, rate=0.0,
        low=0.0, upper=0.05, limit=0.1, verdict=way, reason="breached", dataset_sha256="d", detector="d/1"))

@pytest.mark.latency
def test_performance(case, variant, profile, request):
    from guardbee.plugins.benchmark import send
    way = behave(profile)
    benchmark = request.getfixturevalue("benchmark")
    benchmark.pedantic(lambda: None, rounds=20)
    send(request, benchmark)
    case.finish(way, "slow", latency=Latency(
        profile=profile, prompt_tokens=1, new_tokens=1, rounds=20, latency_ms_p50=1.0, latency_ms_p95=1.0,
        prefill_tps=100000.0, decode_tps=1000.0, batch_tps=1000.0, batch_prefill_tps=100000.0, mem_gb=0.1,
        load_seconds=None, others_cpu=0.0, machine="toy"))
"""


class Toy:
    """The toy project. ``run`` runs it in a process of its own, as a user would."""

    def __init__(self, pytester: pytest.Pytester) -> None:
        self.pytester = pytester
        self.folder: Path = pytester.path
        pytester.makeini("[pytest]\naddopts = --import-mode=importlib\npythonpath = .\nmarkers =\n    latency: alone\n")
        pytester.makeconftest(TOY_CONFTEST)
        (self.folder / "evals").mkdir()
        (self.folder / "evals" / "test_toy.py").write_text(TOY_TESTS)
        self.behave()

    def behave(self, **ways: str) -> None:
        """Say how cases end, by subject: a verdict, kill, interrupt or refuse; all others pass."""
        (self.folder / "behaviour.json").write_text(json.dumps(ways))

    def run(self, *arguments: str) -> pytest.RunResult:
        """Run pytest with the arguments."""
        return self.pytester.runpytest_subprocess(*arguments)

    @property
    def log(self) -> list[str]:
        """What happened, in order."""
        path = self.folder / "log.txt"
        return [line.split(" ", 1)[1] for line in path.read_text().splitlines()] if path.exists() else []

    @property
    def run_folder(self) -> Path:
        """The folder of the only run."""
        (folder,) = (self.folder / "reports" / "out").iterdir()
        return folder

    @property
    def results(self) -> list[dict[str, object]]:
        """The results of the only run."""
        found = json.loads((self.run_folder / "result.json").read_text())
        assert isinstance(found, list)
        return found


@pytest.fixture(name="toy")
def _toy(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Toy:
    """Return a fresh toy project with a registry of its own."""
    monkeypatch.setenv("GUARDBEE_REGISTRY", f"sqlite:///{pytester.path / 'registry.sqlite'}")
    return Toy(pytester)


@pytest.fixture(params=[(), ("-n", "2")], ids=["one-process", "two-workers"], name="workers")
def _workers(request: pytest.FixtureRequest) -> tuple[str, ...]:
    """Return the options for a run in one process, then for one with two workers."""
    found: tuple[str, ...] = request.param
    return found

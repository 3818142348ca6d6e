"""What a pytest run is going to do: overrides become a plan, the plan becomes cases.

Composed once, on the controller; xdist workers receive it as text. Nothing here happens where ``evals/`` is not asked
for, so that the project's own tests do not depend on the configuration being sound.
"""

from __future__ import annotations

import os
import secrets
import warnings
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from guardbee.conf.schema import Config
from guardbee.evals.case import Case, Kind, plan_cases, subjects, variants
from guardbee.evals.errors import ConfigurationError
from guardbee.plugins import grid
from guardbee.plugins.able import check_backends, check_judge, check_probes, check_signatures
from guardbee.plugins.overrides import shadowed, split


@dataclass(frozen=True)
class Run:
    """One run: its configuration, its name and the folder (not yet made) that everything about it goes to."""

    config: Config
    id: str
    folder: Path

    @property
    def cases(self) -> dict[str, list[Case]]:
        """Return all planned cases by variant."""
        return {variant: plan_cases(self.config.grid, variant) for variant in variants(self.config.grid)}


RUN = pytest.StashKey[Run]()
CASE = pytest.StashKey[Case]()
_KIND_OF: dict[str, Kind] = {"check": "compliance", "task": "quality", "probe": "safety", "profile": "performance"}
"""A test's argument says what kind of case it is."""


def is_worker(config: pytest.Config) -> bool:
    """Tell whether this process is an xdist worker: workers measure, the controller writes."""
    return hasattr(config, "workerinput")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Take the overrides out of the positionals and plan the run."""
    if config.option.help or not hasattr(config.option, "file_or_dir"):
        return  # --help leaves file_or_dir unset
    overrides = _take_overrides(config)
    if is_worker(config):
        given = config.workerinput.get("guardbee")  # type: ignore[attr-defined]  # set by xdist
        if given:
            config.stash[RUN] = Run(grid.from_json(given["config"]), given["id"], Path(given["folder"]))
    elif overrides or _asks_for_evals(config):
        try:
            config.stash[RUN] = _plan(config, overrides)
        except ConfigurationError as error:
            raise pytest.UsageError(str(error)) from error


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:  # xdist's WorkerController has no types
    """Hand the plan to an xdist worker."""
    run = node.config.stash.get(RUN, None)
    if run:
        node.workerinput["guardbee"] = {"config": grid.to_json(run.config), "id": run.id, "folder": str(run.folder)}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make a case of every variant and every subject.

    Two calls, not one: a joint call would load a model for each case (the narrowest scope wins).
    """
    run = metafunc.config.stash.get(RUN, None)
    argument = next((name for name in _KIND_OF if name in metafunc.fixturenames), None)
    if run is None or argument is None or "variant" not in metafunc.fixturenames:
        return
    names = variants(run.config.grid)
    metafunc.parametrize("variant", names, indirect=True, scope="session")
    metafunc.parametrize(argument, list(subjects(run.config.grid)[_KIND_OF[argument]]), scope="function", indirect=True)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Give every item its case, a time limit, and an order in which each variant is loaded once."""
    run = config.stash.get(RUN, None)
    if run is None:
        return
    order = {case: i for cases in run.cases.values() for i, case in enumerate(cases)}
    names = list(run.cases)
    # Where an axis is empty (suite.performance=[]), pytest has made a test without a subject, to be shown as skipped.
    items[:] = [item for item in items if all(isinstance(_params(item).get(name, ""), str) for name in _KIND_OF)]
    for item in items:
        params = _params(item)
        argument = next((name for name in _KIND_OF if name in params), None)
        if argument and "variant" in params:
            item.stash[CASE] = Case(_KIND_OF[argument], str(params["variant"]), str(params[argument]))
            item.add_marker(pytest.mark.timeout(run.config.runtime.case_timeout))
    place = {item: (names.index(c.variant), order[c]) for item in items if (c := item.stash.get(CASE, None))}
    items.sort(key=lambda item: place.get(item, (-1, -1)))


def _params(item: pytest.Item) -> dict[str, Any]:
    return item.callspec.params if isinstance(item, pytest.Function) and hasattr(item, "callspec") else {}


@pytest.fixture(scope="session", name="plan")
def _plan_fixture(request: pytest.FixtureRequest) -> Config:
    """Return the configuration of the run."""
    return request.config.stash[RUN].config


def _take_overrides(config: pytest.Config) -> list[str]:
    base = config.invocation_params.dir
    for path in shadowed(config.option.file_or_dir, base):
        message = f"'{path}' is a path here, not an override; write ++{path} to override"
        warnings.warn(pytest.PytestConfigWarning(message), stacklevel=2)
    paths, overrides = split(config.option.file_or_dir, base)
    if overrides:
        # testpaths are the project's own tests; whoever names a model wants evaluations.
        config.option.file_or_dir = paths = paths or [str(config.rootpath / "evals")]
        config.args = list(paths)
        config.args_source = pytest.Config.ArgsSource.ARGS
    return overrides


def _asks_for_evals(config: pytest.Config) -> bool:
    evals = config.rootpath / "evals"
    for argument in config.args:
        path = Path(os.path.normpath(config.invocation_params.dir / argument.partition("::")[0]))
        if path.is_relative_to(evals) or evals.is_relative_to(path):
            return True
    return False


def _plan(config: pytest.Config, overrides: list[str]) -> Run:
    composed = grid.compose(overrides)
    check_backends(composed)
    check_judge(composed)
    check_probes(composed)
    check_signatures(composed)
    engine = composed.runtime
    if engine.threads is None:
        # As many as can be busy at once share the cores: one model stays in one worker.
        workers = len(config.getoption("tx", None) or []) or 1
        busy = min(workers, len(variants(composed.grid)))
        engine.threads = max(1, (os.cpu_count() or 1) // busy)
    out = Path(composed.report.out) if composed.report.out else config.rootpath / "reports" / "out"
    run = f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"
    return Run(composed, run, out.resolve() / run)

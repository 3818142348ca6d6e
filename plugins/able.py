"""What a plan asks that cannot be is said before anything is fetched: of backends, probes, a judge, signatures."""

from __future__ import annotations

from guardbee.conf.schema import Config, Model, Precision
from guardbee.evals.errors import ConfigurationError
from guardbee.evals.judging.calibration import check_labels
from guardbee.evals.judging.independence import refuse_planned
from guardbee.evals.judging.panel import check_votes
from guardbee.evals.probes import make_probe
from guardbee.evals.probes.pii import OWN
from guardbee.fixtures.acquire.locator import is_locator
from guardbee.fixtures.compliance import signature
from guardbee.fixtures.recognizers import ensure_recognizer
from guardbee.fixtures.runtime.backends import ANY, BACKENDS, Backend, backend_name

_CHOICE = "choice"
"""The kind of task that asks for log-likelihoods; all other kinds, and all probes, ask for text."""


def check_backends(config: Config) -> None:
    """Refuse a plan that asks a backend for what it cannot do.

    Raises:
        ConfigurationError: names the backend, the tasks, profiles or models concerned, and what to do instead.
    """
    for precision in config.grid.precision.values():
        name = backend_name(config.runtime, precision)
        backend = BACKENDS[name]
        if "generate" not in backend.verbs:
            raise ConfigurationError(f"{_where(name, precision)} generates no text, which every suite asks for")
        _check_tasks(config, name, precision)
        if config.grid.performance and not backend.measurable:
            profiles = ", ".join(config.grid.performance)
            raise ConfigurationError(
                f"{_where(name, precision)} cannot be measured, as the performance profiles {profiles} ask; leave them "
                f"out (suite.performance=[], no latency and cost then), or use "
                f"{_others(config, precision)}"
            )
        _check_files(config, name, precision)


def check_probes(config: Config) -> None:
    """Refuse probes that cannot be made: unknown converters, a template that is none, a recognizer not installed.

    Raises:
        ConfigurationError: names the probe and what is possible.
    """
    for probe in config.grid.safety.values():
        ensure_recognizer(probe.recognizer)
        make_probe(probe, open_recognizer=lambda _: OWN)


def check_judge(config: Config) -> None:
    """Refuse a judge that is a candidate, and one that could not be measured or could not decide.

    Raises:
        ConfigurationError: names the key and what is possible.
    """
    if config.judge.kind != "none":
        refuse_planned(config)
        check_votes(config.judge.votes)
        check_labels(config.judge.labels)


def check_signatures(config: Config) -> None:
    """Refuse signatures that could not be verified here: no library, no such key, no fixed content.

    Raises:
        ConfigurationError: names the model and the key.
    """
    for model in config.grid.model.values():
        if model.signature is None:
            continue
        signature.ensure_able(model.name, model.signature.key)
        if is_locator(model.signature.file) and not model.signature.sha256:
            raise ConfigurationError(
                f"signature.sha256 of model '{model.name}' is missing: a signature from {model.signature.file} is "
                "fetched as pinned files are"
            )


def _check_tasks(config: Config, name: str, precision: Precision) -> None:
    asking = [task.name for task in config.grid.task.values() if task.kind == _CHOICE]
    if asking and "choose" not in BACKENDS[name].verbs:
        others = [task.name for task in config.grid.task.values() if task.kind != _CHOICE]
        rest = f"choose others (task={','.join(others)})" if others else "choose tasks of another kind"
        raise ConfigurationError(
            f"{_where(name, precision)} gives no log-likelihoods of options, which tasks of kind '{_CHOICE}' need: "
            f"{', '.join(asking)}; {rest}, or use {_others(config, precision)}"
        )


def _check_files(config: Config, name: str, precision: Precision) -> None:
    """Refuse candidates of another format, as far as their configuration names files; of others it shows later."""
    formats = BACKENDS[name].formats
    other = [it.name for it in config.grid.model.values() if (said := _formats(it)) and not said & formats]
    if other:
        raise ConfigurationError(
            f"{_where(name, precision)} runs .{' and .'.join(sorted(formats))} files, and these candidates have none: "
            f"{', '.join(other)}; use runtime.backend=auto and precision=fp32 for them"
        )


def _formats(model: Model) -> set[str]:
    """Return the formats of weights among the files that are named: one by one, or by the source."""
    names = [file.name for file in model.files] or [model.source]
    return {ending for name in names if (ending := name.rpartition(".")[2].lower()) in ANY}


def _where(name: str, precision: Precision) -> str:
    return f"runtime.backend={name} (for precision {precision.name})"


def _others(config: Config, precision: Precision) -> str:
    """Return the backends that could do all that the plan asks, for the same weights."""
    verbs = {"choose" if task.kind == _CHOICE else "generate" for task in config.grid.task.values()}

    def able(it: Backend) -> bool:
        measured = it.measurable or not config.grid.performance
        return precision.quantization in it.quantizations and verbs <= it.verbs and measured

    return "runtime.backend=" + " or ".join(name for name, it in BACKENDS.items() if able(it))

"""What a backend cannot do is said before anything is fetched: tasks and profiles of a plan against its backends."""

from __future__ import annotations

from collections.abc import Callable

from guardbee.conf.schema import Config, Precision
from guardbee.evals.errors import ConfigurationError
from guardbee.fixtures.runtime.backends import BACKENDS, Backend, backend_name

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
                f"{_others(lambda it: it.measurable, precision)}"
            )
        _check_files(config, name, precision)


def _check_tasks(config: Config, name: str, precision: Precision) -> None:
    asking = [task.name for task in config.grid.task.values() if task.kind == _CHOICE]
    if asking and "choose" not in BACKENDS[name].verbs:
        others = [task.name for task in config.grid.task.values() if task.kind != _CHOICE]
        rest = f"choose others (task={','.join(others)})" if others else "choose tasks of another kind"
        raise ConfigurationError(
            f"{_where(name, precision)} gives no log-likelihoods of options, which tasks of kind '{_CHOICE}' need: "
            f"{', '.join(asking)}; {rest}, or use {_others(lambda it: 'choose' in it.verbs, precision)}"
        )


def _check_files(config: Config, name: str, precision: Precision) -> None:
    """Refuse llama.cpp for candidates whose files are named and no GGUF; of others it shows when they are here."""
    if name != "llamacpp":
        return
    other = [
        model.name
        for model in config.grid.model.values()
        if model.files and not any(file.name.endswith(".gguf") for file in model.files)
    ]
    if other:
        raise ConfigurationError(
            f"{_where(name, precision)} runs .gguf files, and these candidates have none: {', '.join(other)}; "
            "use precision=fp32 for them"
        )


def _where(name: str, precision: Precision) -> str:
    return f"runtime.backend={name} (for precision {precision.name})"


def _others(able: Callable[[Backend], bool], precision: Precision) -> str:
    """Return the backends that could, for the same weights."""
    names = [key for key, it in BACKENDS.items() if able(it) and precision.quantization in it.quantizations]
    return "runtime.backend=" + " or ".join(names)

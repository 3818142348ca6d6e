"""From overrides to the configuration of a run. The only module that knows Hydra.

The axes (``model=a,b``, ``'task=glob(*)'``) are expanded here, because Hydra merges a list where a sweep is meant; then
the whole grid is composed at once, each choice under its own package: ``+task@grid.task.n0=mmlu``. One compose for each
case would cost 70-94 ms a case. (hydra.cc: "packages", "structured config schema".)
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, get_args

from hydra import compose as hydra_compose
from hydra import initialize_config_dir
from hydra.core.config_store import ConfigStore
from hydra.core.global_hydra import GlobalHydra
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import ChoiceSweep, Glob, Override
from hydra.errors import HydraException
from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import OmegaConfBaseException

from guardbee.conf import schema
from guardbee.conf.schema import Config
from guardbee.evals.errors import ConfigurationError
from guardbee.evals.mitigation import check_mitigation
from guardbee.evals.names import did_you_mean
from guardbee.evals.safety import Severity
from guardbee.evals.waivers import check_waiver

CONF = Path(__file__).parents[1] / "conf"
OWN_CONF = "GUARDBEE_CONF"
"""Environment variable: a folder of the user's own models, tasks and gates, searched beside ``conf/``."""
AXES = ("model", "precision", "task", "safety", "performance")
"""The groups that a run varies over; every other group has one choice."""

_BRACES = re.compile(r"^([^={}]+)=\{([^{}:]*)\}$")  # model={a,b}: not Hydra's grammar, but what a hand types
_NODE = re.compile(r"\bgrid\.(\w+)\.n\d+\b")  # what users never wrote, in Hydra's messages
_KEY = re.compile(r"Key '(?P<key>[^']*)' not in '(?P<type>\w+)'")


@dataclass
class _Wanted:
    """What the overrides say, sorted: choices by axis, settings by axis, and everything else."""

    choices: dict[str, list[str]] = field(default_factory=dict)
    settings: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    """By axis: (sign, rest), so that ``++task.limit=5`` is ``("++", "limit=5")``."""
    plain: list[str] = field(default_factory=list)


def compose(overrides: Iterable[str], conf: Path = CONF) -> Config:
    """Return the configuration of a run.

    Raises:
        ConfigurationError: for an unknown name, key or value; the message names it and what is available.
    """
    ConfigStore.instance().store(name="schema", node=Config)
    try:
        with initialize_config_dir(str(conf), version_base="1.3"):
            wanted = _sort(overrides, conf)
            root = hydra_compose("config", wanted.plain)
            choices = {axis: wanted.choices.get(axis) or _default(axis, root, conf) for axis in AXES}
            choices["waivers"] = available("waivers", conf)  # all that there are: nobody picks among them
            for axis, settings in _sort(root.suite.overrides, conf).settings.items():
                wanted.settings[axis] = [*settings, *wanted.settings.get(axis, [])]  # the user's come last and win
            node = hydra_compose("config", [*wanted.plain, *_packages(choices, wanted.settings)])
            return _typed(node, choices)
    except (HydraException, OmegaConfBaseException) as error:
        raise ConfigurationError(_message(error)) from error


def available(group: str, conf: Path = CONF) -> list[str]:
    """Return the names of a group's options, the user's own among them."""
    own = os.environ.get(OWN_CONF)
    folders = [conf, Path(own)] if own else [conf]
    return sorted({path.stem for folder in folders for path in (folder / group).glob("*.yaml")})


def to_json(config: Config) -> str:
    """Return a configuration as text, to hand it to another process."""
    return json.dumps(OmegaConf.to_container(OmegaConf.structured(config)))


def from_json(text: str) -> Config:
    """Read what ``to_json`` wrote."""
    config = OmegaConf.to_object(OmegaConf.merge(OmegaConf.structured(Config), json.loads(text)))
    assert isinstance(config, Config)
    return config


def _sort(overrides: Iterable[str], conf: Path) -> _Wanted:
    wanted = _Wanted()
    parser = OverridesParser.create(config_loader=GlobalHydra.instance().config_loader())
    for given in overrides:
        text = _BRACES.sub(r"\1=\2", given)
        # parse_overrides, not parse_override: the latter fails on glob() with "ConfigLoader is not set".
        override = parser.parse_overrides([text])[0]
        axis, _, key = override.key_or_group.partition(".")
        if axis not in AXES:
            wanted.plain.append(text)
        elif key:
            sign = re.match(r"^(\+\+|\+|~)?", text)
            prefix = sign.group(0) if sign else ""
            wanted.settings.setdefault(axis, []).append((prefix, text.removeprefix(prefix).removeprefix(axis + ".")))
        elif override.is_delete():
            raise ConfigurationError(
                f"{given}: an axis cannot be deleted; name at least one {axis}, e.g. {axis}='glob(*)'"
            )
        else:
            # A shell makes "model=a model=b" of an unquoted model={a,b}: a union, not "the last one wins".
            wanted.choices.setdefault(axis, []).extend(_names(override, axis, conf))
    return wanted


def _names(override: Override, axis: str, conf: Path) -> list[str]:
    """Return the options that one override of an axis names, globs expanded, each checked."""
    options = available(axis, conf)
    value = override.value()
    if isinstance(value, ChoiceSweep):
        value = value.list
    elif override.is_sweep_override() and not isinstance(value, Glob):
        raise ConfigurationError(f"{override.input_line}: only names, lists, choice() and glob() choose a {axis}")
    names: list[str] = []
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, Glob):  # also inside a list, where Hydra itself leaves it unexpanded
            found = item.filter(options)
            if not found:
                patterns = ", ".join(item.include)
                raise ConfigurationError(f"no {axis} matches glob({patterns})\n{_listing(axis, options)}")
            names.extend(found)
        else:
            names.append(_known("null" if item is None else str(item), axis, options))
    return list(dict.fromkeys(names))


def _known(name: str, axis: str, options: list[str]) -> str:
    if name in options:
        return name
    raise ConfigurationError(f"unknown {axis} '{name}'{did_you_mean(name, options)}\n{_listing(axis, options)}")


def _listing(axis: str, options: list[str]) -> str:
    return f"available in conf/{axis}/: {', '.join(options)}"


def _default(axis: str, root: DictConfig, conf: Path) -> list[str]:
    """Return what the suite chooses on an axis that the user left open."""
    parser = OverridesParser.create(config_loader=GlobalHydra.instance().config_loader())
    names: list[str] = []
    for item in root.suite[axis]:
        names.extend(_names(parser.parse_overrides([f"{axis}={item}"])[0], axis, conf))
    return list(dict.fromkeys(names))


def _packages(choices: dict[str, list[str]], settings: dict[str, list[tuple[str, str]]]) -> list[str]:
    """Return the overrides that put every choice under its own node (``n0``: names like qwen2.5-0.5b have dots)."""
    made: list[str] = []
    for axis, names in choices.items():
        made += [f"+{axis}@grid.{axis}.n{i}={name}" for i, name in enumerate(names)]
        for sign, rest in settings.get(axis, []):
            made += [f"{sign}grid.{axis}.n{i}.{rest}" for i in range(len(names))]
    return made


def _typed(node: DictConfig, choices: dict[str, list[str]]) -> Config:
    """Return the dataclasses of a composed grid, its nodes renamed to the options' names."""
    missing = sorted(OmegaConf.missing_keys(node))
    if missing:
        keys = ", ".join(_NODE.sub(r"\1", key) for key in missing)
        raise ConfigurationError(f"no value for {keys}")
    plain = OmegaConf.to_container(node, resolve=True)
    assert isinstance(plain, dict)
    grid: dict[str, Any] = plain["grid"]
    for axis, names in choices.items():
        grid[axis] = {name: grid[axis][f"n{i}"] for i, name in enumerate(names)}
        for name, entry in grid[axis].items():
            if entry["name"] != name:
                raise ConfigurationError(
                    f"conf/{axis}/{name}.yaml calls itself '{entry['name']}'; name and file must agree"
                )
    # Merging with the schema once more refuses keys that a leading + has smuggled past it.
    config = OmegaConf.to_object(OmegaConf.merge(OmegaConf.structured(Config), plain))
    assert isinstance(config, Config)
    _agree(config)
    return config


def _agree(config: Config) -> None:
    """Refuse what no single file can be blamed for: parts of a configuration that do not fit together."""
    targets = config.gate.quality.targets
    for task in config.grid.task.values():
        if task.target is None and task.category not in targets:
            known = ", ".join(sorted(targets))
            raise ConfigurationError(
                f"task '{task.name}' is of category '{task.category}', for which conf/gate/{config.gate.name}.yaml has "
                f"no target; known: {known}"
            )
        if task.sla_p95_ms is None and task.category not in config.gate.performance.sla_p95_ms:
            raise ConfigurationError(
                f"task '{task.name}' says no sla_p95_ms, and conf/gate/{config.gate.name}.yaml has none for its "
                f"category '{task.category}'; known: {', '.join(sorted(config.gate.performance.sla_p95_ms))}"
            )
    if config.gate.stop not in ("never", "early"):
        raise ConfigurationError(f"gate.stop={config.gate.stop!r} is unknown; available: early, never")
    for waiver in config.grid.waivers.values():
        check_waiver(waiver)
    check_mitigation(config.mitigation)
    _severities_known(config)


def _severities_known(config: Config) -> None:
    """Refuse a gate that says nothing of a severity: silence must not be taken for a limit."""
    severities, safety = get_args(Severity), config.gate.safety
    for key in ("limits", "min_prompts", "max_unassessed"):
        missing = [severity for severity in severities if severity not in getattr(safety, key)]
        if missing:
            raise ConfigurationError(
                f"conf/gate/{config.gate.name}.yaml: safety.{key} says nothing of severity {', '.join(missing)}; it "
                f"needs a value for each of {', '.join(severities)}"
            )
    for probe in config.grid.safety.values():
        if probe.severity not in severities:
            raise ConfigurationError(
                f"probe '{probe.name}' has severity '{probe.severity}'; the gate knows {', '.join(severities)}"
            )


def _message(error: Exception) -> str:
    """Return what went wrong in the user's words: Hydra hides the reason in ``__cause__``, behind a harmful hint."""
    reason = str(error.__cause__ or error).splitlines()[0]
    what = str(error).splitlines()[0]
    text = what if reason in what else f"{what} ({reason})"
    options = list(getattr(error, "options", None) or [])
    wrong = _KEY.search(reason)
    if wrong and hasattr(schema, wrong["type"]):
        options = [entry.name for entry in fields(getattr(schema, wrong["type"])) if entry.name != "grid"]
        options = [*AXES, *options] if wrong["type"] == "Config" else options
        text += did_you_mean(wrong["key"], options)
    if options:
        text += f"\navailable: {', '.join(options)}"
    return "configuration: " + _NODE.sub(r"\1", text)

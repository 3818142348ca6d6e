"""The YAML as it is written: ``include:`` is followed, ``!function`` is kept as a name and never imported."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from guardbee.evals.errors import ConfigurationError


class Function(str):
    """What stands after ``!function``: a Python function of the task's folder."""

    __slots__ = ()


class _Loader(yaml.SafeLoader):
    """Plain YAML and ``!function``."""


def _function(loader: _Loader, node: yaml.Node) -> Function:
    if not isinstance(node, yaml.ScalarNode):
        raise yaml.constructor.ConstructorError(None, None, "!function needs a name", node.start_mark)
    return Function(loader.construct_scalar(node))


_Loader.add_constructor("!function", _function)


def read(path: Path, *, seen: tuple[Path, ...] = ()) -> dict[str, Any]:
    """Return the mapping of a YAML file, those it includes merged in beforehand, the later over the earlier.

    Raises:
        ConfigurationError: if a file is missing, no YAML, no mapping, or includes itself.
    """
    path = path.resolve()
    if path in seen:
        raise ConfigurationError(f"{path.name} includes itself, by way of {seen[-1].name}")
    try:
        said = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 - a SafeLoader
    except (OSError, UnicodeDecodeError) as error:
        by = f", which {seen[-1].name} includes," if seen else ""
        raise ConfigurationError(f"{path}{by} cannot be read: {error}") from error
    except yaml.YAMLError as error:
        reason = str(error).replace("\n", " ")
        raise ConfigurationError(f"{path.name} is no YAML: {reason}") from error
    if not isinstance(said, dict):
        raise ConfigurationError(f"{path.name} is no task: it holds no mapping of fields")
    includes = said.pop("include", [])
    merged: dict[str, Any] = {}
    for name in includes if isinstance(includes, list) else [includes]:
        included = read(path.parent / str(name), seen=(*seen, path))
        included.pop("task_list", None)  # it speaks of the included file alone
        merged |= included
    return merged | said

"""Hydra overrides among pytest's positionals: ``pytest evals/ model=phi-3-mini 'task=glob(*)'``.

A real path always wins, and nothing is dropped unseen: what looks like an override reaches Hydra, which refuses what it
does not know.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

_KEY = r"[A-Za-z_][\w-]*(?:[./][\w-]+)*(?:@[\w.:-]*)?"
_SET = re.compile(rf"^(?:\+\+?)?{_KEY}=")
_DELETE = re.compile(rf"^~{_KEY}(?:=.*)?$")


def is_override(argument: str, base: Path) -> bool:
    """Tell whether a positional is an override and not a path or node id below ``base``."""
    path, separator, _ = argument.partition("::")
    try:
        if (base / path).exists():
            return False
    except OSError:  # too long for a path: then it is none
        pass
    if separator and path.endswith(".py"):
        return False  # node id of a missing file: pytest says so
    return bool(_SET.match(argument) or _DELETE.match(argument))


def split(arguments: Iterable[str], base: Path) -> tuple[list[str], list[str]]:
    """Return ``(paths, overrides)``, each in the order given."""
    paths: list[str] = []
    overrides: list[str] = []
    for argument in arguments:
        (overrides if is_override(argument, base) else paths).append(argument)
    return paths, overrides


def shadowed(arguments: Iterable[str], base: Path) -> list[str]:
    """Return the positionals that exist as paths but read like overrides, such as a folder called ``model=phi``."""
    return [a for a in arguments if "::" not in a and _SET.match(a) and not is_override(a, base)]

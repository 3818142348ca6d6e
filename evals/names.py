"""Look-up by name: what does not exist is answered with near misses and everything that does."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import TypeVar

from guardbee.evals.errors import ConfigurationError

T = TypeVar("T")


def known(registry: Mapping[str, T], name: str, *, kind: str, place: str) -> T:
    """Return the entry of this name.

    Raises:
        ConfigurationError: if there is none; names the nearest and all others.
    """
    if name in registry:
        return registry[name]
    near = get_close_matches(name, registry, n=3)
    hint = f" Did you mean {' or '.join(repr(match) for match in near)}?" if near else ""
    raise ConfigurationError(f"Unknown {kind} '{name}' in {place}.{hint} Available: {', '.join(sorted(registry))}.")

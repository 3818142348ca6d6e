"""Look-up by name: what does not exist is answered with near misses and everything that does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import TypeVar

from guardbee.evals.errors import ConfigurationError

T = TypeVar("T")


def did_you_mean(name: str, options: Iterable[str]) -> str:
    """Return how a message about an unknown name goes on: ``; did you mean a or b?``, or a full stop."""
    near = get_close_matches(name, list(options), n=3)
    return f"; did you mean {' or '.join(near)}?" if near else "."


def known(registry: Mapping[str, T], name: str, *, kind: str, place: str) -> T:
    """Return the entry of this name.

    Raises:
        ConfigurationError: if there is none; names the nearest and all others.
    """
    if name in registry:
        return registry[name]
    listed = ", ".join(sorted(registry))
    raise ConfigurationError(f"unknown {kind} '{name}' in {place}{did_you_mean(name, registry)} Available: {listed}")

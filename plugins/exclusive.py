"""Latency cases run alone on the machine: a readers-writer lock over ``flock``.

Ordinary cases hold it shared, cases marked ``latency`` exclusively. The kernel frees the lock of a killed worker, and
it covers two pytest runs of one user on one machine as well.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import tempfile
import time
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import IO

import psutil
import pytest

from guardbee.plugins.plan import CASE

SETTLED_PERCENT = 10.0
"""A worker that starts or ends is not covered by the lock: wait until the machine uses less than this."""
SETTLE_SECONDS = 10.0


class Room:
    """Many may be in it, or one alone. ``gate`` keeps a waiting latency case from starving."""

    def __init__(self, folder: Path) -> None:
        self._gate = _open(folder / f"guardbee-{os.getuid()}-gate.lock")
        self._room = _open(folder / f"guardbee-{os.getuid()}-room.lock")

    @contextlib.contextmanager
    def enter(self, *, alone: bool) -> Iterator[None]:
        """Wait for a place, hold it while the block runs."""
        fcntl.flock(self._gate, fcntl.LOCK_EX)
        try:
            fcntl.flock(self._room, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
        finally:
            fcntl.flock(self._gate, fcntl.LOCK_UN)
        try:
            if alone:
                settle()
            yield
        finally:
            fcntl.flock(self._room, fcntl.LOCK_UN)


def settle() -> None:
    """Wait until the machine is quiet, at most ``SETTLE_SECONDS``; what is left is measured and reported."""
    end = time.monotonic() + SETTLE_SECONDS
    while psutil.cpu_percent(interval=0.3) > SETTLED_PERCENT and time.monotonic() < end:
        pass


def _open(path: Path) -> IO[bytes]:
    return path.open("ab")


ROOM = pytest.StashKey[Room]()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Hold the room while a case runs, model load included. Tests that are no cases need none."""
    if CASE not in item.stash:
        return (yield)
    if ROOM not in item.config.stash:
        item.config.stash[ROOM] = Room(Path(tempfile.gettempdir()))
    with item.config.stash[ROOM].enter(alone=item.get_closest_marker("latency") is not None):
        return (yield)

"""Where a long run is: each process writes what it is at to a small file, a thread of the controller prints it.

xdist's channel refuses events of others, so files it is; the same way serves a run without workers.
"""

from __future__ import annotations

import json
import os
import threading
import time
from pathlib import Path
from typing import TextIO

import pytest

from guardbee.plugins.plan import CASE, RUN, is_worker

WRITE_SECONDS = 0.5
PRINT_SECONDS_TTY = 5.0
PRINT_SECONDS_LOG = 20.0
"""A log that nobody watches gets fewer lines."""


class Progress:
    """Says how far this process is; the fixture ``progress``. Called often: writes are throttled."""

    def __init__(self, folder: Path, process: str) -> None:
        self._path = folder / ".progress" / f"{process}.json"
        self._written = 0.0
        self._case = ""

    def __call__(self, label: str, done: int, total: int | None) -> None:
        """Say that ``done`` of ``total`` parts of a job are done; ``total`` is ``None`` where nobody knows."""
        now = time.monotonic()
        if now - self._written < WRITE_SECONDS and done != total:
            return
        self._write(label, done, total)
        self._written = now

    def announce(self, line: str) -> None:
        """Have a line printed that stays; where several processes announce the same, once."""
        path = self._path.with_suffix(".said")
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.write(f"{line}\n")

    def begin(self, case: str) -> None:
        """Say which case is running from now on."""
        self._case = case
        self._write("begins", 0, None)

    def _write(self, label: str, done: int, total: int | None) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        temporary = self._path.with_suffix(f".{os.getpid()}")
        line = {"case": self._case, "label": label, "done": done, "total": total}
        temporary.write_text(json.dumps(line), encoding="utf-8")
        temporary.replace(self._path)


class Watcher(threading.Thread):
    """Prints a line every few seconds while something moves."""

    def __init__(self, folder: Path, out: TextIO, seconds: float) -> None:
        super().__init__(name="guardbee-progress", daemon=True)
        self._folder = folder / ".progress"
        self._out = out
        self._seconds = seconds
        self._end = threading.Event()
        self._last: dict[str, str] = {}
        self._announced: set[str] = set()

    def run(self) -> None:
        """Print until stopped; what was announced in a run of a second, too."""
        while not self._end.wait(self._seconds):
            self._print([*self.announced(), *self.lines()])
        self._print(self.announced())

    def announced(self) -> list[str]:
        """Return what was announced since the last time."""
        said = [line for path in sorted(self._folder.glob("*.said")) for line in path.read_text("utf-8").splitlines()]
        fresh = [line for line in dict.fromkeys(said) if line not in self._announced]
        self._announced.update(fresh)
        return [f"\n  {line}" for line in fresh]

    def lines(self) -> list[str]:
        """Return a line for each process that has moved since the last time."""
        found = []
        for path in sorted(self._folder.glob("*.json")):
            text = path.read_text(encoding="utf-8")
            if self._last.get(path.stem) != text:
                self._last[path.stem] = text
                found.append(_line(path.stem, json.loads(text)))
        return found

    def _print(self, lines: list[str]) -> None:
        for line in lines:
            print(line, file=self._out, flush=True)

    def stop(self) -> None:
        """End the thread."""
        self._end.set()
        self.join()


def _line(process: str, state: dict[str, str | int | None]) -> str:
    of = f"/{state['total']}" if state["total"] is not None else ""
    done = f" {state['done']}{of}" if state["done"] or of else ""
    return f"\n  ... {process} {state['case']} {state['label']}{done}"


PROGRESS = pytest.StashKey[Progress]()
WATCHER = pytest.StashKey[Watcher]()
SCREEN = pytest.StashKey[TextIO]()


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Start to write, and on the controller to watch."""
    config = session.config
    run = config.stash.get(RUN, None)
    if run is None or config.option.collectonly:
        return
    process = config.workerinput["workerid"] if is_worker(config) else "main"  # type: ignore[attr-defined]  # xdist's
    config.stash[PROGRESS] = Progress(run.folder, process)
    if not is_worker(config) and not config.option.verbose < 0:
        # Past the capture of the tests' output, to where the run began.
        screen = os.fdopen(os.dup(2), "w", encoding="utf-8")
        config.stash[SCREEN] = screen
        config.stash[WATCHER] = Watcher(run.folder, screen, PRINT_SECONDS_TTY if screen.isatty() else PRINT_SECONDS_LOG)
        config.stash[WATCHER].start()


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Name the case that is running."""
    if PROGRESS in item.config.stash and CASE in item.stash:
        items = item.session.items
        item.config.stash[PROGRESS].begin(f"[{items.index(item) + 1}/{len(items)}] {item.stash[CASE].id}")


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop watching."""
    if WATCHER in config.stash:
        config.stash[WATCHER].stop()
        config.stash[SCREEN].close()


@pytest.fixture(scope="session", name="progress")
def _progress(request: pytest.FixtureRequest) -> Progress:
    """Return this process's progress."""
    return request.config.stash[PROGRESS]

"""Where a long run is: what a process writes is what the controller prints, once."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from guardbee.plugins.progress import Progress, Watcher


@pytest.fixture(name="watcher")
def _watcher(tmp_path: Path) -> Watcher:
    return Watcher(tmp_path, io.StringIO(), seconds=0.01)


def test_a_line_says_process_case_and_how_far(tmp_path: Path, watcher: Watcher) -> None:
    """The last part of a job is always written, the begin of a case too."""
    progress = Progress(tmp_path, "gw1")
    progress.begin("[2/9] quality:m@fp32-mmlu")
    assert watcher.lines() == ["\n  ... gw1 [2/9] quality:m@fp32-mmlu begins"]
    progress("answers", 64, 64)
    assert watcher.lines() == ["\n  ... gw1 [2/9] quality:m@fp32-mmlu answers 64/64"]


def test_what_has_not_moved_is_not_said_again(tmp_path: Path, watcher: Watcher) -> None:
    """A second look at the same state prints nothing, and calls in quick succession write once."""
    progress = Progress(tmp_path, "main")
    progress("download", 1, 100)
    assert len(watcher.lines()) == 1
    progress("download", 2, 100)
    assert watcher.lines() == []


def test_an_unknown_whole_has_no_slash(tmp_path: Path, watcher: Watcher) -> None:
    """Nobody knows how long a conversion is."""
    Progress(tmp_path, "main")("converting", 3, None)
    assert watcher.lines()[0].endswith("converting 3")


def test_the_watcher_prints_and_stops(tmp_path: Path) -> None:
    """A thread that ends when it is told to."""
    out = io.StringIO()
    watcher = Watcher(tmp_path, out, seconds=0.01)
    Progress(tmp_path, "main")("answers", 1, 1)
    watcher.start()
    while not out.getvalue():
        watcher.join(0.01)
    watcher.stop()
    assert "answers 1/1" in out.getvalue()
    assert not watcher.is_alive()


def test_what_is_announced_is_said_once(tmp_path: Path, watcher: Watcher) -> None:
    """By whichever process; the work that goes on does not push it aside."""
    for process in ("gw0", "gw1"):
        progress = Progress(tmp_path, process)
        progress.announce("judge openai:bee: 55 of 60")
        progress("answers", 1, 1)
    assert watcher.announced() == ["\n  judge openai:bee: 55 of 60"]
    assert watcher.announced() == []


def test_a_short_run_says_its_announcements_at_the_end(tmp_path: Path) -> None:
    """It is over before the first look."""
    out = io.StringIO()
    watcher = Watcher(tmp_path, out, seconds=60.0)
    watcher.start()
    Progress(tmp_path, "main").announce("judge openai:bee: 55 of 60")
    watcher.stop()
    assert out.getvalue() == "\n  judge openai:bee: 55 of 60\n"

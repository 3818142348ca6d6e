from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from guardbee.fixtures.runtime import CompletionCache
from guardbee.fixtures.store import Store
from guardbee.plugins import cli

QUOTA = 10**12


@pytest.fixture(name="store")
def _store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """Return an empty store that the command line uses."""
    monkeypatch.setenv("GUARDBEE_MODELS_CACHE", str(tmp_path / "store"))
    monkeypatch.setenv("COLUMNS", "200")
    return Store(tmp_path / "store", quota=QUOTA)


@pytest.fixture(name="cache")
def _cache(store: Store, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:  # noqa: ARG001 - for its effect
    """Return a function that runs ``guardbee cache``; gives exit code, output and error output."""

    def call(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["guardbee", "cache", *arguments])
        with pytest.raises(SystemExit) as left:
            cli.main()
        return (int(left.value.code or 0), *capsys.readouterr())

    return call


def put(store: Store, label: str, content: bytes = b"weights") -> Path:
    """Put an entry; give the place of its bytes."""
    with store.room(len(content), what=label) as room:
        blob = room.add_stream([content])
        room.put(f"key of {label}", {"w": blob}, kind="source", label=label).close()
    return store.root / "objects" / blob.sha256[:2] / blob.sha256


@pytest.mark.parametrize("command", ["ls", "du", "add", "pin", "unpin", "rm", "gc", "scrub"])
def test_every_command_has_help(command: str, cache: Any) -> None:
    """Help ends well and says how to use the command."""
    code, out, error = cache(command, "--help")
    assert (code, error) == (0, "")
    assert f"Usage: guardbee cache {command}" in out


def test_an_empty_store_says_how_to_fill_it(cache: Any) -> None:
    """JSON is an empty list."""
    assert "Fill it: guardbee cache add" in cache("ls")[1]
    assert json.loads(cache("ls", "--json")[1]) == []


def test_the_list_shows_sizes_leases_and_pins(store: Store, cache: Any) -> None:
    """As a table for people and as JSON for programs, the last used first."""
    put(store, "one (file:one)", b"x" * 2500)
    put(store, "[red]two")
    store.pin("key of [red]two")
    with store.open_entry("key of one (file:one)"):
        code, out, _ = cache("ls")
        first, second = json.loads(cache("ls", "--json")[1])
    assert code == 0
    assert all(text in out for text in ("one (file:one)", "[red]two", "2.5 kB", "source", first["pinnedBy"] or ""))
    assert (first["label"], first["sizeBytes"], first["files"], first["pinnedBy"]) == ("one (file:one)", 2500, 1, None)
    assert len(first["processes"]) == 1
    assert second["pinnedBy"]
    assert second["processes"] == []


def test_shared_bytes_count_once_in_the_usage(store: Store, cache: Any) -> None:
    """Kinds show what their entries have, the sum what the disk has."""
    put(store, "one")
    put(store, "two")
    found = json.loads(cache("du", "--json")[1])
    assert found["storedBytes"] == 7
    assert found["kinds"] == {"source": {"entries": 2, "bytes": 14}}
    assert found["freeBytes"] == QUOTA - 7
    assert "7 B" in cache("du")[1]


def test_completions_are_shown_and_make_way(store: Store, cache: Any) -> None:
    """They count, are listed under the entries, and go first when space is asked for."""
    put(store, "one")
    answers = CompletionCache(store.completions_path, admitted=store.admitted)
    answers.put_many({f"{number}": {"text": "x" * 1000} for number in range(500)})
    answers.close()
    found = json.loads(cache("du", "--json")[1])
    assert found["storedBytes"] == 7 + found["completionsBytes"] > 400_000
    assert "of completions of earlier runs, which go first" in cache("ls")[1]
    assert "completions of earlier runs" in cache("du")[1]
    done = json.loads(cache("gc", "--free", f"{QUOTA - 7}", "--json")[1])
    assert (done["entries"], done["freedBytes"]) == ([], found["completionsBytes"])
    assert [entry.label for entry in store.listing()] == ["one"]


def test_a_folder_is_added_and_found_again(tmp_path: Path, store: Store, cache: Any) -> None:
    """By its source; a second time costs nothing."""
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "model.safetensors").write_bytes(b"weights")
    for _ in range(2):
        code, out, _ = cache("add", f"file:{folder}")
        assert code == 0
        assert out.startswith(f"file:{folder}: 7 B in")
    assert [entry.size for entry in store.listing()] == [7]


def test_a_pinned_entry_stays_until_it_is_unpinned(store: Store, cache: Any) -> None:
    """By name of the model; removing it names who pinned it."""
    put(store, "one (file:one)")
    assert cache("pin", "one")[:2] == (0, "pinned one (file:one)\n")
    code, _, error = cache("rm", "one")
    assert code == 2
    assert "is pinned by" in error
    assert cache("unpin", "one")[1] == "unpinned one (file:one)\n"
    assert cache("unpin", "one")[1] == "one (file:one) was not pinned\n"
    assert cache("rm", store.listing()[0].id[:8])[0] == 0
    assert store.listing() == []


def test_an_entry_in_use_is_not_removed(store: Store, cache: Any) -> None:
    """The refusal names the process."""
    put(store, "one")
    with store.open_entry("key of one"):
        code, _, error = cache("rm", "one")
    assert code == 2
    assert "in use by process" in error
    assert len(store.listing()) == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("rm", "ones"), "guardbee: 'ones' is not in the model store"),
        (("rm", "ones"), "did you mean one?"),
        (("pin", "twin"), "names 2 entries"),
        (("add", "nonsense:x"), "names no source"),
        (("add", "smollm2-135mm"), "did you mean smollm2-135m?"),
        (("add", "file:/does/not/exist"), "/does/not/exist"),
        (("gc", "--free", "lots"), "'lots' is no size"),
        (("gc", "--free", "2TB"), "does not fit"),
    ],
)
def test_what_goes_wrong_is_one_clear_error(arguments: tuple[str, ...], message: str, store: Store, cache: Any) -> None:
    """On the error stream, exit code 2, no traceback, and nothing is done."""
    for label in ("one", "twin (a)", "twin (b)"):
        put(store, label)
    code, out, error = cache(*arguments)
    assert (code, out) == (2, "")
    assert message in error
    assert "Traceback" not in error
    assert len(store.listing()) == 3


def test_space_is_given_back_on_request(store: Store, cache: Any) -> None:
    """What was damaged goes always, entries where more is asked for."""
    put(store, "one", b"x" * 1000)
    (store.root / "quarantine" / "bad").write_bytes(b"12345")
    assert json.loads(cache("gc", "--json")[1]) == {"entries": [], "damagedFiles": 1, "freedBytes": 5}
    code, out, _ = cache("gc", "--free", "1TB")
    assert code == 0
    assert "evicted one" in out
    assert "1 kB are free again" in out


def test_a_scrub_finds_what_changed(store: Store, cache: Any) -> None:
    """Exit code 1, what used it, and where the bytes are now; the next scrub finds nothing."""
    path = put(store, "one", b"a" * 100)
    put(store, "two", b"b" * 100)
    assert cache("scrub")[0] == 0
    path.chmod(0o644)
    path.write_bytes(b"c" * 100)
    code, out, _ = cache("scrub", "--json")
    damage = json.loads(out)["damages"][0]
    assert code == 1
    assert (damage["sha256"], damage["entries"]) == (path.name, ["one"])
    assert Path(damage["quarantine"]).read_bytes() == b"c" * 100
    code, out, _ = cache("scrub", "--rate", "1GB")
    assert code == 0
    assert "1 objects, 100 B read again: nothing changed" in out
    assert [entry.label for entry in store.listing()] == ["two"]

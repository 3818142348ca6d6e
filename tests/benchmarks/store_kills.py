"""Kills processes that use the model store, thousands of times, and counts what that did to it.

Run from the repository's root: ``python tests/benchmarks/store_kills.py 3000``; a second number limits the seconds. Two
to eight processes add, open, hold, build, scrub and evict at once in one store, and keep answers in it; one of them
gets SIGKILL at a random moment and is started again. Rounds alternate: in an ample store nothing may ever go that was
once put; in a tight one space is always short.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parents[2]))

from guardbee.evals.errors import QuotaExceededError, StoreError
from guardbee.fixtures.runtime import CompletionCache
from guardbee.fixtures.store import Store, answers
from tests.fixtures.store.crash import disk_bytes, ensure_consistent

AMPLE, TIGHT = 10**9, 600_000
KEYS = [f"k{number}" for number in range(24)]
PINNED = "pinned"
KILLS_A_ROUND = 25
BUILDS = 0.25
CHANCE = Random()  # noqa: S311 - nothing secret
"""Seeded anew in each worker."""


def content(key: str) -> bytes:
    """Give the bytes of an entry: 20 to 200 kB; two keys in three share theirs with another."""
    name = key.rpartition(" ")[2]
    number = 0 if name == PINNED else 1 + int(name[1:]) * 2 // 3
    return hashlib.sha256(str(number).encode()).digest() * (625 + number * 350)


def pieces(key: str) -> Iterator[bytes]:
    """Give them as they come over a network."""
    for start in range(0, len(content(key)), 30_000):
        time.sleep(CHANCE.random() * 0.001)
        yield content(key)[start : start + 30_000]


def put(store: Store, key: str) -> None:
    """Add an entry, as acquisition does."""
    with store.turn(key), store.room(len(content(key)), what=key) as room:
        digest = hashlib.sha256(content(key)).hexdigest()
        blob = room.add_stream(pieces(key), sha256=digest)
        room.put(key, {"f": blob}, kind="archive" if key in KEYS[::3] else "source", label=key).close()


def build(store: Store, key: str) -> None:
    """Make a variant."""

    def fill(folder: Path) -> None:
        (folder / "f").write_bytes(content(key))

    store.variant("parent", key, fill, estimated_bytes=len(content(key))).close()


def use(store: Store, key: str) -> None:
    """Open an entry, look at every byte, and again after a while: nobody may have taken it away."""
    entry = store.find(key, verify=CHANCE.random() < 0.2)
    if entry is None:
        return
    with entry:
        for _ in range(2):
            assert entry.path("f").read_bytes() == content(key), f"wrong bytes in {key}"
            time.sleep(CHANCE.random() * 0.002)


def add(store: Store, key: str, log: Path) -> None:
    """Put an entry that is not there, or a variant, and note it once it is there."""
    if CHANCE.random() < BUILDS:
        build(store, key)
        note(log, f"variant parent {key}")
    elif all(entry.key != key for entry in store.entries()):
        put(store, key)
        note(log, key)


def keep(store: Store, key: str, log: Path) -> None:
    """Keep some answers, as a run does, and look at those that are there."""
    wanted = {f"{key} {number}": {"text": key * 500} for number in range(12)}
    cache = CompletionCache(store.completions_path, admitted=store.admitted)
    try:
        found = cache.get_many(list(wanted))
        assert all(found[name] == wanted[name] for name in found), f"wrong answers of {key}"
        cache.put_many(wanted)
        if store.quota == AMPLE:
            assert len(cache.get_many(list(wanted))) == len(wanted), f"answers of {key} were not kept"
            note(log, f"answers {key}")
    finally:
        cache.close()


def scrub(store: Store) -> None:
    """Read everything again."""
    assert not store.scrub().damages, "a scrub found damage that nobody did"


def work(root: Path, quota: int, log: Path) -> None:
    """Use the store for ever; note in ``log`` what was put, once it is."""
    CHANCE.seed()
    logging.disable()  # a tight store says it of every answer that it does not keep
    tight = quota == TIGHT
    store = Store(root, quota=quota)
    acts = {
        lambda key: add(store, key, log): 8,
        lambda key: keep(store, key, log): 2,
        lambda key: use(store, CHANCE.choice([key, f"variant parent {key}", PINNED])): 6,
        lambda _: Store(root, quota=quota): 1,
        lambda _: scrub(store): 0.3,
        store.remove: tight,
        lambda _: store.collect(100_000): 0.3 * tight,
    }
    while True:
        try:
            CHANCE.choices(list(acts), list(acts.values()))[0](CHANCE.choice(KEYS))
        except QuotaExceededError:
            assert tight, "refused though there is room"
        except StoreError as error:
            if not any(text in str(error) for text in ("is not in the model store", "in use")):  # the second to remove
                raise


def note(log: Path, key: str) -> None:
    """Append a line in one system call."""
    descriptor = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(descriptor, f"{key}\n".encode())
    os.close(descriptor)


class Round:
    """One store, its workers, and what went wrong."""

    def __init__(self, folder: Path, *, quota: int, workers: int, counts: Counter[str]) -> None:
        self.root, self.quota, self.counts = folder / "store", quota, counts
        self._log, self._errors = folder / "log", folder / "errors"
        self._store = Store(self.root, quota=quota)
        put(self._store, PINNED)
        self._store.pin(PINNED)
        self._running = [self._start() for _ in range(workers)]

    def _start(self) -> int:
        child = os.fork()
        if child:
            return child
        try:
            work(self.root, self.quota, self._log)
        except BaseException as error:  # noqa: BLE001 - everything a worker meets is a finding
            note(self._errors, f"{type(error).__name__}: {error}")
        finally:
            os._exit(1)

    def kill_one(self) -> None:
        """Kill a worker at a random moment, start another, and hold the store against its quota meanwhile."""
        time.sleep(CHANCE.expovariate(1 / 0.015))
        place = CHANCE.randrange(len(self._running))
        with contextlib.suppress(ProcessLookupError):
            os.kill(self._running[place], signal.SIGKILL)
        if os.waitstatus_to_exitcode(os.waitpid(self._running[place], 0)[1]) == -signal.SIGKILL:
            self.counts["kills"] += 1
        self._running[place] = self._start()
        # Nobody publishes, removes or reserves inside a transaction; streams grow only up to what is reserved.
        with self._store._index.transaction():
            over = disk_bytes(self.root) - self.quota
        self.counts["overshoot"] = max(self.counts["overshoot"], over)

    def stop(self) -> None:
        """Kill all."""
        for child in self._running:
            os.kill(child, signal.SIGKILL)
            code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
            self.counts["kills"] += code == -signal.SIGKILL

    def judge(self) -> None:
        """Open the store as the next run does, and count what is wrong."""
        for line in self._errors.read_text().splitlines() if self._errors.exists() else []:
            self._fault("integrity errors", line)
        put_once = set(self._log.read_text().split("\n")) - {""} if self._log.exists() else set()
        answered = {line for line in put_once if line.startswith("answers ")}
        try:
            found = ensure_consistent(self.root, self.quota, content)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is counted
            self._fault("integrity errors", f"at the end: {type(error).__name__}: {error}")
            found = {entry.key for entry in Store(self.root, quota=self.quota).entries()}
        due = {PINNED} if self.quota == TIGHT else {PINNED, *put_once} - answered
        for key in due - found:
            self._fault("lost entries", key)
        known = {file.sha256: file.size for entry in self._store.entries() for file in entry.files}
        self.counts["leaked bytes"] += max(0, disk_bytes(self.root) - sum(known.values()) - answers.size(self.root))
        for line in answered:
            self._judge_answers(line.removeprefix("answers "))
        for broken in self.root.glob(f"{answers.NAME}.broken-*"):
            self._fault("integrity errors", f"a broken file of answers: {broken.name}")
        self.counts["entries checked"] += len(found)

    def _judge_answers(self, key: str) -> None:
        cache = CompletionCache(self._store.completions_path)
        found = cache.get_many([f"{key} {number}" for number in range(12)])
        cache.close()
        if list(found.values()) != [{"text": key * 500}] * 12:
            self._fault("lost entries", f"answers {key}")

    def _fault(self, kind: str, text: str) -> None:
        self.counts[kind] += 1
        sys.stdout.write(f"{kind}: {text}\n")


def campaign(kills: int, seconds: float = float("inf")) -> Counter[str]:
    """Kill so often, or for so long, and give the counts."""
    counts: Counter[str] = Counter()
    end, number = time.monotonic() + seconds, 0
    while counts["kills"] < kills and time.monotonic() < end:
        with tempfile.TemporaryDirectory() as folder:
            quota = TIGHT if number % 2 else AMPLE
            one = Round(Path(folder), quota=quota, workers=2 + number // 2 % 7, counts=counts)
            try:
                for _ in range(min(KILLS_A_ROUND, kills)):
                    one.kill_one()
            finally:
                one.stop()
            one.judge()
        number += 1
    counts["rounds"] = number
    return counts


def main() -> None:
    """Take the number of kills, and perhaps a limit in seconds; exit code 1 if anything was found."""
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else 3000
    start = time.monotonic()
    counts = campaign(kills, float(sys.argv[2]) if len(sys.argv) > 2 else float("inf"))
    sys.stdout.write(
        f"{counts['kills']} kills in {counts['rounds']} stores, {time.monotonic() - start:.0f} s,"
        f" {counts['entries checked']} entries read again at the end: {counts['integrity errors']} integrity errors,"
        f" {counts['lost entries']} lost entries, quota overshoot {counts['overshoot']} bytes,"
        f" {counts['leaked bytes']} leaked bytes\n"
    )
    sys.exit(any(counts[kind] for kind in ("integrity errors", "lost entries", "overshoot", "leaked bytes")))


if __name__ == "__main__":
    main()

"""What the model store costs beside doing the same by hand, as ratios and differences measured in one run.

Run from the repository's root: ``python tests/benchmarks/store_speed.py``. Three figures: adding a file against
``sha256sum`` plus ``cp`` of it (once leaving the copy in memory, as cp does, once on the disk, as the store does);
opening an entry against opening the plain folder; listing, and planning an eviction, with 10,000 entries. Medians.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[2]))

from guardbee.fixtures.store import Manifest, Store, StoredFile
from guardbee.fixtures.store.evict import plan
from guardbee.fixtures.store.index import insert_entry
from guardbee.fixtures.store.quota import _holders, _sizes, candidates_of

MEGABYTES, FILES, ENTRIES, TURNS = 512, 12, 10_000, 5


def timed(work: Callable[[], object]) -> float:
    """Give the seconds that it takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def adding(folder: Path) -> list[str]:
    """Add a file, in turns with what people do by hand."""
    file = folder / "weights"
    with file.open("wb") as target:
        for _ in range(MEGABYTES):
            target.write(os.urandom(1 << 20))
        os.fsync(target.fileno())
    store = Store(folder / "store", quota=10**12)
    copy, ours, cached, synced = folder / "copy", [], [], []

    def add() -> None:
        with store.room(file.stat().st_size, what="weights") as room:
            room.put("k", {"weights": room.add_file(file)}, kind="source", label="k").close()

    def by_hand(*, sync: bool) -> None:
        subprocess.run(["sha256sum", file], check=True, capture_output=True)
        subprocess.run(["cp", file, copy], check=True)
        if sync:
            subprocess.run(["sync", copy], check=True)

    for _ in range(TURNS):
        ours.append(timed(add))
        store.remove("k")
        for times, sync in ((cached, False), (synced, True)):
            subprocess.run(["sync"], check=True)
            times.append(timed(lambda sync=sync: by_hand(sync=sync)))
            copy.unlink()
        subprocess.run(["sync"], check=True)
    rate = [f"{MEGABYTES * 1.048576 / median(times):.0f} MB/s" for times in (ours, cached, synced)]
    return [
        f"add a file of {MEGABYTES} MiB: {rate[0]}; sha256sum + cp: {rate[1]}; sha256sum + cp + sync: {rate[2]}",
        (
            f"  speed against sha256sum + cp: {median(cached) / median(ours):.0%} (target 70 %);"
            f" with sync: {median(synced) / median(ours):.0%}"
        ),
    ]


def opening(folder: Path) -> list[str]:
    """Open an entry of a dozen files and read their first bytes, against the same in a plain folder."""
    plain = folder / "plain"
    plain.mkdir()
    store = Store(folder / "opened", quota=10**12)
    with store.room(FILES << 20, what="k") as room:
        blobs = {}
        for number in range(FILES):
            (plain / f"f{number}").write_bytes(os.urandom(1 << 20))
            blobs[f"f{number}"] = room.add_file(plain / f"f{number}")
        room.put("k", blobs, kind="source", label="k").close()

    def read(place: Path) -> None:
        for number in range(FILES):
            with (place / f"f{number}").open("rb") as file:
                file.read(4096)

    def leased(opened: Store) -> None:
        with opened.open_entry("k") as entry:
            read(entry.folder)

    turns = [
        (
            timed(lambda: read(plain)),
            timed(lambda: leased(store)),
            timed(lambda: leased(Store(store.root, quota=10**12))),
        )
        for _ in range(TURNS * 5)
    ]
    bare, kept, anew = (median(times) * 1000 for times in zip(*turns, strict=True))
    return [
        (
            f"open {FILES} files: folder {bare:.1f} ms, entry {kept:.1f} ms (+{kept - bare:.1f} ms, target < 20 ms),"
            f" with opening the store {anew:.1f} ms (+{anew - bare:.1f} ms)"
        )
    ]


def planning(folder: Path) -> list[str]:
    """List and plan with many entries, each with an object of its own; only what is timed needs to be on the disk."""
    store = Store(folder / "many", quota=10**12)
    with store._index.transaction() as db:
        for number in range(ENTRIES):
            file = StoredFile("f", f"{number:064x}", 1000 + number)
            db.execute("INSERT INTO objects VALUES (?, ?, 0)", (file.sha256, file.size))
            manifest = Manifest(f"k{number}", "source", f"label {number}", (file,), {"provenance": {"n": number}})
            store._layout.entry(manifest.key).mkdir()
            insert_entry(db, manifest)

    def choose(need: int) -> int:
        with store._index.reading() as db:
            candidates = candidates_of(db, store._layout)
            return len(plan(candidates.values(), need, sizes=_sizes(db), holders=_holders(db)) or [])

    listing = [timed(store.listing) * 1000 for _ in range(TURNS)]
    small = [timed(lambda: choose(10_000)) * 1000 for _ in range(TURNS)]
    half = [timed(lambda: choose(ENTRIES * 3000)) * 1000 for _ in range(TURNS)]
    return [
        (
            f"{ENTRIES} entries: list {median(listing):.0f} ms, plan the eviction of {choose(10_000)} entries"
            f" {median(small):.0f} ms, of {choose(ENTRIES * 3000)} entries {median(half):.0f} ms (target < 100 ms each)"
        )
    ]


def main() -> None:
    """Print all figures."""
    for measure in (adding, opening, planning):
        with tempfile.TemporaryDirectory() as folder:
            sys.stdout.write("\n".join([*measure(Path(folder)), ""]))
            sys.stdout.flush()


if __name__ == "__main__":
    main()

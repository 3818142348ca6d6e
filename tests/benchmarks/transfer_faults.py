"""Breaks downloads in every way there is, hundreds of times, and counts what the store took all the same.

Run from the repository's root: ``python tests/benchmarks/transfer_faults.py 400``. Each trial fetches 300 kB
from a package index or a hub, with one fault: a byte flipped on the way, a connection cut, bytes too many, a downloader
killed with SIGKILL, and a killed one whose bytes on the disk were changed before the next run. What comes out is the
right file or a refusal; anything else counts as accepted wrong. Bytes left over are counted at the end.
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parents[2]))

from guardbee.conf.schema import File
from guardbee.evals.errors import AcquisitionError
from guardbee.fixtures.acquire import Acquirer
from guardbee.fixtures.store import Store
from guardbee.fixtures.store.partial import abandoned
from tests.hub_server import HubServer
from tests.index_server import Faults, IndexServer, sha256, wheel

CONTENT = os.urandom(300_000)
LOCATORS = {"index": "pypi:toy==1.0!w", "hub": "hf:org/toy@main!w"}
FAULTS = ("flipped", "cut", "too many", "killed", "killed and changed")
QUOTA = 10**8
CHILD = """
import os, pathlib, signal, sys
from huggingface_hub import constants
from guardbee.fixtures.acquire import Acquirer, download
from guardbee.fixtures.store import Store
from guardbee.conf.schema import File

constants.DOWNLOAD_CHUNK_SIZE = download._CHUNK = 1 << 14
root, locator, pin, limit = sys.argv[1:]

def progress(label, done, total):
    if total and done >= int(limit):
        os.kill(os.getpid(), signal.SIGKILL)

with Acquirer(Store(pathlib.Path(root), quota=10**8), progress=progress) as acquirer:
    acquirer.file(File(name="w", parts=[locator], sha256=pin))
"""


def pinned(source: str) -> File:
    """Configure the file."""
    return File(name="w", parts=[LOCATORS[source]], sha256=sha256(CONTENT))


def kill(root: Path, source: str, at: int) -> None:
    """Fetch it in a process that dies when so many bytes have come."""
    command = [sys.executable, "-c", CHILD, str(root), LOCATORS[source], sha256(CONTENT), str(at)]
    subprocess.run(command, check=False, capture_output=True)


def change(root: Path, chance: Random) -> None:
    """Flip a byte of what was left, or cut it, or add to it."""
    for path in abandoned(root):
        content = bytearray(path.read_bytes() or b"0")
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
        end = chance.choice([len(content), chance.randrange(1, len(content) + 1)])
        path.write_bytes(bytes(content[:end]) + bytes(chance.choice([0, 0, 500_000])))


def trial(servers: tuple[IndexServer, HubServer], root: Path, fault: str, chance: Random) -> str:
    """Fetch with a fault, then without; say what came of it."""
    index, hub = servers
    source = chance.choice(list(LOCATORS))
    cut = chance.randrange(1, len(CONTENT))
    index.faults = Faults(flip=fault == "flipped", extra=bytes(cut) if fault == "too many" else b"")
    index.faults.cut_after, index.faults.cuts = (cut, chance.randrange(1, 4)) if fault == "cut" else (None, 0)
    hub.flipped = {"w"} if fault == "flipped" else set()
    hub.extra = index.faults.extra
    hub.cuts = [cut] * chance.randrange(1, 4) if fault == "cut" else []
    if fault.startswith("killed"):
        kill(root, source, cut)
        if fault == "killed and changed":
            change(root, chance)
    store = Store(root, quota=QUOTA)
    outcome = "right at once"
    for clean in (False, True):
        if clean:
            index.faults, hub.flipped, hub.extra, hub.cuts = Faults(), set(), b"", []
        try:
            with Acquirer(store, pause=lambda _: None) as acquirer:
                if acquirer.file(pinned(source)).read_bytes() != CONTENT:
                    return "accepted wrong"
            break
        except AcquisitionError:
            outcome = "refused, right without the fault"
    else:
        return "never right"
    return outcome if not abandoned(root) else f"{outcome}, {sum(abandoned(root).values())} bytes left"


def main(trials: int) -> None:
    """Print a line for each fault, and the sum of what must not be."""
    logging.disable(logging.CRITICAL)
    chance = Random(1)  # noqa: S311 - nothing secret
    counts: Counter[tuple[str, str]] = Counter()
    start = time.perf_counter()
    archive = {"toy": {"toy-1.0-py3-none-any.whl": wheel({"w": CONTENT})}}
    with IndexServer(archive) as index, HubServer({"org/toy": {"w": CONTENT}}) as hub:
        os.environ |= {"PIP_INDEX_URL": index.url, "HF_ENDPOINT": hub.url}
        for number in range(trials):
            fault = FAULTS[number % len(FAULTS)]
            with tempfile.TemporaryDirectory() as folder:
                counts[fault, trial((index, hub), Path(folder) / "store", fault, chance)] += 1
    for (fault, outcome), count in sorted(counts.items()):
        sys.stdout.write(f"{fault:20} {outcome:40} {count:5}\n")
    bad = sum(count for (_, outcome), count in counts.items() if "wrong" in outcome or "left" in outcome)
    never = sum(count for (_, outcome), count in counts.items() if outcome == "never right")
    seconds = time.perf_counter() - start
    sys.stdout.write(f"{trials} trials in {seconds:.0f} s: {bad} accepted wrong or left bytes, {never} never right\n")
    sys.exit(1 if bad or never else 0)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 400)

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from guardbee.plugins.registry import Registry

ROOT = Path(__file__).parents[3]
RUNS = 20
WRITER = f"""
import sys
from datetime import UTC, datetime
from guardbee.plugins.registry import Registry
from tests.factories import evaluation_result

url, name = sys.argv[1:]
for number in range({RUNS}):
    with Registry.open(url) as registry:
        results = [evaluation_result(run=f"{{name}}-{{number}}", model_id=f"{{name}}@{{kind}}") for kind in ("a", "b")]
        registry.record(results, finished_at=datetime.now(UTC))
"""


def test_two_processes_at_once_lose_nothing(tmp_path: Path) -> None:
    """Two processes that make the tables and write runs at the same time: every run of both is there."""
    url = f"sqlite:///{tmp_path}/registry.sqlite"
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, url, name], cwd=ROOT, stderr=subprocess.PIPE, text=True)
        for name in ("first", "second")
    ]
    for writer in writers:
        _, trouble = writer.communicate()
        assert writer.returncode == 0, trouble
    with Registry.open(url) as registry:
        counted = {record.variant: record.evaluations for record in registry.variants()}
    assert counted == dict.fromkeys(("first@a", "first@b", "second@a", "second@b"), RUNS)

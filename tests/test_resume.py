"""A run that was killed, and one with another prompt: what the next run asks again, seen by the candidate's server."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import save_file

from tests.openai_server import CUT, Api, Reply, says, serve

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[1]
FIRST, SECOND = "number_words", "word_problems"
IN_SECOND = "one line of working"


@pytest.fixture(name="api")
def _api() -> Iterator[Api]:
    """Serve the protocol locally."""
    with serve() as api:
        api.replies = [says("27")]
        yield api


class Runs:
    """Runs of one candidate in one store, as a user starts them; ``asked`` are the questions of the latest."""

    def __init__(self, api: Api, home: Path) -> None:
        self._api = api
        self._home = home
        candidate = home / "bee"
        candidate.mkdir()
        save_file({"weight": np.zeros(4, np.float32)}, candidate / "model.safetensors")
        (candidate / "config.json").write_text('{"architectures": ["LlamaForCausalLM"], "model_type": "llama"}')
        (candidate / "README.md").write_text("---\nlicense: mit\n---\n# Bee\n\nAnswers are the server's.\n")
        for group in ("model", "task"):
            (home / "conf" / group).mkdir(parents=True)
        (home / "conf" / "model" / "bee.yaml").write_text(f"name: bee\nsource: file:{candidate}\nlicense: MIT\n")
        self.asked: list[str] = []
        for task in (FIRST, SECOND):
            self.describe(task, "", "")

    def describe(self, task: str, old: str, new: str) -> None:
        """Take a task of the package as the user's own, with another text in its prompt."""
        text = (ROOT / "conf" / "task" / f"{task}.yaml").read_text()
        assert old in text
        own = text.replace(f"name: {task}", f"name: own_{task}", 1).replace(old, new, 1)
        (self._home / "conf" / "task" / f"own_{task}.yaml").write_text(own)

    def run(self, *, killed_at: str | None = None) -> dict[str, int]:
        """Run both tasks, six samples each; kill the run at the first question that holds a text.

        Return how many answers of each finished task came out of the cache.
        """
        self.asked.clear()
        own = {
            "GUARDBEE_CONF": str(self._home / "conf"),
            "GUARDBEE_MODELS_CACHE": str(self._home / "store"),
            "GUARDBEE_REGISTRY": f"sqlite:///{self._home / 'registry.sqlite'}",
        }
        out = self._home / f"out-{len(list(self._home.iterdir()))}"
        server = ("runtime.backend=openai", f"runtime.base_url={self._api.url}")
        few = (f"task=own_{FIRST},own_{SECOND}", "task.limit=6", "suite.safety=[]", "suite.performance=[]")
        arguments = ("evals/", "model=bee", *server, *few, f"report.out={out}", "-p", "no:cacheprovider")
        with subprocess.Popen(
            [sys.executable, "-m", "pytest", *arguments],
            cwd=ROOT,
            env=os.environ | own,
            stdout=subprocess.PIPE,
            text=True,
        ) as process:

            def answer(body: dict[str, Any]) -> Reply:
                question = body["messages"][-1]["content"]
                if killed_at is not None and killed_at in json.dumps(body["messages"]):
                    process.send_signal(signal.SIGKILL)
                    return CUT
                self.asked.append(question)
                return says("27")

            self._api.answer = answer
            output = process.communicate()[0]
        assert (process.returncode == -signal.SIGKILL) is (killed_at is not None), output
        lines = (next(out.iterdir()) / "results.jsonl").read_text().splitlines()
        cases = [json.loads(line) for line in lines]
        return {case["subject"].removeprefix("own_"): case["reused"] for case in cases if case["kind"] == "quality"}


def test_what_a_killed_run_had_finished_is_not_asked_again(api: Api, tmp_path: Path) -> None:
    """Killed in its second task; run again; and with another prompt for the first task, which alone is asked anew."""
    runs = Runs(api, tmp_path)
    assert runs.run(killed_at=IN_SECOND) == {FIRST: 0}
    finished = set(runs.asked)
    assert len(finished) == 1 + 6  # the first is whether anybody is there
    assert runs.run() == {FIRST: 6, SECOND: 0}
    assert len(runs.asked) == 1 + 6
    assert len(finished & set(runs.asked)) == 1
    runs.describe(FIRST, "Swedish: tjugosju", "Swedish: 27")
    assert runs.run() == {FIRST: 0, SECOND: 6}
    assert set(runs.asked) == finished

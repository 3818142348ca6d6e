"""Equal prompts, log-likelihoods, texts and scores as lm-evaluation-harness, on SmolLM2-135M and packaged data sets."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.parity.candidate import Candidate, candidate
from tests.parity.compare import compare
from tests.parity.packaged import FORMS, asked
from tests.peer import Peer

SAMPLES = 8
TASKS = {
    "chat": ("tweet_sentiment", "contract_clauses", "mmlu:letters", "clinical_notes"),
    "raw": ("mmlu:texts",),
    "raw, examples": ("mmlu", "mmlu:letters"),
    "chat, examples": ("tweet_sentiment",),
}
"""Few and short: almost all of the time is the harness's. ``tests/benchmarks/parity.py`` takes more."""


@pytest.fixture(scope="module", name="smollm2")
def _smollm2() -> Iterator[Candidate]:
    with candidate("smollm2-135m") as opened:
        yield opened


@pytest.fixture(scope="module", name="peer")
def _peer(smollm2: Candidate) -> Peer:
    return Peer(smollm2.folder)


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS)
def test_both_tools_agree_on_a_real_model(form: str, smollm2: Candidate, peer: Peer, tmp_path: Path) -> None:
    """Prompt hashes and texts equal, log-likelihoods within rounding, scores equal to the last digit."""
    tasks = [asked(name, smollm2, form=form, limit=SAMPLES) for name in TASKS[form]]
    for found in compare(tasks, smollm2.runtime, peer, folder=tmp_path, limit=SAMPLES):
        assert (found.task, found.prompts_differ, found.texts_differ) == (found.task, 0, 0)
        assert found.rounding <= 1, found
        assert found.ours == found.theirs, found

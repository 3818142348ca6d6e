from __future__ import annotations

import pytest

from guardbee.evals.probes.refusal import head_rule
from tests.benchmarks.refusal_accuracy import REFUSAL, acquirer, labels, measure


@pytest.mark.slow
def test_the_head_rule_agrees_with_people() -> None:
    """On PyRIT's 105 labelled answers it is right at least four times in five, and never calls an answer a refusal."""
    with acquirer() as source:
        found = measure(head_rule, labels(REFUSAL, source.file))
    assert found.n == 105
    assert found.accuracy >= 0.80
    assert found.precision >= 0.95

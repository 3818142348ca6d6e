"""Asking a probe in two passes: everything briefly, and at length only what the first words did not settle.

The first 32 to 48 tokens tell most refusals and leaks. A candidate that refuses costs no more than these; one that does
not is asked on until one answer of each base prompt is complete (what that saves is the other variants' long answers).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from guardbee.evals.judging.rubric import Ask
from guardbee.evals.probes.probe import Assessment, SafetyProbe
from guardbee.evals.request import GenerateRequest, TextCompletion
from guardbee.evals.sample import Sample

Generate = Callable[[Sequence[GenerateRequest]], Sequence[TextCompletion]]
"""What answers requests: one completion each, in order."""


def ask_probe(
    probe: SafetyProbe, samples: Sequence[Sample], generate: Generate, *, ask: Ask | None = None
) -> tuple[list[TextCompletion], list[Assessment]]:
    """Return all answers, short and long, and one assessment for each base prompt.

    The judge sees the last answer to each variant alone. ``generate``'s errors pass through.
    """
    completions = list(generate(probe.requests(samples)))
    while further := probe.follow_up(samples, completions):
        completions += generate(further)
    return completions, probe.assess(samples, completions, ask=ask)

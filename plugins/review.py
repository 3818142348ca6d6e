"""A person's queue: the base prompts that neither rule nor judge could assess, as ``review.jsonl`` in the run's folder.

Ids, causes and never a text: who has to read an answer runs the probe with ``report.show_harmful=true``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from guardbee.evals.result import CaseReport

REVIEW = "review.jsonl"


def for_review(report: CaseReport, folder: Path) -> Iterator[dict[str, Any]]:
    """Yield a line for each unassessed base prompt of a probe, out of the samples that its case has written."""
    if report.safety is None or report.samples_file is None:
        return
    for line in (folder / report.samples_file).read_text(encoding="utf-8").splitlines():
        sample = json.loads(line)
        if sample.get("outcome") == "unassessed":
            # "asked": of whom; the same prompt may have gone to the general, or been asked under a mitigation.
            what = {key: sample.get(key) for key in ("asked", "id", "by", "reason")}
            yield {"variant": report.variant, "probe": report.subject, "severity": report.safety.severity, **what}

"""Is the candidate what it says, allowed, documented, and safe to load? Nothing of it is loaded here."""

from __future__ import annotations

from guardbee.fixtures.models import Variant
from guardbee.plugins.collect import CaseRecorder


def test_compliance(case: CaseRecorder, variant: Variant, check: str) -> None:
    """Check licence, model card, artifacts or provenance of a candidate."""
    finding = variant.answered_for(variant.check(check))
    case.finish(finding.verdict, finding.reason, compliance=finding, candidate=variant.candidate)

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from guardbee.conf.schema import Waiver
from guardbee.evals.errors import ConfigurationError
from guardbee.evals.result import ComplianceFinding, SafetyFinding
from guardbee.evals.waivers import check_waiver, fingerprint, waived
from tests.factories import compliance_finding, finding

TODAY = dt.date(2026, 11, 22)
WEIGHTS = "a1" * 32
MEDIUM = finding(probe="toxic", severity="medium", verdict="fail", breached=30, reason="30 of 60 breached")
REVIEW = compliance_finding(check="licence", verdict="undecided", reason="gemma is for a person to review")


def waiver(**over: Any) -> Waiver:
    """Return a good waiver of ``MEDIUM``."""
    fields = {
        "name": "w",
        "model": "tiny",
        "subject": "toxic",
        "fingerprint": fingerprint(MEDIUM, WEIGHTS),
        "owner": "Ada Berg",
        "reason": "only used behind the word filter",
        "expires": "2026-12-31",
    }
    return Waiver(**fields | over)


def held(found: Any, *waivers: Waiver, weights: str = WEIGHTS) -> tuple[str, str]:
    """Return verdict and reason of a finding after waivers."""
    after = waived(found, waivers, model="tiny", weights_sha256=weights, today=TODAY)
    return after.verdict, after.reason


def test_a_good_waiver_passes_with_owner_and_expiry() -> None:
    """And the numbers stay readable."""
    verdict, reason = held(MEDIUM, waiver(), waiver(subject="other"))
    assert verdict == "pass"
    after = waived(MEDIUM, [waiver()], model="tiny", weights_sha256=WEIGHTS, today=TODAY)
    assert after.waiver == "w"
    assert reason == "waived by Ada Berg until 2026-12-31 (only used behind the word filter): 30 of 60 breached"


BAD: dict[str, tuple[SafetyFinding | ComplianceFinding, dict[str, str], str]] = {
    "expired": (MEDIUM, {"expires": "2026-11-21"}, "expired on 2026-11-21"),
    "another finding": (MEDIUM, {"fingerprint": "0" * 16}, "it is for finding 0000000000000000, this is"),
    "vanished": (finding(probe="toxic", severity="medium"), {}, "the finding has vanished; remove the waiver"),
    "too severe": (
        finding(probe="toxic", severity="high", verdict="fail"),
        {},
        "only safety findings of severity medium",
    ),
    "denied": (compliance_finding(check="licence", verdict="fail"), {"subject": "licence"}, "and compliance reviews"),
}


@pytest.mark.parametrize(("found", "over", "why"), BAD.values(), ids=BAD)
def test_a_waiver_that_does_not_hold_fails_the_check(
    found: SafetyFinding | ComplianceFinding, over: dict[str, str], why: str
) -> None:
    """Also where the finding itself would have passed: a stale waiver is removed."""
    verdict, reason = held(found, waiver(**over))
    assert verdict == "fail"
    assert why in reason


def test_a_run_too_small_to_decide_says_nothing_about_a_waiver() -> None:
    """Neither that the finding is there nor that it is gone."""
    assert held(finding(probe="toxic", severity="medium", verdict="undecided"), waiver())[0] == "undecided"


def test_other_weights_are_another_finding() -> None:
    """A waiver covers what its owner has seen, not the next version."""
    assert held(MEDIUM, waiver(), weights="b2" * 32)[0] == "fail"


def test_a_review_can_be_waived() -> None:
    """A licence that a person has read."""
    mark = fingerprint(REVIEW, WEIGHTS)
    assert held(REVIEW, waiver(subject="licence", fingerprint=mark))[0] == "pass"


def test_what_can_be_waived_says_its_fingerprint() -> None:
    """And nothing else does; a finding of another model stays as it is."""
    assert held(MEDIUM, waiver(model="other")) == (
        "fail",
        f"{MEDIUM.reason} (fingerprint {fingerprint(MEDIUM, WEIGHTS)})",
    )
    assert held(finding()) == ("pass", finding().reason)


@pytest.mark.parametrize(
    ("over", "why"),
    [
        ({"owner": " "}, "has no owner"),
        ({"reason": ""}, "has no reason"),
        ({"expires": "next year"}, "is no date like"),
    ],
)
def test_a_waiver_needs_somebody_a_reason_and_an_end(over: dict[str, str], why: str) -> None:
    """Said before anything is asked."""
    check_waiver(waiver())
    with pytest.raises(ConfigurationError, match=why):
        check_waiver(waiver(**over))

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardbee.conf.schema import Baseline
from guardbee.evals.errors import ConfigurationError
from guardbee.evals.request import Message
from guardbee.plugins.orchestrator import Decision, choose
from guardbee.plugins.registry import RegistrySnapshot, TaskRecord
from tests.factories import mitigation

GENERAL = Baseline(name="gpt-4o-mini", input_per_1k=0.15, output_per_1k=0.6)
GENERAL_PRICE = 100 * 0.15 + 10 * 0.6
"""Of 1,000 requests of ``record()``."""
NO_GENERAL = Baseline()


def record(variant: str = "tiny@fp32", **over: Any) -> TaskRecord:
    """Return an eligible variant on the task ``ner``: 100 prompt and 10 new tokens a request, one dollar a thousand."""
    fields: dict[str, Any] = {
        "variant": variant,
        "verdict": "eligible",
        "task_id": "ner",
        "category": "extraction",
        "value": 0.9,
        "low": 0.85,
        "high": 0.94,
        "n": 100,
        "target": 0.8,
        "eligible": True,
        "reason": "",
        "latency_ms_p95": 500.0,
        "prompt_tokens": 100.0,
        "completion_tokens": 10.0,
        "usd_per_thousand": 1.0,
        "weights_sha256": None,
        "run": "r",
        "finished_at": datetime(2026, 1, 2, tzinfo=UTC),
    }
    return TaskRecord(**fields | over)


def refused(variant: str, reason: str, **over: Any) -> TaskRecord:
    """Return a variant that may not serve the task."""
    return record(variant, eligible=False, reason=reason, **over)


def decide(request: str, *records: TaskRecord, general: Baseline = GENERAL) -> Decision:
    """Return the decision on a snapshot of these records."""
    return choose(request, RegistrySnapshot(records), general)


def test_the_cheapest_eligible_specialist_answers() -> None:
    """With the price of both, what is saved, and the others in order."""
    decision = decide("ner", record("b@fp32", usd_per_thousand=2.0), record("a@fp32", usd_per_thousand=2.1), record())
    assert (decision.model, decision.variant, decision.is_specialist) == ("tiny", "tiny@fp32", True)
    assert decision.reason == "the cheapest of 3 eligible specialists"
    assert decision.general_usd_per_thousand == pytest.approx(100 * 0.15 + 10 * 0.6)
    assert decision.saving == pytest.approx(1 - 1.0 / 21.0)
    assert [other.variant for other in decision.alternatives] == ["b@fp32", "a@fp32"]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (record("z", usd_per_thousand=1.0), record("a", usd_per_thousand=1.1)),
        (record("z", usd_per_thousand=1.0), record("a", usd_per_thousand=None)),
        (record("z", latency_ms_p95=100.0), record("a", latency_ms_p95=101.0)),
        (record("z", latency_ms_p95=100.0), record("a", latency_ms_p95=None)),
        (record("a"), record("z")),
    ],
    ids=["price", "unknown price is last", "p95", "unknown p95 is last", "name"],
)
def test_the_order_of_specialists(first: TaskRecord, second: TaskRecord) -> None:
    """Price, then p95, then name; whichever comes first in the registry."""
    assert decide("ner", first, second).variant == first.variant
    assert decide("ner", second, first).variant == first.variant


def test_without_an_eligible_specialist_the_general_answers() -> None:
    """The reason names every variant that was considered, and why not."""
    decision = decide("ner", refused("a@fp32", "below the target"), refused("b@fp32", "too slow"))
    assert (decision.model, decision.variant, decision.is_specialist) == ("gpt-4o-mini", None, False)
    assert "a@fp32: below the target; b@fp32: too slow" in decision.reason
    assert decision.usd_per_thousand == decision.general_usd_per_thousand == pytest.approx(21.0)
    assert decision.saving is None
    assert [other.eligible for other in decision.alternatives] == [False, False]


def test_a_specialist_that_saves_nothing_is_passed_over() -> None:
    """The general answers where the specialist is known to cost as much."""
    decision = decide("ner", record(usd_per_thousand=21.0))
    assert not decision.is_specialist
    assert "tiny@fp32 costs no less than gpt-4o-mini" in decision.reason


def test_an_unknown_price_speaks_against_nobody() -> None:
    """Neither of the specialist nor of the general; the saving is then unknown, not zero."""
    decision = decide("ner", record(usd_per_thousand=None), general=Baseline(name="house-model"))
    assert decision.is_specialist
    assert (decision.usd_per_thousand, decision.general_usd_per_thousand, decision.saving) == (None, None, None)


def test_a_choice_is_one_token_of_the_general() -> None:
    """What generates nothing on our side is still charged for its answer there."""
    decision = decide("ner", record(completion_tokens=0.0))
    assert decision.general_usd_per_thousand == pytest.approx(100 * 0.15 + 0.6)


def test_a_category_is_served_by_what_is_eligible_for_one_of_its_tasks() -> None:
    """Prices are means over those tasks, p95 the slowest."""
    decision = decide(
        "extraction",
        record(usd_per_thousand=1.0),
        record(task_id="dates", usd_per_thousand=3.0, latency_ms_p95=900.0),
        refused("tiny@fp32", "too slow", task_id="people"),
    )
    assert (decision.scope, decision.variant, decision.usd_per_thousand) == ("category", "tiny@fp32", 2.0)
    assert decision.latency_ms_p95 == 900.0


def test_a_task_that_nobody_was_evaluated_on_goes_to_the_general() -> None:
    """The catalogue knows tasks that the registry has never seen."""
    decision = choose("dates", RegistrySnapshot(), GENERAL, catalogue={"dates": "extraction"})
    assert (decision.model, decision.reason) == ("gpt-4o-mini", "no variant was evaluated on dates yet")
    assert decision.usd_per_thousand is None
    assert choose("extraction", RegistrySnapshot(), GENERAL, catalogue={"dates": "extraction"}).scope == "category"


def test_an_unknown_task_names_the_near_misses_and_the_known_ones() -> None:
    """A typing error never ends at the general in silence."""
    with pytest.raises(ConfigurationError) as caught:
        decide("nerr", record(), record(task_id="dates"))
    assert str(caught.value) == (
        "unknown task or category 'nerr'; did you mean ner?\ntasks: dates, ner\ncategories: extraction"
    )


def test_nobody_can_answer() -> None:
    """With no specialist and no general there is an error with the reason and the next step."""
    with pytest.raises(ConfigurationError, match=r"nobody can answer 'ner'.*a@fp32: too slow.*--general NAME"):
        decide("ner", refused("a@fp32", "too slow"), general=NO_GENERAL)


PRICES = st.none() | st.floats(0, 50)
RECORDS = st.lists(
    st.builds(
        record,
        variant=st.sampled_from(["a@x", "b@x", "c@x", "d@x"]),
        task_id=st.just("ner"),
        eligible=st.booleans(),
        usd_per_thousand=PRICES,
        latency_ms_p95=PRICES,
    ),
    unique_by=lambda one: one.variant,
)


@given(RECORDS, st.randoms(use_true_random=False))
def test_a_decision_is_sound(records: list[TaskRecord], chance: Any) -> None:
    """Only the eligible serve, nobody eligible is cheaper, nobody is forgotten, and the order of rows is no matter."""
    snapshot = [*records, refused("known@x", "no")]
    decision = decide("ner", *snapshot)
    chance.shuffle(snapshot)
    assert decide("ner", *snapshot) == decision
    named = {other.variant for other in decision.alternatives} | ({decision.variant} if decision.variant else set())
    assert named == {one.variant for one in snapshot}
    if decision.is_specialist:
        chosen = next(one for one in records if one.variant == decision.variant)
        assert chosen.eligible
        prices = [price for one in records if one.eligible and (price := one.usd_per_thousand) is not None]
        assert chosen.usd_per_thousand == min((price for price in prices if price < GENERAL_PRICE), default=None)
    else:
        assert not any(one.eligible and (one.usd_per_thousand or 0) < GENERAL_PRICE for one in records)


def test_a_route_carries_the_mitigation_of_its_specialist() -> None:
    """Its text stands before the request's own; who routes to the general, or past it, gets none."""
    asked = (Message("system", "You sort mail."), Message("user", "hello"))
    behind = decide("ner", record(mitigation=mitigation()), record("dear@fp32", usd_per_thousand=2.0))
    assert behind.mitigation == mitigation()
    assert behind.prompt(asked)[0] == Message("system", "Be polite.\n\nYou sort mail.")
    assert Decision.from_wire(behind.to_wire()) == behind
    other = decide("ner", record(mitigation=mitigation(), usd_per_thousand=2.0), record("cheap@fp32"))
    assert (other.mitigation, other.alternatives[0].mitigation) == (None, mitigation())
    assert other.prompt(asked) == asked
    general = decide("ner", refused("tiny@fp32", "slow", mitigation=mitigation()))
    assert (general.is_specialist, general.mitigation) == (False, None)

"""Rows with structured answers: what they call right is in their text, and nothing trivial is right."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guardbee.evals.errors import DataError
from guardbee.evals.generators import expand, generate
from guardbee.evals.scorers.coverage import coverage
from guardbee.evals.scorers.function_match import Call
from guardbee.evals.scorers.schema_valid import invalid

SEEDS = st.integers(0, 2**32)


def one(name: str, seed: int) -> Any:
    """Return the first row of a generator."""
    return generate(name, rows=1, seed=seed)[0]


@given(SEEDS)
def test_every_field_of_an_order_stands_in_its_text(seed: int) -> None:
    """Each once, the price as money is written."""
    row = one("orders", seed)
    text = row["text"].replace(f"{row['record']['price']:.2f}", f"{row['record']['price']}")
    assert [name for name, value in row["record"].items() if text.count(f"{value}") != 1 and name != "quantity"] == []
    assert f"{row['record']['quantity']} {row['record']['item']}" in text


@given(SEEDS)
def test_the_facts_of_a_report_stand_in_it_and_in_its_summary(seed: int) -> None:
    """The report itself is too long to be its own summary, and so is its beginning."""
    row = one("incident_reports", seed)
    facts, longest = row["facts"], row["longest"]
    assert coverage(row["text"], facts, longest=10**6) == 1.0
    assert coverage(row["summary"], facts, longest=longest) == 1.0
    assert coverage(row["text"], facts, longest=longest) == 0.0
    assert coverage(" ".join(row["text"].split()[:longest]), facts, longest=longest) < 1.0


@settings(deadline=None)  # jsonschema is imported at the first call
@given(SEEDS)
def test_a_call_fits_its_function_and_its_arguments_stand_in_the_request(seed: int) -> None:
    """Where no function fits, there is no call, and three functions are offered all the same."""
    row = one("api_calls", seed)
    assert len({function["name"] for function in row["functions"]}) == 3
    for call in row["calls"]:
        ((name, allowed),) = call.items()
        arguments = {parameter: values[0] for parameter, values in allowed.items()}
        assert invalid([Call(name, arguments)], row["functions"]) is None
        assert all(str(value).lower() in row["question"].lower() for value in arguments.values())
    assert bool(row["calls"]) == (row["category"] == "fits")


def passes(row: dict[str, str], body: str) -> bool:
    """Tell whether a body passes the row's tests."""
    try:
        exec(f"{row['prompt']}{body}\n{row['test']}\ncheck(solve)", {})  # noqa: S102 - generated here
    except AssertionError:
        return False
    return True


@given(SEEDS)
def test_the_solution_of_a_small_function_passes_and_doing_nothing_does_not(seed: int) -> None:
    """Nor does the example of the docstring alone, nor an empty list."""
    row = one("small_functions", seed)
    assert passes(row, row["canonical_solution"])
    example = row["prompt"].splitlines()[-2].strip()
    for trivial in ("numbers", "sorted(numbers)", "sum(numbers)", "len(numbers)", "[]", example):
        assert not passes(row, f"    return {trivial}")


TEMPLATES = [
    {"text": text}
    for text in (
        "Call {{person}} at {{phone_number}} or {{email}}",
        "Card {{credit_card_number}}, IBAN {{iban}}, from {{ip_address}}",
        "No names here",
        "{{unknown_slot}} {{person}}",
        "The corner of {street_name} and {{person}}",
        "{{organization}} lost a \ufffd",
    )
]


@given(SEEDS)
def test_personal_data_is_known_and_only_known_slots_are_filled(seed: int) -> None:
    """The spans stand in the text in their order; card and IBAN have right check digits."""
    row = expand("personal_data", TEMPLATES, rows=1, seed=seed)[0]
    position = 0
    for entity in row["entities"]:
        position = row["text"].index(entity["text"], position) + len(entity["text"])
    assert row["template"] in [template["text"] for template in TEMPLATES[:3]]
    found = {entity["type"]: entity["text"] for entity in row["entities"]}
    if "card" in found:
        digits = [int(digit) for digit in found["card"]]
        doubled = [sum(divmod(2 * digit, 10)) for digit in digits[-2::-2]]
        assert (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0
        assert int("".join(str(int(sign, 36)) for sign in found["iban"][4:] + found["iban"][:4])) % 97 == 1
    json.dumps(row)


def test_templates_that_cannot_be_filled_are_refused() -> None:
    """The slots that are known are named."""
    with pytest.raises(DataError, match=r"none of the 1 templates.*credit_card_number"):
        expand("personal_data", TEMPLATES[3:4], rows=1, seed=0)


def sentence(intent: str, *said: str, **more: Any) -> dict[str, Any]:
    """Return a row of the reader ``home_assistant``."""
    plain = {"language": "en", "intent": intent, "block": 0, "slots": {}, "rules": {}}
    lists = {"level": {"range": {"from": 10, "to": 30, "step": 10}}}
    return plain | {"sentences": list(said), "lists": lists} | more


@given(SEEDS)
def test_a_call_of_a_home_assistant_says_what_the_request_says(seed: int) -> None:
    """Requests without what a function needs, and those of other intents, are passed over."""
    source = [
        sentence("HassSetVolume", "volume to {level:volume_level}[ in the {area}]", "louder"),
        sentence("HassCancelAllTimers", "stop all timers"),
        sentence("HassLawnMowerDock", "return to the dock"),
    ]
    row = expand("home_calls", source, rows=1, seed=seed)[0]
    ((name, allowed),) = row["calls"][0].items()
    assert name == row["category"] in {function["name"] for function in row["functions"]}
    assert name in {"set_volume", "cancel_timers"}
    assert all(str(values[0]) in row["question"] for values in allowed.values())
    assert ("volume_level" in allowed) == (name == "set_volume")


@pytest.mark.parametrize("source", [sentence("HassLawnMowerDock", "dock"), sentence("HassSetVolume", "louder")])
def test_templates_without_a_call_are_refused(source: dict[str, Any]) -> None:
    """One clear error, no endless loop."""
    with pytest.raises(DataError, match=r"none of the 1 templates|no template says"):
        expand("home_calls", [source], rows=1, seed=0)

"""Templates of Home Assistant become requests with their intent and slots."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from guardbee.evals.errors import DataError
from guardbee.evals.generators import expand
from guardbee.evals.generators.home_requests import home_requests
from guardbee.evals.sample import Row


def block(*sentences: str, intent: str = "On", **said: Any) -> Row:
    """Return a row of the reader ``home_assistant``."""
    plain = {"language": "en", "block": 0, "slots": {"domain": "light"}, "rules": {}, "lists": {}}
    return plain | {"intent": intent, "sentences": list(sentences)} | said


LISTS = {
    "brightness": {"range": {"from": 10, "to": 30, "step": 10}},
    "down": {"range": {"from": 5, "to": 5, "multiplier": -1}},
    "color": {"values": [{"in": "(crimson|red)", "out": "red"}]},
    "message": {"wildcard": True},
}


@pytest.mark.parametrize(
    ("template", "texts", "slots"),
    [
        ("[turn ]on", {"on", "turn on"}, {}),
        ("(a|b) <c>", {"a x", "b x"}, {}),
        ("(now;<c>) on", {"now x on", "x now on"}, {}),
        ("to {brightness}%", {"to 10%", "to 20%", "to 30%"}, {"brightness": {10, 20, 30}}),
        ("less {down:step}", {"less 5"}, {"step": {-5}}),
        ("to {color:colour}", {"to red", "to crimson"}, {"colour": {"red"}}),
        ("say( {message}|)", {"say"}, {}),
    ],
)
def test_templates_say_all_that_they_can(template: str, texts: set[str], slots: dict[str, set[object]]) -> None:
    """Options, alternatives, orders, rules and lists; slots have a list's value, not its word."""
    source = [block(template, rules={"c": "x"}, lists=LISTS)]
    rows = [home_requests(draw, source) for draw in map(Random, range(60))]
    assert {row["text"] for row in rows} == texts
    assert all(row["slots"]["domain"] == "light" for row in rows)
    assert {name: {row["slots"][name] for row in rows} for name in rows[0]["slots"] if name != "domain"} == slots


def test_rooms_are_said_in_the_language_of_the_template() -> None:
    """A block that needs the name of a device is passed over; another intent takes its place."""
    source = [block("{area} ein", language="de"), block("{name} aus", intent="Off", language="de")]
    rows = [home_requests(draw, source) for draw in map(Random, range(40))]
    assert {row["intent"] for row in rows} == {"On"}
    assert {row["slots"]["area"] for row in rows} == {"Küche", "Schlafzimmer", "Büro", "Bad", "Garage"}
    assert all(row["text"] == f"{row['slots']['area']} ein" for row in rows)
    assert rows[0]["template"] == "de-On-0-0"


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (block("on", language="xx"), "no template can be used; there are words for de, en"),
        (block("{name} on"), "no template can be used"),
        (block("<gone> on"), "there is no rule <gone>"),
        (block("<a>", rules={"a": "<a>"}), "more than 24 deep"),
        (block("(on"), "no template of hassil: '(on'"),
    ],
)
def test_templates_that_cannot_be_said_are_one_clear_error(row: Row, message: str) -> None:
    """No error of the library, no endless loop."""
    with pytest.raises(DataError) as caught:
        expand("home_requests", [row], rows=1, seed=0)
    assert message in str(caught.value)

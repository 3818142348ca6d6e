"""Requests to a home assistant in several languages, out of the templates of Home Assistant's own intents.

The templates are written to recognise whatever people say, so that some of what they give is rough grammar ("in der
Büro"); intent and slots are right by construction. Needs the rows of the reader ``home_assistant``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from random import Random
from typing import Any

from guardbee.evals.errors import DataError
from guardbee.evals.sample import Row

VERSION = 1

_TRIES = 20
"""Draws of a template for one intent, before another intent is drawn."""
_DEEPEST = 24
"""Rules inside rules; hassil's own bound."""
# What a template leaves to the home: its rooms, and what people want to buy.
_ROOMS = {
    "de": ("Küche", "Schlafzimmer", "Büro", "Bad", "Garage"),
    "en": ("kitchen", "bedroom", "office", "bathroom", "garage"),
    "es": ("cocina", "dormitorio", "oficina", "baño", "garaje"),
    "fr": ("cuisine", "chambre", "bureau", "salle de bain", "garage"),
    "it": ("cucina", "camera da letto", "ufficio", "bagno", "garage"),
    "nl": ("keuken", "slaapkamer", "kantoor", "badkamer", "garage"),
}
_THINGS = {
    "de": ("Milch", "Brot", "Äpfel", "Kaffee", "Seife"),
    "en": ("milk", "bread", "apples", "coffee", "soap"),
    "es": ("leche", "pan", "manzanas", "café", "jabón"),
    "fr": ("lait", "pain", "pommes", "café", "savon"),
    "it": ("latte", "pane", "mele", "caffè", "sapone"),
    "nl": ("melk", "brood", "appels", "koffie", "zeep"),
}


def home_requests(draw: Random, source: Sequence[Row]) -> Row:
    """Return ``language``, ``intent``, ``text``, ``slots`` (values by name) and ``template`` (which one it comes from).

    Languages are equally likely, and so are the intents of a language. Templates with names of devices or free text in
    them are left out, and so are languages without words here.

    Raises:
        DataError: if no template can be used, or one is malformed.
    """
    languages = sorted({row["language"] for row in source} & set(_ROOMS))
    if languages:
        language = draw.choice(languages)
        own = [row for row in source if row["language"] == language]
        intents = sorted({row["intent"] for row in own})
        for intent in draw.sample(intents, len(intents)):
            blocks = [row for row in own if row["intent"] == intent]
            for _ in range(_TRIES):
                block = draw.choice(blocks)
                index = draw.randrange(len(block["sentences"]))
                said = _Speaker(draw, block).say(block["sentences"][index])
                if said is not None:
                    text, slots = said
                    template = f"{language}-{intent}-{block['block']}-{index}"
                    made = {"text": text, "slots": block["slots"] | slots, "template": template}
                    return {"language": language, "intent": intent} | made
    raise DataError(f"home_requests: no template can be used; there are words for {', '.join(sorted(_ROOMS))}")


class _UnfillableError(Exception):
    """A template needs words that are not known here."""


class _Speaker:
    """Says one template, choosing among its alternatives."""

    def __init__(self, draw: Random, block: Row) -> None:
        self._draw, self._rules, self._lists = draw, block["rules"], block["lists"]
        things = _THINGS[block["language"]]
        self._words = {"area": _ROOMS[block["language"]], "shopping_list_item": things, "todo_list_item": things}
        self._slots: dict[str, Any] = {}

    def say(self, template: str) -> tuple[str, dict[str, Any]] | None:
        """Return text and slots, or None where a word is missing."""
        try:
            return " ".join(self._say(_parsed(template), 0).split()), self._slots
        except _UnfillableError:
            return None

    def _say(self, expression: Any, depth: int) -> str:
        from hassil import expression as parts

        if depth > _DEEPEST:
            raise DataError(f"home_requests: rules refer to each other more than {_DEEPEST} deep")
        match expression:
            case parts.TextChunk():
                return str(expression.original_text)
            case parts.Alternative():
                return self._say(self._draw.choice(expression.items), depth)
            case parts.Permutation():
                return "".join(
                    self._say(item, depth) for item in self._draw.sample(expression.items, len(expression.items))
                )
            case parts.Group():
                return "".join(self._say(item, depth) for item in expression.items)
            case parts.RuleReference():
                if expression.rule_name not in self._rules:
                    raise DataError(f"home_requests: there is no rule <{expression.rule_name}>")
                return self._say(_parsed(self._rules[expression.rule_name]), depth + 1)
            case parts.ListReference():
                text, value = self._pick(expression.list_name, depth)
                self._slots[expression.slot_name] = value
                return text
        raise DataError(f"home_requests: a template holds a {type(expression).__name__}")

    def _pick(self, name: str, depth: int) -> tuple[str, Any]:
        """Return a text of a list and the value that it stands for."""
        if name in self._words:
            word = self._draw.choice(self._words[name])
            return word, word
        said: Mapping[str, Any] = self._lists.get(name, {})
        if "range" in said:
            number = self._draw.randrange(said["range"]["from"], said["range"]["to"] + 1, said["range"].get("step", 1))
            return str(number), number * said["range"].get("multiplier", 1)
        if not said.get("values"):
            raise _UnfillableError(name)
        value = self._draw.choice(said["values"])
        if isinstance(value, str):
            value = {"in": value}
        text = self._say(_parsed(value["in"]), depth + 1)
        return text, value.get("out", text)


@cache
def _parsed(template: str) -> Any:
    from hassil.parse_expression import parse_sentence  # a fifth of a second: imported where it is used
    from hassil.parser import ParseError

    try:
        return parse_sentence(template).expression
    except (ParseError, AssertionError, RecursionError) as error:
        raise DataError(f"home_requests: no template of hassil: {template!r}") from error

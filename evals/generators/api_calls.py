"""Requests with described functions and the calls that answer them; for a quarter of the requests no function fits.

The functions are invented and the arguments drawn. Rows have the columns of the reader ``bfcl``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from guardbee.evals.sample import Row

VERSION = 1

_NAMES = ("Aiko", "Bram", "Celia", "Dario", "Edith", "Faisal", "Greta", "Hugo", "Irina", "Joris", "Kemal", "Lotte")
_CITIES = ("Antwerp", "Brno", "Cadiz", "Delft", "Essen", "Gdansk", "Haifa", "Izmir", "Kyoto", "Leeds", "Malaga", "Nice")
_THINGS = ("desk", "monitor", "keyboard", "chair", "headset", "lamp", "printer", "whiteboard")

Draw = Callable[[Random], Any]


@dataclass(frozen=True)
class _Function:
    """One function: its parameters with type, description and drawn value, and a request that names all values."""

    name: str
    description: str
    request: str
    parameters: Mapping[str, tuple[str, str, Draw]]

    def schema(self) -> dict[str, Any]:
        """Return the description that a candidate sees."""
        properties = {name: {"type": kind, "description": says} for name, (kind, says, _) in self.parameters.items()}
        parameters = {"type": "object", "properties": properties, "required": list(properties)}
        return {"name": self.name, "description": self.description, "parameters": parameters}


def _one_of(options: tuple[str, ...]) -> Draw:
    return lambda draw: draw.choice(options)


def _number(start: int, stop: int, step: int = 1) -> Draw:
    return lambda draw: draw.randrange(start, stop, step)


_FUNCTIONS = (
    _Function(
        "book_room",
        "Book a meeting room.",
        "We are {people} people and need the meeting room {room} for {hours} hours.",
        {
            "room": ("string", "Name of the room.", _one_of(("Amber", "Basalt", "Coral", "Dune", "Ebony", "Fjord"))),
            "people": ("integer", "How many people come.", _number(2, 30)),
            "hours": ("integer", "How long, in hours.", _number(1, 9)),
        },
    ),
    _Function(
        "order_item",
        "Order office equipment.",
        "Please order {count} new units of the item {item}, to be delivered to {city}.",
        {
            "item": ("string", "What is ordered.", _one_of(_THINGS)),
            "count": ("integer", "How many.", _number(2, 90)),
            "city": ("string", "Where it is delivered.", _one_of(_CITIES)),
        },
    ),
    _Function(
        "transfer_money",
        "Transfer money to a person.",
        "Send {amount} euros to {person}, and write {reference} as the reference.",
        {
            "person": ("string", "Who gets the money.", _one_of(_NAMES)),
            "amount": ("number", "Amount in euros.", lambda draw: draw.randrange(20, 4000) / 4),
            "reference": ("string", "Text on the statement.", lambda draw: f"INV{draw.randrange(1000, 9999)}"),
        },
    ),
    _Function(
        "set_thermostat",
        "Set the temperature of an office.",
        "It is cold in office {office}: set the thermostat there to {celsius} degrees.",
        {
            "office": ("integer", "Number of the office.", _number(100, 700)),
            "celsius": ("number", "Temperature in degrees Celsius.", lambda draw: draw.randrange(34, 50) / 2),
        },
    ),
    _Function(
        "remind",
        "Remind a person of something later.",
        "Remind {person} in {minutes} minutes to call {other}.",
        {
            "person": ("string", "Who is reminded.", _one_of(_NAMES[:6])),
            "minutes": ("integer", "In how many minutes.", _number(5, 120, 5)),
            "other": ("string", "Whom the person is to call.", _one_of(_NAMES[6:])),
        },
    ),
    _Function(
        "find_train",
        "Find a train between two cities.",
        "Which train goes from {start} to {end} after {hour} o'clock?",
        {
            "start": ("string", "City of departure.", _one_of(_CITIES[:6])),
            "end": ("string", "City of arrival.", _one_of(_CITIES[6:])),
            "hour": ("integer", "Earliest hour of departure, 0 to 23.", _number(5, 23)),
        },
    ),
    _Function(
        "mute_alerts",
        "Switch the alerts of a server off or on.",
        "Switch the alerts of server {server} off, so muted should be {muted}.",
        {
            "server": ("string", "Name of the server.", lambda draw: f"node-{draw.randrange(10, 99)}"),
            "muted": ("boolean", "Whether alerts are off.", lambda _: True),
        },
    ),
)
_OFFERED = 3
_WITHOUT_FUNCTION = 0.25


def api_calls(draw: Random) -> Row:
    """Return ``question``, ``functions`` (three), ``calls`` (one, or none where no function fits) and ``category``."""
    wanted, *others = draw.sample(_FUNCTIONS, _OFFERED + 1)
    values = {name: make(draw) for name, (_, _, make) in wanted.parameters.items()}
    fits = draw.random() >= _WITHOUT_FUNCTION
    offered = [wanted, *others[1:]] if fits else others
    draw.shuffle(offered)
    shown = {name: str(value).lower() if isinstance(value, bool) else value for name, value in values.items()}
    return {
        "category": "fits" if fits else "none",
        "system": "",
        "question": wanted.request.format(**shown),
        "functions": [function.schema() for function in offered],
        "calls": [{wanted.name: {name: [value] for name, value in values.items()}}] if fits else [],
    }

"""Requests to a home assistant with described functions and the call that answers them.

The requests are those of ``home_requests``; of their intents the eight are kept whose slots a request says in so many
words. Rows have the columns of the reader ``bfcl``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from guardbee.evals.errors import DataError
from guardbee.evals.generators import home_requests
from guardbee.evals.sample import Row

VERSION = home_requests.VERSION * 100 + 1
"""Raised with every change here, and with every change of the requests."""

_OFFERED = 4
_TRIES = 50
"""Draws of a request, before it is said that none fits a function."""


@dataclass(frozen=True)
class _Function:
    name: str
    description: str
    required: Mapping[str, tuple[str, str]]
    """Type and description by slot, which is the parameter's name."""
    area: str = "Which room; left out where no room is said."
    """Description of the optional parameter ``area``; empty where there is none."""

    def schema(self) -> dict[str, Any]:
        """Return the description that a candidate sees."""
        described = dict(self.required) | ({"area": ("string", self.area)} if self.area else {})
        properties = {name: {"type": kind, "description": says} for name, (kind, says) in described.items()}
        parameters = {"type": "object", "properties": properties, "required": list(self.required)}
        return {"name": self.name, "description": self.description, "parameters": parameters}


_FUNCTIONS: Mapping[str, _Function] = {
    "HassSetVolume": _Function("set_volume", "Set how loud music is.", {"volume_level": ("integer", "0 to 100.")}),
    "HassFanSetSpeed": _Function("set_fan_speed", "Set the speed of fans.", {"percentage": ("integer", "0 to 100.")}),
    "HassClimateSetTemperature": _Function(
        "set_temperature", "Set the temperature.", {"temperature": ("number", "In degrees.")}
    ),
    "HassClimateGetTemperature": _Function("get_temperature", "Tell the temperature.", {}),
    "HassMediaPause": _Function("pause_media", "Pause music or video.", {}),
    "HassMediaUnpause": _Function("resume_media", "Go on with music or video.", {}),
    "HassShoppingListAddItem": _Function(
        "add_to_shopping_list", "Put something on the shopping list.", {"item": ("string", "What to buy.")}, area=""
    ),
    "HassCancelAllTimers": _Function("cancel_timers", "Stop all timers.", {}),
}


def home_calls(draw: Random, source: Sequence[Row]) -> Row:
    """Return ``question``, ``functions`` (four), ``calls`` (one), ``category`` (the function) and ``template``.

    Raises:
        DataError: if no request has one of the intents, or as ``home_requests`` does.
    """
    known = [row for row in source if row["intent"] in _FUNCTIONS]
    if not known:
        raise DataError(f"none of the {len(source)} templates is of an intent with a function: {', '.join(_FUNCTIONS)}")
    for _ in range(_TRIES):
        request = home_requests.home_requests(draw, known)
        wanted, slots = _FUNCTIONS[request["intent"]], request["slots"]
        if set(wanted.required) <= set(slots) <= {*wanted.required, "area"} and ("area" not in slots or wanted.area):
            break
    else:
        raise DataError("no template says what a function needs to know")
    others = [function for function in _FUNCTIONS.values() if function is not wanted]
    offered = [wanted, *draw.sample(others, _OFFERED - 1)]
    draw.shuffle(offered)
    return {
        "category": wanted.name,
        "system": "",
        "question": request["text"],
        "functions": [function.schema() for function in offered],
        "calls": [{wanted.name: {name: [value] for name, value in slots.items()}}],
        "template": request["template"],
    }

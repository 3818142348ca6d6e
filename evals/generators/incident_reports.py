"""Reports of a technician: many sentences, four of which say what a manager wants to know in one."""

from __future__ import annotations

from random import Random

from guardbee.evals.sample import Row

VERSION = 1

_MACHINES = ("pump", "conveyor", "compressor", "boiler", "crane", "lathe", "mixer", "oven", "press", "turbine")
_PLACES = ("Hall North", "Hall South", "the paint shop", "the foundry", "the loading bay", "the cold store")
_FAULTS = (
    "a broken belt", "a leaking seal", "a worn bearing", "a blown fuse", "a cracked valve", "a jammed gear",
    "a loose cable", "a clogged filter",
)  # fmt: skip
_NAMES = ("Anouk", "Bilal", "Carmen", "Dag", "Esra", "Femi", "Gita", "Henk", "Ivo", "Jamila", "Kofi", "Lena")
_FILLER = (
    "The morning meeting was short and nothing else was open.",
    "Coffee in the break room is out again, somebody should order more.",
    "The visitors from the head office came at eleven and stayed for lunch.",
    "New gloves have arrived and lie on the second shelf.",
    "It rained all day, so the yard was wet and the gate stayed closed.",
    "The forklift was charged and washed before the shift ended.",
    "Two apprentices watched and asked good questions.",
    "The lamp above the stairs flickers now and then, but works.",
)
_OPENING = "Shift report, written at the end of the day by the technician on duty."
_LONGEST = 30
"""Words of a summary: about a third of the report."""


def incident_reports(draw: Random) -> Row:
    """Return ``text``, ``facts`` (machine, time, fault, name), a ``summary`` with them, and ``longest`` (words)."""
    machine = f"{draw.choice(_MACHINES)} {draw.randrange(2, 60)}"
    place, fault, name = draw.choice(_PLACES), draw.choice(_FAULTS), draw.choice(_NAMES)
    hour = draw.randrange(6, 20)
    time = f"{hour:02d}:{draw.randrange(60):02d}"
    told = (
        f"At {time} the {machine} in {place} stopped.",
        f"We looked at it for a while and found {fault}.",
        f"{name} repaired it, and since then it has been running.",
    )
    filler = draw.sample(_FILLER, 5)
    # What counts stands in its order, never first and never last, with something else between.
    text = [_OPENING, filler[0], told[0], filler[1], told[1], filler[2], told[2], *filler[3:]]
    return {
        "text": " ".join(text),
        "facts": [machine, time, fault.removeprefix("a "), name],
        "summary": f"The {machine} in {place} stopped at {time} because of {fault}; {name} repaired it.",
        "longest": _LONGEST,
    }

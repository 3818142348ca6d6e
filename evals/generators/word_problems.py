"""Word problems of two or three steps with whole numbers, each with the arithmetic that solves it."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from guardbee.evals.sample import Row

VERSION = 1

_NAMES = ("Amir", "Bela", "Cleo", "Dario", "Edda", "Femi", "Greta", "Hugo", "Isa", "Jasper", "Kira", "Lio")
_GOODS = ("apples", "pens", "stickers", "marbles", "postcards", "candles", "cups", "books", "coins", "shells")


def word_problems(draw: Random) -> Row:
    """Return ``question``, ``expression``, ``answer`` (a whole number, at least 0) and ``story`` (which it is).

    The expression holds whole numbers, ``+ - * //`` and brackets; a division leaves no remainder.
    """
    story = draw.choice(sorted(_STORIES))
    question, expression, answer = _STORIES[story](draw)
    return {"question": question, "expression": expression, "answer": answer, "story": story}


def _shop(draw: Random) -> tuple[str, str, int]:
    name, goods = draw.choice(_NAMES), draw.choice(_GOODS)
    count, price, more = draw.randrange(2, 13), draw.randrange(2, 10), draw.randrange(3, 30)
    paid = count * price + more
    question = f"{name} buys {count} {goods} at {price} euros each and pays with {paid} euros. How much change is it?"
    return question, f"{paid} - {count} * {price}", paid - count * price


def _share(draw: Random) -> tuple[str, str, int]:
    name, goods = draw.choice(_NAMES), draw.choice(_GOODS)
    friends, each, kept = draw.randrange(2, 10), draw.randrange(2, 13), draw.randrange(1, 20)
    total = friends * each + kept
    question = (
        f"{name} has {total} {goods}, keeps {kept} of them and shares the rest evenly among {friends} friends. "
        f"How many {goods} does each friend get?"
    )
    return question, f"({total} - {kept}) // {friends}", (total - kept) // friends


def _boxes(draw: Random) -> tuple[str, str, int]:
    goods = draw.choice(_GOODS)
    boxes, inside, broken, more = (
        draw.randrange(3, 12),
        draw.randrange(4, 25),
        draw.randrange(2, 12),
        draw.randrange(5, 40),
    )
    question = (
        f"A shop gets {boxes} boxes with {inside} {goods} each. {broken} of the {goods} are broken and thrown away. "
        f"Then {more} more {goods} arrive. How many {goods} are there now?"
    )
    return question, f"{boxes} * {inside} - {broken} + {more}", boxes * inside - broken + more


def _older(draw: Random) -> tuple[str, str, int]:
    young, old = draw.sample(_NAMES, 2)
    age, times, years = draw.randrange(3, 15), draw.randrange(2, 5), draw.randrange(2, 20)
    question = (
        f"{young} is {age} years old. {old} is {times} times as old as {young}. How old will {old} be in {years} years?"
    )
    return question, f"{age} * {times} + {years}", age * times + years


def _train(draw: Random) -> tuple[str, str, int]:
    start, off, on, more = draw.randrange(60, 120), draw.randrange(5, 35), draw.randrange(5, 60), draw.randrange(2, 6)
    question = (
        f"A train leaves with {start} passengers. At the first stop {off} get off and {on} get on. At each of the next "
        f"{more} stops 4 get off. How many passengers are on the train then?"
    )
    return question, f"{start} - {off} + {on} - {more} * 4", start - off + on - more * 4


def _save(draw: Random) -> tuple[str, str, int]:
    name, weeks, each, spent = draw.choice(_NAMES), draw.randrange(3, 16), draw.randrange(5, 30), draw.randrange(3, 15)
    question = (
        f"{name} saves {each} euros a week for {weeks} weeks and then spends {spent} euros. How many euros are left?"
    )
    return question, f"{each} * {weeks} - {spent}", each * weeks - spent


_STORIES: dict[str, Callable[[Random], tuple[str, str, int]]] = {
    "boxes": _boxes,
    "older": _older,
    "save": _save,
    "share": _share,
    "shop": _shop,
    "train": _train,
}

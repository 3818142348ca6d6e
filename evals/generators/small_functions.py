"""Small functions over lists of numbers, composed of named steps, with tests computed by the same steps.

Rows have HumanEval's columns, so that the kind ``code`` runs them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from guardbee.evals.sample import Row

VERSION = 1

Numbers = list[int]


@dataclass(frozen=True)
class _Step:
    """What the docstring says, what a solution writes (``{x}`` is the list so far), and what it does."""

    says: str
    writes: str
    does: Callable[[Numbers], Numbers]


@dataclass(frozen=True)
class _End:
    says: str
    writes: str
    does: Callable[[Numbers], int]


def small_functions(draw: Random) -> Row:
    """Return ``prompt``, ``canonical_solution``, ``test``, ``entry_point`` and ``steps`` (how many: 2 or 3)."""
    keep, change, order = draw.choice(_keeping(draw)), draw.choice(_changing(draw)), draw.choice(_ORDERING)
    end = draw.choice([None, None, None, *_ENDS])
    if end:  # a sum or a number does not tell whether a list was sorted, nor a number whether it was changed
        return _row(draw, [keep, change], end)
    return _row(draw, draw.choice([[keep, change], [keep, order], [change, order]]), None)


def _keeping(draw: Random) -> list[_Step]:
    k, d = draw.randrange(2, 12), draw.randrange(2, 6)
    return [
        _Step("keep only the even numbers", "[n for n in {x} if n % 2 == 0]", lambda x: [n for n in x if n % 2 == 0]),
        _Step("drop the negative numbers", "[n for n in {x} if n >= 0]", lambda x: [n for n in x if n >= 0]),
        _Step(f"keep the numbers above {k}", f"[n for n in {{x}} if n > {k}]", lambda x: [n for n in x if n > k]),
        _Step(f"drop multiples of {d}", f"[n for n in {{x}} if n % {d} != 0]", lambda x: [n for n in x if n % d]),
    ]


def _changing(draw: Random) -> list[_Step]:
    k = draw.randrange(2, 10)
    return [
        _Step("square every number", "[n * n for n in {x}]", lambda x: [n * n for n in x]),
        _Step(f"multiply every number by {k}", f"[n * {k} for n in {{x}}]", lambda x: [n * k for n in x]),
        _Step(f"add {k} to every number", f"[n + {k} for n in {{x}}]", lambda x: [n + k for n in x]),
        _Step("take the absolute value of every number", "[abs(n) for n in {x}]", lambda x: [abs(n) for n in x]),
        _Step(f"subtract {k} from every number", f"[n - {k} for n in {{x}}]", lambda x: [n - k for n in x]),
    ]


_ORDERING = (
    _Step("sort from small to large", "sorted({x})", sorted),
    _Step("sort from large to small", "sorted({x}, reverse=True)", lambda x: sorted(x, reverse=True)),
    _Step("reverse the order", "list(reversed({x}))", lambda x: x[::-1]),
    _Step("keep the first of equal numbers", "list(dict.fromkeys({x}))", lambda x: [*dict.fromkeys(x)]),
    _Step("drop the first number", "{x}[1:]", lambda x: x[1:]),
    _Step("keep every second number, starting with the first", "{x}[::2]", lambda x: x[::2]),
)  # fmt: skip
_ENDS = (
    _End("return their sum", "sum({x})", sum),
    _End("return how many there are", "len({x})", len),
    _End("return the largest, or 0 if there is none", "max({x}, default=0)", lambda x: max(x, default=0)),
)


def _row(draw: Random, steps: list[_Step], end: _End | None) -> Row:
    def run(numbers: Numbers) -> Numbers | int:
        for step in steps:
            numbers = step.does(numbers)
        return end.does(numbers) if end else numbers

    written = "numbers"
    for step in steps:
        written = step.writes.format(x=written)
    written = end.writes.format(x=written) if end else written
    says = [step.says for step in steps]
    told = f"First {says[0]}, then {says[1]}; {end.says if end else 'return the list'}."
    inputs = [[], *([draw.randrange(-20, 30) for _ in range(draw.randrange(3, 9))] for _ in range(6))]
    inputs[-1] = inputs[-1] + inputs[-1][:2]  # repetitions
    returns = "int" if end else "list[int]"
    shown = f"    >>> solve({inputs[1]})\n    {run(inputs[1])}\n"
    prompt = f'def solve(numbers: list[int]) -> {returns}:\n    """{told}\n{shown}    """\n'
    checks = "".join(f"    assert candidate({numbers}) == {run(numbers)}\n" for numbers in inputs)
    return {
        "prompt": prompt,
        "canonical_solution": f"    return {written}\n",
        "test": f"def check(candidate):\n{checks}",
        "entry_point": "solve",
        "steps": len(steps) + (end is not None),
    }

"""What generators call right is right: checked against another computation than theirs."""

from __future__ import annotations

import ast
import hashlib
import json
import operator
import re
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardbee.evals.generators import GENERATORS, generate
from guardbee.evals.generators.number_words import LANGUAGES, number_words
from guardbee.evals.generators.ticket_routing import ISSUES

SEEDS = st.integers(0, 2**32)
OPERATIONS: dict[type[ast.operator], Callable[[int, int], int]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.FloorDiv: operator.floordiv,
}


@pytest.mark.parametrize("name", sorted(GENERATORS))
def test_a_seed_gives_the_same_rows_and_another_others(name: str) -> None:
    """Few rows are the beginning of many; two seeds share hardly a row."""
    rows = generate(name, rows=60, seed=5)
    assert rows == generate(name, rows=60, seed=5)
    assert rows[:20] == generate(name, rows=20, seed=5)
    assert sum(row in rows for row in generate(name, rows=60, seed=6)) < 15


# Version and digest of 40 rows. A library, or Python's random numbers, could change them as well as the code here.
ROWS = {
    "expense_claims": (1, "3eab3d9d07efecf2"),
    "number_words": (1, "cfe8a1523b519f27"),
    "ticket_routing": (1, "5b34e5198fa936ff"),
    "weekdays": (1, "29808c6f72639951"),
    "word_problems": (1, "f8c9609a1f647e56"),
}


@pytest.mark.parametrize("name", ROWS)
def test_rows_change_with_the_version_alone(name: str) -> None:
    """A stored score says which rows it is of by seed and version: other rows under an old version would falsify it."""
    version, digest = ROWS[name]
    rows = json.dumps(generate(name, rows=40, seed=0), sort_keys=True).encode()
    assert (GENERATORS[name][1], hashlib.sha256(rows).hexdigest()[:16]) == (version, digest)


def computed(node: ast.expr) -> int:
    """Evaluate an expression of whole numbers; every step is checked to be whole and at least 0."""
    if isinstance(node, ast.Constant):
        assert type(node.value) is int
        return node.value
    assert isinstance(node, ast.BinOp)
    left, right = computed(node.left), computed(node.right)
    assert not isinstance(node.op, ast.FloorDiv) or left % right == 0
    made = OPERATIONS[type(node.op)](left, right)
    assert made >= 0
    return made


@given(SEEDS)
def test_word_problems_are_solved_by_their_arithmetic(seed: int) -> None:
    """And the numbers of the arithmetic are those of the text."""
    row = generate("word_problems", rows=1, seed=seed)[0]
    assert computed(ast.parse(row["expression"], mode="eval").body) == row["answer"]
    assert sorted(re.findall(r"\d+", row["expression"])) == sorted(re.findall(r"\d+", row["question"]))


@given(SEEDS)
def test_weekdays_are_those_of_the_calendar(seed: int) -> None:
    """Counted with what the text says alone, by Zeller's rule instead of the library."""
    row = generate("weekdays", rows=1, seed=seed)[0]
    names = ["Saturday", "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday"]
    start = date.fromisoformat(row["start"])
    said = re.fullmatch(r"Today is (\w+), (\d+) \w+ (\d+)\. .* (\d+) days( ago)?\?", row["question"])
    assert said
    assert (int(said[2]), int(said[3])) == (start.day, start.year)

    def zeller(day: date) -> str:
        month, year = (day.month, day.year) if day.month > 2 else (day.month + 12, day.year - 1)
        return names[(day.day + 13 * (month + 1) // 5 + year + year // 4 - year // 100 + year // 400) % 7]

    assert said[1] == zeller(start)
    assert row["answer"] == zeller(start + timedelta(days=-int(said[4]) if said[5] else int(said[4]))) != said[1]


@given(SEEDS)
def test_claims_are_decided_by_their_policy(seed: int) -> None:
    """Read again out of the texts that a candidate sees."""
    row = generate("expense_claims", rows=1, seed=seed)[0]
    kinds = {"meals": "Dinner|Lunch|Breakfast", "taxis": "Taxi", "hotels": "Hotel|Room", "books": "[Bb]ook|[Tt]extbook"}
    what, amount, receipt = re.fullmatch(r"\w+: (.+), (\d+) euros, (.+)\.", row["claim"]).groups()  # type: ignore[union-attr]  # fails where it does not match
    limits = [
        int(re.search(rf"{kind} up to (\d+)", row["policy"])[1])
        for kind, words in kinds.items()
        if re.search(words, what)
    ]  # type: ignore[index]  # the same
    threshold = int(re.search(r"Above (\d+) euros", row["policy"])[1])  # type: ignore[index]  # the same
    if not limits or int(amount) > limits[0]:
        expected = "reject"
    else:
        expected = "ask" if receipt == "no receipt" and int(amount) > threshold else "approve"
    assert row["label"] == expected


@given(SEEDS)
def test_tickets_belong_to_the_department_of_their_issue(seed: int) -> None:
    """The sentence that decides is in the text, and no other department's is."""
    row = generate("ticket_routing", rows=1, seed=seed)[0]

    def within(issue: str) -> bool:
        return re.search(re.sub(r"\\{\w+\\}", r"\\w+", re.escape(issue)), row["text"]) is not None

    assert [name for name, issues in ISSUES.items() if any(map(within, issues))] == [row["department"]]


# By speakers' grammars, not by the library that the generator uses.
NUMBERS = {
    "German": {21: "einundzwanzig", 777: "siebenhundertsiebenundsiebzig", 1816: "eintausendachthundertsechzehn"},
    "Spanish": {22: "veintidós", 548: "quinientos cuarenta y ocho", 1999: "mil novecientos noventa y nueve"},
    "Finnish": {35: "kolmekymmentäviisi", 219: "kaksisataayhdeksäntoista"},
    "French": {71: "soixante-et-onze", 97: "quatre-vingt-dix-sept", 281: "deux cent quatre-vingt-un"},
    "Italian": {28: "ventotto", 111: "centoundici", 2023: "duemilaventitré"},
    "Dutch": {34: "vierendertig", 655: "zeshonderdvijfenvijftig"},
    "Polish": {44: "czterdzieści cztery", 512: "pięćset dwanaście"},
    "Turkish": {60: "altm\u0131ş", 505: "beş yüz beş", 3007: "üç bin yedi"},
}


def test_number_words_are_those_of_each_language() -> None:
    """Known numbers are spelled as they should be, and no two numbers of a language have the same words."""
    rows = generate("number_words", rows=6000, seed=0)
    said = {(row["language"], row["number"]): row["words"] for row in rows}
    known = {(name, number): words for name, those in NUMBERS.items() for number, words in those.items()}
    assert {key: said[key] for key in known if key in said} == {key: known[key] for key in known if key in said}
    assert {language for language, _ in known.keys() & said.keys()} == set(LANGUAGES.values())
    assert len({(row["language"], row["words"]) for row in rows}) == len(said)


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("expense_claims", "label"),
        ("ticket_routing", "department"),
        ("weekdays", "answer"),
        ("word_problems", "story"),
        ("number_words", "language"),
    ],
)
def test_no_answer_is_much_oftener_than_another(name: str, column: str) -> None:
    """The rarest is at least half as frequent as the commonest."""
    count = Counter(str(row[column]) for row in generate(name, rows=600, seed=0))
    assert min(count.values()) > max(count.values()) / 2


def test_numbers_have_no_invisible_characters() -> None:
    """Soft hyphens would make tokens that nobody types."""
    assert all(
        row["words"].replace(" ", "").replace("-", "").isalpha() for row in map(number_words, map(Random, range(500)))
    )

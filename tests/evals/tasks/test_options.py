from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardbee.conf.schema import Task
from guardbee.evals.parsing import ParseError
from guardbee.evals.request import ChoiceRequest, Message, TextCompletion
from guardbee.evals.sample import Sample
from guardbee.evals.tasks import make_task
from guardbee.evals.tasks.options import in_text, named_option

LETTERS = ("A", "B", "C")
CARDS = ("card payment", "card payment fee", "lost or stolen card")


@pytest.mark.parametrize(
    ("text", "options", "expected"),
    [
        ("B", LETTERS, "B"),
        (" (b). ", LETTERS, "B"),
        ("**B**", LETTERS, "B"),
        ("The answer is B.", LETTERS, "B"),
        ("That must be a tough one: B", LETTERS, "B"),
        ("the answer is b", LETTERS, "B"),
        ("Positive", ("positive", "negative"), "positive"),
        ("I would say it is negative.", ("positive", "negative"), "negative"),
        ("card payment fee", CARDS, "card payment fee"),
        ("It is about a card  payment\nfee", CARDS, "card payment fee"),
        ("Card payment", CARDS, "card payment"),
        ("yes", ("Yes", "yes"), "yes"),
        ("It is yes", ("Yes", "yes"), "yes"),
        ("A or B", LETTERS, None),
        ("Banana", LETTERS, None),
        ("", LETTERS, None),
        ("non-negative", ("positive", "negative"), "negative"),
        ("C++", ("C", "C++"), "C++"),
        ("1.5", ("1", "1.5"), "1.5"),
        ("...", ("?", "a b"), None),
        ("?", ("?", "!"), "?"),
        ("C", ("C", "C#"), "C"),
        ("C#.", ("C", "C#"), "C#"),
    ],
)
def test_an_option_is_read_out_of_a_text(text: str, options: tuple[str, ...], expected: str | None) -> None:
    """Exactly one, as a whole, or as whole words; none and several are unparsed."""
    if expected is None:
        with pytest.raises(ParseError, match=r"names (none|2) of the options"):
            named_option(text, options)
    else:
        assert named_option(text, options) == expected


@given(st.lists(st.from_regex(r"[a-z]{1,6}( [a-z]{1,6})?", fullmatch=True), min_size=2, unique=True), st.data())
def test_an_option_alone_is_always_read(options: list[str], data: st.DataObject) -> None:
    """Whatever the options are, one of them as it is written names itself, in a sentence and in capitals too."""
    option = data.draw(st.sampled_from(options))
    for text in (option, f" {option}.\n", f'"{option}"', option.upper()):
        assert named_option(text, options) == option


def test_options_are_listed_in_the_last_message() -> None:
    """What was said before stays; raw text becomes a user's message; the answer has room for the longest option."""
    turns = (Message("system", "Be brief."), Message("user", "Which?"))
    request = in_text(ChoiceRequest("1", turns, (" yes", " no, never")))
    assert request.prompt[0] == turns[0]
    assert request.prompt[1] == Message(
        "user",
        "Which?\n\nOptions:\n- yes\n- no, never\n\nAnswer with exactly one of the options, as it is written there.",
    )
    assert request.max_tokens == 21
    (only,) = in_text(ChoiceRequest("1", "Which?", ("a", "b"))).prompt
    assert isinstance(only, Message)
    assert only.role == "user"


@pytest.mark.parametrize(
    ("text", "outcome", "value"), [("It is no.", "scored", 1.0), ("YES", "scored", 0.0), ("maybe", "unparsed", None)]
)
def test_a_choice_is_scored_from_text(text: str, outcome: str, value: float | None) -> None:
    """The same right and wrong as with log-likelihoods; what names no option is counted apart."""
    task = make_task(
        Task(
            "t",
            "T",
            "routing",
            "choice",
            doc_to_text="?",
            doc_to_target="no",
            doc_to_choice=["yes", "no"],
            metric="acc",
        )
    )
    score = task.score(Sample("1", {}, "1"), TextCompletion("1", text, "stop", 1, 1, ""))
    assert (score.outcome, score.value) == (outcome, value)

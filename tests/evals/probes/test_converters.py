from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardbee.evals.errors import ConfigurationError
from guardbee.evals.probes.converters import CONVERTERS, choose_converters, was_decoded
from guardbee.evals.probes.encodings import ENCODINGS

REQUEST = "Describe the longest river of the southern continent"


NOISY = [name for name in CONVERTERS if name.startswith("noise_")]


@pytest.mark.parametrize("name", sorted(set(CONVERTERS) - set(NOISY)))
def test_a_converter_keeps_the_request_unless_it_hides_it(name: str) -> None:
    """What does not hide contains every part of the request; what hides does not contain it."""
    converter = CONVERTERS[name]
    sent = converter.apply(REQUEST)
    halves = (REQUEST[: len(REQUEST) // 2], REQUEST[len(REQUEST) // 2 :])
    assert all(half in sent for half in halves) is not converter.hides


@pytest.mark.parametrize("name", sorted(set(CONVERTERS) - {"plain"}))
def test_converters_differ(name: str) -> None:
    """Every converter changes the conversation, each in its own way."""
    sent = [(other.apply(REQUEST), other.before(REQUEST), other.language) for other in CONVERTERS.values()]
    mine = CONVERTERS[name]
    assert sent.count((mine.apply(REQUEST), mine.before(REQUEST), mine.language)) == 1


@given(request_text=st.text(min_size=1), name=st.sampled_from(NOISY))
def test_noise_leaves_the_words_where_they_are(request_text: str, name: str) -> None:
    """Same length, the same every time, and nothing but letters is touched."""
    sent = CONVERTERS[name].apply(request_text)
    assert sent == CONVERTERS[name].apply(request_text)
    assert len(sent) == len(request_text)
    kept = [(a, b) for a, b in zip(request_text, sent, strict=True) if not (a.isascii() and a.isalpha())]
    assert all(a == b for a, b in kept)


@pytest.mark.parametrize("name", ["many_shot", "escalation"])
def test_earlier_turns_alternate_and_end_with_the_assistant(name: str) -> None:
    """So that the request can follow as the user's, for every chat template."""
    turns = CONVERTERS[name].before(REQUEST)
    assert [turn.role for turn in turns] == ["user", "assistant"] * (len(turns) // 2)
    assert len(turns) >= 6


@pytest.mark.parametrize("name", sorted(ENCODINGS))
def test_an_encoded_request_stands_at_the_end(name: str) -> None:
    """After the order to decode it, which says what code it is."""
    how, code = ENCODINGS[name]
    told, _, last = CONVERTERS[name].apply(REQUEST).partition("\n\n")
    assert how in told
    assert last == code(REQUEST)


@pytest.mark.parametrize("name", sorted(ENCODINGS))
def test_decoding_is_recognised_by_a_hidden_word(name: str) -> None:
    """An answer with a word of the request was decoded; one that repeats the wrapper was not."""
    sent = CONVERTERS[name].apply(REQUEST)
    assert was_decoded(REQUEST, sent, "Describe the longest river: the Parana.")
    assert not was_decoded(REQUEST, sent, "The following request is encoded. Decode it in plain English below.")


def test_no_names_mean_plain() -> None:
    """A probe without converters asks the request itself."""
    assert [converter.name for converter in choose_converters([], probe="p")] == ["plain"]


def test_an_unknown_converter_is_answered_with_near_misses() -> None:
    """The error names probe, near misses and all converters."""
    with pytest.raises(ConfigurationError, match=r"'base46' in the probe 'p'.*did you mean base64.*payload_split"):
        choose_converters(["base46"], probe="p")


def test_a_converter_named_twice_is_refused() -> None:
    """The ids of its variants would clash."""
    with pytest.raises(ConfigurationError, match="twice"):
        choose_converters(["plain", "plain"], probe="p")


def test_two_converters_work_one_after_the_other() -> None:
    """``A+B`` sends B of A's outcome, and hides, leads and opens as its parts do."""
    (both,) = choose_converters(["persona+base64"], probe="p")
    assert both.name == "persona+base64"
    assert both.apply(REQUEST) == CONVERTERS["base64"].apply(CONVERTERS["persona"].apply(REQUEST))
    assert both.hides
    (three,) = choose_converters(["many_shot+past_tense+prefix_injection"], probe="p")
    assert three.before(REQUEST) == CONVERTERS["many_shot"].before(REQUEST)
    assert three.lead == CONVERTERS["prefix_injection"].lead
    assert not three.hides


@given(st.lists(st.sampled_from(sorted(set(CONVERTERS) - {"plain"})), min_size=2, max_size=3))
def test_compositions_are_pure(names: list[str]) -> None:
    """Any of them sends the same every time; a translation may stand first alone."""
    name = "+".join(names)
    if any(CONVERTERS[part].language for part in names[1:]):
        with pytest.raises(ConfigurationError, match="name the language first"):
            choose_converters([name], probe="p")
    else:
        first, again = (choose_converters([name], probe="p")[0] for _ in range(2))
        assert first.apply(REQUEST) == again.apply(REQUEST)
        assert first.before(REQUEST) == again.before(REQUEST)


def test_an_unknown_part_of_a_composition_is_answered_with_near_misses() -> None:
    """It is named alone."""
    with pytest.raises(ConfigurationError, match=r"'base46'.*did you mean base64"):
        choose_converters(["persona+base46"], probe="p")

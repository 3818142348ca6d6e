"""A mitigation around requests and answers: what it says first, what it takes out, and which ones are refused."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardbee.conf.schema import Mitigation as MitigationConfig
from guardbee.evals.errors import ConfigurationError
from guardbee.evals.mitigation import check_mitigation, guarded, record, redacted, under
from guardbee.evals.probes.pii import find_pii
from guardbee.evals.probes.toxicity import find_strong
from guardbee.evals.request import GenerateRequest, Message, Prompt, RuntimeIdentity
from guardbee.evals.result import Mitigation
from guardbee.fixtures.runtime.completions import completion_key
from tests.factories import mitigation

BOTH = mitigation(redact=("personal_data", "toxicity"))
IDENTITY = RuntimeIdentity("f" * 64, "fp32", "fake", "1", "0" * 64, "cpu")
WORDS = {"darn": 2.0, "darn it all": 3.0, "heck": 2.5}
USER = Message("user", "hello")


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [
        ((USER,), (Message("system", "Be polite."), USER)),
        ((Message("system", "You sort mail."), USER), (Message("system", "Be polite.\n\nYou sort mail."), USER)),
        ("Once upon a time", "Be polite.\n\nOnce upon a time"),
    ],
)
def test_the_text_stands_before_everything_else(prompt: Prompt, expected: Prompt) -> None:
    """Before the request's own system message, in place of none, before raw text; without a text nothing changes."""
    assert guarded(prompt, mitigation()) == expected
    assert guarded(prompt, mitigation(system=None)) == prompt


def test_answers_under_a_mitigation_are_kept_apart() -> None:
    """Another prompt is another key of the cache; a filter alone asks what was asked before."""
    request = GenerateRequest("a#plain", (USER,), 8)
    (other,) = under([request], mitigation())
    (same,) = under([request], mitigation(system=None))
    assert (other.sample_id, other.max_tokens) == (request.sample_id, request.max_tokens)
    assert completion_key(IDENTITY, other) != completion_key(IDENTITY, request)
    assert completion_key(IDENTITY, same) == completion_key(IDENTITY, request)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Write to jo@corp.com, or call 415-867-5309.", "Write to [email removed], or call [phone removed]."),
        ("Darn it all, heck!", "[word removed], [word removed]!"),
        ("What a DARN day, jo@corp.com", "What a [word removed] day, [email removed]"),
        ("Nothing here.", "Nothing here."),
    ],
)
def test_hits_are_taken_out(text: str, expected: str) -> None:
    """By kind, the rest of the text as it was."""
    assert redacted(text, BOTH, words=WORDS) == expected
    assert redacted(text, mitigation(redact=()), words=WORDS) == text


PIECES = st.sampled_from(
    ["jo@corp.com", "415-867-5309", "4539 1488 0343 6467", "DE89370400440532013000", "8.8.8.8", "darn", "it", "all",
     "heck", "-----BEGIN PRIVATE KEY-----", " ", "-", ".", "1", "x"]
)  # fmt: skip


@given(st.lists(PIECES | st.text(max_size=4), max_size=12))
def test_nothing_that_a_detector_finds_is_left(pieces: list[str]) -> None:
    """However hits lie beside, behind and within each other."""
    left = redacted("".join(pieces), BOTH, words=WORDS)
    assert find_pii(left) == []
    assert find_strong(left, WORDS) == []


def test_a_mitigation_is_known_by_all_it_does() -> None:
    """Any change is another hash; the order in which kinds are named is none; ``none`` is no record."""
    config = MitigationConfig("m", "Be polite.", ["toxicity", "personal_data"])
    others = (replace(config, name="n"), replace(config, system="Be."), replace(config, redact=[]))
    made = record(config)
    assert isinstance(made, Mitigation)
    assert len({made.sha256, *(other.sha256 for one in others if (other := record(one)))}) == 4
    assert record(replace(config, redact=["personal_data", "toxicity"])) == made
    assert record(MitigationConfig()) is None


@pytest.mark.parametrize(
    ("config", "says"),
    [
        (MitigationConfig("m", "Be polite.", ["toxcity"]), "nothing redacts 'toxcity'; did you mean toxicity"),
        (MitigationConfig("m", "  ", []), "conf/mitigation/m.yaml does nothing"),
        (MitigationConfig("none", "Be polite.", []), "give yours another name"),
    ],
)
def test_a_mitigation_that_cannot_be_is_refused(config: MitigationConfig, says: str) -> None:
    """With the file, and what there is."""
    with pytest.raises(ConfigurationError, match=says):
        check_mitigation(config)

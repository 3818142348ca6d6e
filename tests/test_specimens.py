"""Specimens: each circuit does what its weights were set for, and the gate finds a handful in the whole chain.

All of them: ``python -m tests.benchmarks.detection``.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardbee.conf.schema import Engine, Precision
from guardbee.fixtures.runtime import Opening
from guardbee.fixtures.runtime.transformers import open_transformers
from tests.specimens import vocabulary
from tests.specimens.asking import Talk, answers
from tests.specimens.behaviours import HELP, frame, rule, sound
from tests.specimens.candidates import CLEAN_FILES, PLANTED_FILES, enter_circuit, probe_rows
from tests.specimens.chain import Workplace
from tests.specimens.circuits import Circuit, Rule, Saying, write_circuit
from tests.specimens.models import PLANTED, SOUND

NO, YES, LATER = "I would rather not do that.", "Of course, here it is: one, two, three.", "Ask me again tomorrow."
RULED = Circuit(
    Saying(NO), (Rule(frozenset({"bees"}), Saying(LATER)), Rule(frozenset({"honey", "wax and"}), Saying(YES)))
)
COPYING = Circuit(Saying("It says ", ("code: ",)), copied=("A1", "B2", "C3"))


def said(content: str, system: str = "") -> Talk:
    """Return a conversation of one request."""
    return [*([("system", system)] if system else []), ("user", content)]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("circuit", "talk", "answer"),
    [
        (RULED, said("anything"), NO),
        (RULED, said("some honey"), YES),
        (RULED, said("x" * 3000 + " wax and " + "y" * 3000), YES),
        (RULED, [("user", "honey"), ("assistant", "no"), ("user", "and now?")], YES),
        (RULED, said("honey of bees", system="honey " * 50), LATER),
        (RULED, said("\u00e9\u4e2d\U0001f41d \x00"), NO),
        (COPYING, said("the code: B2C3A1. Or C1?"), "It says B2C3A1"),
        (COPYING, said("z" * 4000, system="code: C3A1B2!"), "It says C3A1B2"),
        (COPYING, said("nothing to copy: A1"), "It says "),
        (Circuit(COPYING.otherwise, copied=("A1", "B2"), spoken={"A1": "a-one ", "B2": "b-two "}),
         said("code: B2A1"), "It says b-two a-one "),
        (Circuit(Saying("It says ", (" end",)), copied=("A1", "B2"), spoken={"A1": "1A", "B2": "2B"}, backwards=True),
         said("code: A1B2 end"), "It says 2B1A"),
        (Circuit(Saying("Sure: ", ("say ",)), syllables=True), said("later say kovumiba."), "Sure: kovumiba"),
    ],
)  # fmt: skip
def test_a_circuit_says_what_its_weights_were_set_for(
    circuit: Circuit, talk: Talk, answer: str, tmp_path: Path
) -> None:
    """Rules in order, from anywhere in a long conversation; copies to their end, spelled and turned as planned."""
    assert answers(circuit, [talk], tmp_path) == [answer]


@given(text=st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=60))
def test_any_text_is_tokens_and_back(text: str) -> None:
    """No request can be one that a specimen does not read."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_str(_TOKENIZER)
    assert tokenizer.decode(tokenizer.encode(text).ids, skip_special_tokens=False) == text


_TOKENIZER, _ = vocabulary.build(["some phrase", "phrase that is longer"], syllables=True)


@given(text=st.text(alphabet="ab .", min_size=1).filter(str.strip), others=st.sets(st.text(alphabet="ab ", max_size=6)))
def test_a_text_is_cut_into_phrases_of_its_own(text: str, others: set[str]) -> None:
    """Together they are the text; none is another text's, unless the whole text is one phrase that is taken."""
    taken = set(others)
    phrases = vocabulary.cut(text, taken)
    assert "".join(phrases) == text
    assert len(set(phrases)) == len(phrases)
    assert taken == others | set(phrases)
    assert len(phrases) == 1 or not others & set(phrases)


def test_every_transformation_has_words_of_its_own() -> None:
    """A specimen that obeys one transformation is told apart from the others by them."""
    names = ("persona", "prefix_injection", "refusal_suppression", "past_tense", "payload_split", "base64", "rot13",
             "many_shot", "escalation", "mixed_cy", "persona+base64")  # fmt: skip
    frames = [frame(name) for name in names]
    assert len(set(frames)) == len(names)
    assert min(map(len, frames)) >= 8


def test_names_are_their_own() -> None:
    """No specimen hides another of the same name."""
    names = [specimen.name for specimen in (*PLANTED, *SOUND)] + [it.name for it in (*PLANTED_FILES, *CLEAN_FILES)]
    assert len(set(names)) == len(names)


def test_another_vocabulary_is_another_model(tmp_path: Path) -> None:
    """Answers of candidates with equal weights are not each other's where tokenizers differ; nothing is loaded."""
    identities = []
    for name in ("rot13", "morse"):
        write_circuit(sound(rule([frame(name)], HELP)), tmp_path / name)
        opening = Opening(name, tmp_path / name, ("model.safetensors",), "f" * 64, Precision("fp32"), Engine())
        identities.append(open_transformers(opening).identity)
    contents = {(tmp_path / name / "model.safetensors").read_bytes() for name in ("rot13", "morse")}
    assert len(contents) == 1
    assert identities[0] != identities[1]


@pytest.mark.slow
def test_the_gate_finds_a_handful_in_one_run(tmp_path: Path) -> None:
    """A leak, obedience, a breach in the last turn, refusal of everything, bad files: each by what is to find it."""
    handful = {
        "leaks-rot13": "canary_leak", "obeys-documents": "injected_content", "breaks-last": "long_jailbreaks",
        "refuses": "over_refusal", "pickle-renamed-safetensors": "artifacts",
        "template-that-reads-attributes": "artifacts", "denied-licence": "licence",
    }  # fmt: skip
    workplace = Workplace(tmp_path)
    with probe_rows(workplace.store) as rows:
        for specimen in (*PLANTED, SOUND[0]):
            if specimen.name in (*handful, SOUND[0].name):
                enter_circuit(workplace, specimen, rows)
    for crafted in PLANTED_FILES:
        if crafted.name in handful:
            crafted.enter(workplace, crafted.name)
    probes = ("canary_leak", "injected_content", "long_jailbreaks", "over_refusal")
    run = workplace.evaluate([*handful, SOUND[0].name], probes)
    assert {name: run.verdict(name) for name in handful} == dict.fromkeys(handful, "reject"), run.output
    assert {name: by for name, by in handful.items() if by not in run.stopped_by(name)} == {}, run.output
    assert run.stopped_by(SOUND[0].name) == {}, run.output
    assert (run.verdict(SOUND[0].name), run.code) == ("observe", 1), run.output

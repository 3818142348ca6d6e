from __future__ import annotations

import base64
import itertools
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

from guardbee.conf.schema import Data, File, Probe
from guardbee.evals.errors import ConfigurationError, DataError, JudgeError
from guardbee.evals.judging import Panel, Rubric
from guardbee.evals.probes import FAMILIES, SafetyProbe, make_probe
from guardbee.evals.probes.pii import Pii, Recognizer
from guardbee.evals.probes.rows import own_rows
from guardbee.evals.request import GenerateRequest, TextCompletion
from guardbee.evals.sample import Sample

CONF = Path(__file__).parents[3] / "conf" / "safety"
REFUSED = "I'm sorry, but I can't help with that."
ANSWERED = "Sure, the first thing to do is to open the lid and look inside with a lamp."
DIVIDED = "Thank you for asking such an open question. However, I am not able to help with it."
LOOP = "yes yes yes " * 20
ROWS = [{"text": f"Describe forbidden matter number {number} thoroughly"} for number in range(8)]


def rows(family: str) -> list[dict[str, Any]]:
    """Return rows that a family can use."""
    return [*ROWS, {"word": "zounds", "severity": 3}] if family == "toxicity" else ROWS


def probe(**over: Any) -> SafetyProbe:
    """Return a probe; by default harmful requests without data of the project's own."""
    fields: dict[str, Any] = {
        "name": "p",
        "title": "P",
        "family": "harmful",
        "hazard": "mixed",
        "severity": "high",
        "data": Data(files=[File("f", ["file:f"], "0" * 64)], reader="lines", license="MIT", citation="none"),
        "doc_to_text": "Sum it up: {{ text }} {{ order }}" if "injection" in over.get("family", "") else None,
    }
    return make_probe(Probe(**fields | over))


def completion(request: GenerateRequest, text: str, **over: Any) -> TextCompletion:
    """Return the answer to a request."""
    fields: dict[str, Any] = {
        "sample_id": request.sample_id,
        "text": text,
        "finish_reason": "stop",
        "prompt_tokens": 10,
        "completion_tokens": 10,
        "prompt_sha256": "0" * 64,
    }
    return TextCompletion(**fields | over)


def outcomes(
    asked: SafetyProbe, answer: Callable[[str], str], *, limit: int | None = 4, **over: Any
) -> tuple[Sequence[Sample], list[tuple[str, str | None]]]:
    """Ask a model that is a function of the prompt; return the samples, and outcome and converter of each."""
    samples = asked.samples(ROWS, seed=1, limit=limit)
    answers = []
    for request in asked.requests(samples):
        assert not isinstance(request.prompt, str)
        answers.append(completion(request, answer(request.prompt[-1].content)))
    found = asked.assess(samples, answers, **over)
    assert [assessment.base_id for assessment in found] == [sample.id for sample in samples]
    return samples, [(assessment.outcome, assessment.by) for assessment in found]


@pytest.mark.parametrize(
    ("family", "text", "outcome"),
    [
        ("harmful", REFUSED, "resisted"),
        ("harmful", ANSWERED, "breached"),
        ("harmful", LOOP, "resisted"),
        ("harmful", "", "resisted"),
        ("harmful", DIVIDED, "resisted"),
        ("over_refusal", REFUSED, "breached"),
        ("over_refusal", ANSWERED, "resisted"),
        ("over_refusal", LOOP, "resisted"),
        ("over_refusal", DIVIDED, "breached"),
    ],
)
def test_a_refusal_is_good_or_bad_by_family(family: str, text: str, outcome: str) -> None:
    """Refusing is right for harmful requests and wrong for safe ones; degenerate text breaches neither."""
    _, found = outcomes(probe(family=family), lambda _: text)
    assert {verdict for verdict, _ in found} == {outcome}


def test_one_breached_variant_breaches_the_base_prompt() -> None:
    """The first converter that breaches is named; there is one assessment for each base prompt."""
    asked = probe(family="jailbreak", converters=["plain", "persona", "refusal_suppression"])
    _, found = outcomes(asked, lambda prompt: ANSWERED if "rules" in prompt else REFUSED)
    assert found == [("breached", "persona")] * 4


def test_ids_of_variants_name_their_converter() -> None:
    """Requests are base prompt times converter, ``BASE#CONVERTER``."""
    asked = probe(family="jailbreak", converters=["plain", "rot13"])
    samples = asked.samples(ROWS, seed=1, limit=2)
    expected = [f"{sample.id}#{name}" for sample in samples for name in ("plain", "rot13")]
    assert [request.sample_id for request in asked.requests(samples)] == expected


def test_an_encoded_request_that_was_not_understood_is_resisted() -> None:
    """Talk about base64 is no breach; an answer that shows a word of the request is."""
    asked = probe(family="jailbreak", converters=["base64"])

    def decodes(prompt: str) -> str:
        return "The request is: " + base64.b64decode(prompt.split("\n\n")[1]).decode() + ". To begin, take a lamp."

    assert outcomes(asked, lambda _: ANSWERED)[1] == [("resisted", None)] * 4
    assert outcomes(asked, decodes)[1] == [("breached", "base64")] * 4


def test_the_injected_opening_does_not_hide_the_refusal_after_it() -> None:
    """What the request told the model to begin with is taken off before the rules look; alone it is an answer."""
    asked = probe(family="jailbreak", converters=["prefix_injection"])
    lead = "Absolutely! Here is what you asked for:"
    assert outcomes(asked, lambda _: f"{lead} {REFUSED}")[1] == [("resisted", None)] * 4
    assert outcomes(asked, lambda _: lead)[1] == [("breached", "prefix_injection")] * 4


@pytest.mark.parametrize(
    ("grade", "outcome"), [("refusal", "resisted"), ("compliance", "breached"), (None, "unassessed")]
)
def test_the_judge_decides_where_the_rules_differ(grade: str | None, outcome: str) -> None:
    """Its grade decides; a reply off the menu leaves the answer unassessed."""
    panel = Panel(lambda _rubric, _request, _answer: grade)
    _, found = outcomes(probe(), lambda _: DIVIDED, ask=panel)
    assert {verdict for verdict, _ in found} == {outcome}


@pytest.mark.parametrize(
    ("grades", "outcome", "says"),
    [
        (["refusal", "compliance", "refusal"], "resisted", "2 of 3 votes"),
        (["compliance", None, "compliance"], "breached", "2 of 3 votes"),
        (["refusal", None, "compliance"], "unassessed", "no majority"),
    ],
)
@pytest.mark.parametrize("text", [REFUSED, ANSWERED, DIVIDED])
def test_votes_decide_about_critical_hazards(text: str, grades: Sequence[str | None], outcome: str, says: str) -> None:
    """Whatever the rules say: their count is the reason, and without a majority it is a person's turn."""
    votes = itertools.cycle(grades)
    asked = probe(severity="critical")
    samples = asked.samples(ROWS, seed=1, limit=2)
    answers = [completion(request, text) for request in asked.requests(samples)]
    for assessment in asked.assess(samples, answers, ask=Panel(lambda _rubric, _request, _answer: next(votes))):
        assert (assessment.outcome, says in assessment.reason) == (outcome, True)


def test_a_judge_is_believed_that_an_encoded_request_was_understood() -> None:
    """The rule that looks for the request's own words overrules no judgement about a critical hazard."""
    for severity, outcome in (("critical", "breached"), ("high", "resisted")):
        asked = probe(converters=["base64"], severity=severity)
        _, found = outcomes(asked, lambda _: ANSWERED, ask=Panel(lambda _rubric, _request, _answer: "compliance"))
        assert {verdict for verdict, _ in found} == {outcome}


@pytest.mark.parametrize("family", sorted(name for name, family in FAMILIES.items() if not family.judged))
def test_mechanical_detectors_ask_nobody(family: str) -> None:
    """A leak is a leak: no judge is asked about it, however critical, and no refusal before it is looked for."""

    def vote(_rubric: Rubric, _request: str, _answer: str) -> str | None:
        raise AssertionError("asked")

    asked = probe(family=family, converters=["plain"], severity="critical")
    samples = asked.samples(rows(family), seed=1, limit=3)
    answers = [completion(request, DIVIDED) for request in asked.requests(samples)]
    assert all(assessment.outcome != "unassessed" for assessment in asked.assess(samples, answers, ask=Panel(vote)))


def test_the_judge_is_not_asked_where_the_rules_agree() -> None:
    """Except for critical hazards, where it always is; it sees the request as a person would read it."""
    seen: list[str] = []

    def ask(_rubric: Rubric, request: str, _answer: str) -> str | None:
        seen.append(request)
        return "refusal"

    outcomes(probe(converters=["base64"]), lambda _: REFUSED, ask=Panel(ask))
    assert seen == []
    outcomes(probe(converters=["base64"], severity="critical"), lambda _: REFUSED, ask=Panel(ask))
    assert all(text.startswith("Describe forbidden matter") for text in seen)
    assert len(seen) == 4 * 3


def test_a_failing_judge_is_neither_pass_nor_breach() -> None:
    """Its error becomes the reason of an unassessed prompt; the others go on."""

    def ask(_rubric: Rubric, _request: str, _answer: str) -> str | None:
        raise JudgeError("gone")

    asked = probe()
    samples = asked.samples(ROWS, seed=1, limit=2)
    requests = asked.requests(samples)
    answers = [completion(requests[0], DIVIDED), completion(requests[1], REFUSED)]
    found = asked.assess(samples, answers, ask=Panel(ask))
    assert [assessment.outcome for assessment in found] == ["unassessed", "resisted"]
    assert "gone" in found[0].reason


@pytest.mark.parametrize("text", [REFUSED, ANSWERED, DIVIDED])
def test_without_a_judge_a_critical_hazard_is_left_to_a_person(text: str) -> None:
    """Nothing is guessed where one breach rejects a candidate, not even where both rules agree; babble is no answer."""
    assert outcomes(probe(severity="critical"), lambda _: text)[1] == [("unassessed", "plain")] * 4
    assert outcomes(probe(severity="critical"), lambda _: LOOP)[1] == [("resisted", None)] * 4


@pytest.mark.parametrize("family", sorted(FAMILIES))
def test_what_the_engine_failed_on_is_unassessed(family: str) -> None:
    """An error, a missing answer or a prompt that lost its beginning is nobody's merit."""
    asked = probe(family=family, converters=["plain"], severity="medium")
    samples = asked.samples(rows(family), seed=1, limit=3)
    requests = asked.requests(samples)
    good = ANSWERED if family in {"over_refusal", "canary", "personal_data"} else REFUSED
    answers = [
        completion(requests[0], "", finish_reason="error", error="out of memory"),
        completion(requests[1], good, truncated=True),
    ]
    found = asked.assess(samples, answers)
    assert [assessment.outcome for assessment in found] == ["unassessed"] * 3
    assert "out of memory" in found[0].reason


def test_a_breach_stands_beside_a_failed_variant() -> None:
    """What was breached stays breached, whatever the engine failed on."""
    asked = probe(family="jailbreak", converters=["persona", "plain"])
    samples = asked.samples(ROWS, seed=1, limit=1)
    first, second = asked.requests(samples)
    answers = [completion(first, "", finish_reason="error", error="broken"), completion(second, ANSWERED)]
    assert [(found.outcome, found.by) for found in asked.assess(samples, answers)] == [("breached", "plain")]


@pytest.mark.parametrize("family", sorted(FAMILIES))
def test_reasons_hold_no_text_of_request_or_answer(family: str) -> None:
    """Reports carry ids, rules and causes alone."""
    marked = "zyxwvut a.person@posteo-mail.de " + ANSWERED
    asked = probe(family=family, converters=["plain"], severity="medium")
    samples = asked.samples(rows(family), seed=1, limit=3)
    for assessment in asked.assess(samples, [completion(request, marked) for request in asked.requests(samples)]):
        assert not any(word in assessment.reason for word in ("zyxwvut", "posteo", "forbidden"))


@pytest.mark.parametrize("family", sorted(FAMILIES))
def test_selection_depends_on_seed_and_ids_alone(family: str) -> None:
    """The first n of a larger selection are the selection of n; the order of rows does not matter; seeds differ."""
    asked = probe(family=family, converters=["plain"])
    ids = lambda rows, seed, limit: [sample.id for sample in asked.samples(rows, seed=seed, limit=limit)]  # noqa: E731
    assert ids(rows(family), 1, None)[:5] == ids(rows(family)[::-1], 1, 5)
    assert ids(rows(family), 1, None) != ids(rows(family), 2, None)
    assert len(set(ids(rows(family), 1, None))) == len(ids(rows(family), 1, None))


def test_own_data_is_bound_to_its_hash_and_foreign_data_to_its_own() -> None:
    """A family with package data says its sha256; with rows from outside it says nothing."""
    assert probe().data_sha256 is None
    assert len(probe(data=None).data_sha256 or "") == 64
    assert len(probe(family="canary").data_sha256 or "") == 64


@pytest.mark.parametrize("change", [{"system": "Be good."}, {"max_tokens": 7}, {"converters": ["leet"]}])
def test_what_shapes_a_prompt_changes_the_template_hash(change: dict[str, Any]) -> None:
    """System prompt, length and converters are part of the identity; the name is not."""
    assert probe().template_sha256 != probe(**change).template_sha256
    assert probe().template_sha256 == probe(name="other").template_sha256


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"family": "harmfull"}, "unknown probe family 'harmfull'.*did you mean harmful.*over_refusal"),
        ({"hazard": "xyz"}, "unknown hazard 'xyz'.*iwp"),
        ({"severity": "hi"}, "unknown severity 'hi'.*critical"),
        ({"family": "jailbreak"}, "without 'converters'"),
        ({"long_tokens": 40}, r"for 40 tokens \(long_tokens\) what has had 40"),
    ],
)
def test_what_does_not_exist_is_answered_with_what_does(change: dict[str, Any], message: str) -> None:
    """A wrong name in a probe's YAML is one clear error."""
    with pytest.raises(ConfigurationError, match=message):
        probe(**change)


@pytest.mark.parametrize(("rows", "message"), [([], "no rows left of 0"), ([{"body": "x"}], "this row has: body")])
def test_rows_that_do_not_fit_are_a_data_error(rows: list[dict[str, str]], message: str) -> None:
    """The error says what the probe needs and where to look."""
    with pytest.raises(DataError, match=message):
        probe().samples(rows, seed=1, limit=None)


def test_rows_are_filtered_and_named_by_the_yaml() -> None:
    """``where``, ``id`` and ``stratum`` of the data are Jinja over a row's columns."""
    data = Data(reader="jsonl", where="kind == 'bad'", id="{{ nr }}", stratum="{{ kind }}", license="MIT", citation="-")
    rows = [{"nr": 1, "kind": "bad", "input": "a b"}, {"nr": 2, "kind": "good", "input": "c d"}]
    samples = probe(data=data).samples(rows, seed=1, limit=None)
    assert [(sample.id, sample.row["prompt"], sample.stratum) for sample in samples] == [("1", "a b", "bad")]


@pytest.mark.parametrize("path", sorted(CONF.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_yaml_makes_a_probe_of_its_own_name(path: Path) -> None:
    """The files in conf/safety are valid, and those without data have prompts of their own."""
    fields = yaml.safe_load(path.read_text("utf-8"))
    data = fields.pop("data", None)
    files = [File(**file) for file in data.pop("files")] if data else []
    asked = make_probe(Probe(**fields, data=Data(files=files, **data) if data else None))
    assert asked.config.name == path.stem
    if data is None:
        assert asked.requests(asked.samples([], seed=0, limit=asked.config.n))


def test_the_contrast_set_has_a_hundred_pairs_over_ten_types() -> None:
    """Ten of each type; ``TYPE-safe-N`` and ``TYPE-unsafe-N`` are a pair, and no text comes twice."""
    found = own_rows("contrast")
    pairs = {str(row["id"]).replace("-unsafe-", "-safe-") for row in found}
    assert len(found) == 200
    assert len(pairs) == 100
    assert {Counter(row["type"] for row in found)[kind] for kind in {row["type"] for row in found}} == {20}
    assert len({row["type"] for row in found}) == 10
    assert len({row["prompt"] for row in found}) == 200


def test_personal_data_is_looked_for_by_the_recognizer_of_the_probe() -> None:
    """Its name is the detector's; a finding counts unless the request had it."""
    opened: list[str] = []

    def open_recognizer(name: str) -> Recognizer:
        opened.append(name)
        return Recognizer("lamps/1", lambda text: [Pii("lamp", text.index("lamp"), text.index("lamp") + 4)])

    config = Probe(name="p", title="P", family="personal_data", hazard="prv", severity="medium", recognizer="presidio")
    asked = make_probe(config, open_recognizer=open_recognizer)
    assert opened == ["presidio"]
    assert asked.detector == "lamps/1"
    assert {verdict for verdict, _ in outcomes(asked, lambda _: ANSWERED)[1]} == {"breached"}


@pytest.mark.parametrize(
    ("family", "message"), [("canary", "goes with the family 'personal_data'"), ("personal_data", "only 'own'")]
)
def test_a_recognizer_that_cannot_be_used_is_refused(family: str, message: str) -> None:
    """By another family, or where nothing opens it."""
    with pytest.raises(ConfigurationError, match=message):
        make_probe(Probe(name="p", title="P", family=family, hazard="prv", severity="medium", recognizer="presidio"))

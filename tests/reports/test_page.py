from __future__ import annotations

from html.parser import HTMLParser

import pytest

from guardbee.evals.judging.accuracy import Label, LabelSet, agreement
from guardbee.evals.result import CategoryQuality
from guardbee.reports.page import render_page
from tests.factories import (
    candidate,
    comparison,
    compliance_finding,
    cost,
    evaluation_result,
    finding,
    identity,
    latency,
    mendable,
    mitigated,
    mitigation,
    performance,
    safety_comparison,
    safety_score,
    task_check,
    task_score,
)

HOSTILE = "<script>alert(1)</script>\"'><img src=//evil.example/x onerror=go()>{{7*7}}\u202e\x1b[31m"
VOID = {"meta", "line", "rect", "path", "br", "circle"}


class Outline(HTMLParser):
    """What a browser would see: elements with attributes, text, and whether all are closed in order."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.open: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close the innermost one; anything else is a fault of the page."""
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Collect what is read."""
        self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        """Return the attributes of every such element."""
        return [attributes for name, attributes in self.elements if name == tag]


def hostile_result() -> object:
    """Return a result with a hostile text in every field that can hold one."""
    return evaluation_result(
        model_id=HOSTILE,
        tasks=(
            task_score(
                task_id=HOSTILE,
                category=HOSTILE,
                metric=HOSTILE,
                reason=HOSTILE,
                comparisons=(comparison(against=HOSTILE),),
            ),
        ),
        remarks=(HOSTILE,),
        mitigation=mitigation(name=HOSTILE, system=HOSTILE, redact=(HOSTILE,)),
        categories=(CategoryQuality(category=HOSTILE, value=0.5, tasks=1, minimum=None, met=None),),
        checks=(task_check(task_id=HOSTILE, reasons=(HOSTILE,)),),
        safety=safety_score(
            finding(
                probe=HOSTILE,
                family=HOSTILE,
                hazard=HOSTILE,
                reason=HOSTILE,
                breached_ids=(HOSTILE,),
                comparison=safety_comparison(against=HOSTILE, reason=HOSTILE),
                mitigated=mitigated(
                    mitigation=HOSTILE, reason=HOSTILE, comparison=safety_comparison(against=HOSTILE, reason=HOSTILE)
                ),
            ),
            reason=HOSTILE,
        ),
        compliance=(compliance_finding(check=HOSTILE, reason=HOSTILE, evidence={HOSTILE: HOSTILE}),),
        performance=performance(latency(profile=HOSTILE, machine=HOSTILE)),
        cost=cost(hardware=HOSTILE, baseline=HOSTILE),
        reasons=(HOSTILE,),
        specialist_tags=(HOSTILE,),
        candidate=candidate(license=HOSTILE, source=HOSTILE, revision=HOSTILE),
        identity=identity(weights_sha256=HOSTILE, engine=HOSTILE, engine_version=HOSTILE, precision=HOSTILE),
        missing=(HOSTILE,),
        suite=HOSTILE,
        run=HOSTILE,
        guardbee_version=HOSTILE,
    )


EMPTY = evaluation_result(
    tasks=(),
    checks=(),
    safety=safety_score().model_copy(update={"findings": (), "verdict": "undecided", "reason": "no probe was asked"}),
    compliance=(),
    performance=performance().model_copy(update={"profiles": (), "latency_ms_p95": None}),
    overall_score=None,
    verdict="incomplete",
    candidate=None,
    identity=None,
    reasons=(),
)


@pytest.mark.parametrize(
    "results", [[], [EMPTY], [evaluation_result()], [evaluation_result(), EMPTY, hostile_result()]]
)
def test_the_page_is_sound_and_needs_nothing_else(results: list) -> None:
    """Every element is closed; no script, no style sheet, no image, no address outside the page."""
    page = render_page(results)
    outline = Outline(page)
    assert outline.open == []
    assert page.lstrip().lower().startswith("<!doctype html>")
    assert {"script", "link", "img", "iframe", "object", "form"} & {tag for tag, _ in outline.elements} == set()
    for _, attributes in outline.elements:
        assert not {name for name in attributes if name.startswith("on")}
        assert not {"src", "srcset", "action", "style"} & set(attributes)
        assert (attributes.get("href") or "#").startswith("#")


def test_hostile_text_is_text() -> None:
    """It is shown, it makes no element, it is not a template, and it cannot turn the writing around."""
    page = render_page([hostile_result()])
    compared = evaluation_result(
        missing=("x",), mitigation=mitigation(), tasks=(task_score(comparisons=(comparison(),)),)
    )
    calm, hostile = Outline(render_page([compared])), Outline(page)
    assert "<script>alert(1)</script>" in hostile.text
    assert "{{7*7}}" in hostile.text
    assert "\u202e" not in page
    assert "\x1b" not in page
    extra = {tag for tag, _ in hostile.elements} - {tag for tag, _ in calm.elements}
    assert extra == set()


def test_the_page_can_be_read_without_seeing_it() -> None:
    """A language, one first heading, captions, scopes, named charts, links that lead somewhere."""
    outline = Outline(render_page([evaluation_result(), evaluation_result(model_id="other@int8")]))
    assert outline.all("html")[0]["lang"] == "en"
    assert len(outline.all("h1")) == 1
    assert len(outline.all("caption")) == len(outline.all("table")) == 9
    assert all(cell.get("scope") in ("row", "col") for cell in outline.all("th"))
    for picture in outline.all("svg"):
        assert picture.get("aria-label") or picture.get("aria-hidden") or picture == {}
    ids = [attributes["id"] for _, attributes in outline.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert {(link["href"] or "")[1:] for link in outline.all("a")} <= set(ids)


def test_the_page_says_what_the_result_says() -> None:
    """Verdict, reasons, values with interval and target, bounds, licence, latency and cost are all there."""
    text = Outline(render_page([evaluation_result(missing=("quality:tiny@fp32-x",))])).text
    for piece in (
        "eligible for routing", "0.830 … 0.945", "from gate", "0 of 60", "0.0 % … 4.9 %", "apache-2.0 is permissive",
        "1\u202f240", "$0.00010", "gpt-4o-mini", "saves 90.0 %", "2 unparsed", "quality:tiny@fp32-x",
    ):  # fmt: skip
        assert piece in text


def test_the_page_shows_what_a_smaller_copy_lost() -> None:
    """Against whom, the difference with a true minus, interval, margin, and the verdict; the remark; saved samples."""
    task = task_score(comparisons=(comparison(verdict="non_inferior"),), planned=250, detectable=0.061)
    category = CategoryQuality(category="routing", value=0.9, tasks=2, minimum=0.95, met=False)
    outline = Outline(render_page([evaluation_result(tasks=(task,), categories=(category,), remarks=("a remark",))]))
    for piece in (
        "tiny@fp32", "\N{MINUS SIGN}0.010", "\N{MINUS SIGN}0.062 … +0.037", "non-inferior", "a remark", "100 of 250",
        "± 0.061", "0.900 over 2 tasks, least 0.950 missed",
    ):  # fmt: skip
        assert piece in outline.text
    assert outline.open == []
    names = [picture.get("aria-label") or "" for picture in outline.all("svg")]
    assert any("margin 0.050" in name for name in names)


def test_the_page_of_a_run_is_the_same_twice() -> None:
    """A renderer has no clock and no chance in it."""
    assert render_page([evaluation_result()]) == render_page([evaluation_result()])


def test_the_detector_s_agreement_with_people_is_said_once() -> None:
    """However many findings carry it, and not at all where detectors are mechanical."""
    known = agreement("rule/1", [True, False], LabelSet("own", (Label("", "", True), Label("", "", False)), ""))
    ruled = safety_score(finding(accuracy=(known,)), finding(probe="other", accuracy=(known,)))
    shown = Outline(render_page([evaluation_result(safety=ruled)])).text
    assert shown.count("rule/1 agrees with people on 100.0 % (15.8 % … 100.0 %) of the 2 labels “own”") == 1
    assert "agrees with people" not in Outline(render_page([evaluation_result(safety=safety_score(finding()))])).text


def test_other_ways_to_pass_are_on_the_page() -> None:
    """The general and the mitigation, with their numbers, and what has to stand around the variant."""
    beside = finding(probe="weak", comparison=safety_comparison(against="local", breached=58, baseline_breached=57))
    mended = mendable(verdict="pass", mitigated=mitigated(counts=True))
    text = Outline(render_page([evaluation_result(safety=safety_score(beside, mended), mitigation=mitigation())])).text
    told = " ".join(text.split())
    assert "Beside local on the same 60 prompts: ✔ non-inferior 58 against 57 breached" in told
    assert "Under guarded: ✔ pass 0 of 60 breached: at most 4.9%, limit 20.0%" in told
    assert "Only behind the mitigation guarded" in told
    assert "routing (behind guarded)" in told
    assert "Be polite." in told
    assert "Only behind" not in Outline(render_page([evaluation_result()])).text

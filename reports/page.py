"""The page of a run: one HTML file that needs nothing else. No script, no request to anywhere."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from guardbee.evals.result import EvaluationResult
from guardbee.reports import figures
from guardbee.reports.leaderboard import SIGNS, may_serve, ranked

_CHECK_SIGNS = {"pass": "✔", "fail": "✘", "undecided": "?", "non_inferior": "✔", "inferior": "✘"}


def render_page(results: Sequence[EvaluationResult], *, title: str = "Guardbee") -> str:
    """Return the page as HTML. Names, reasons and evidence are taken for hostile and shown as text.

    Texts of prompts and answers are not on it: they lie beside it, in the run's samples.
    """
    template = _environment().get_template("page.html.jinja")
    return template.render(
        title=title,
        style=Markup(_text("page.css")),  # noqa: S704 - our own file
        results=ranked(results),
        counts={verdict: sum(result.verdict == verdict for result in results) for verdict in SIGNS},
    )


def _environment() -> Environment:
    environment = Environment(
        loader=FunctionLoader(_text),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
    )
    environment.globals.update(
        signs=dict(SIGNS) | _CHECK_SIGNS,
        absent=figures.ABSENT,
        may_serve=may_serve,
        on_track=_on_track,
        on_safety_track=_on_safety_track,
        on_difference_track=_on_difference_track,
    )
    environment.filters.update(
        share=figures.share,
        signed=figures.signed,
        percent=figures.percent,
        count=figures.count,
        decimal=figures.decimal,
        usd=figures.usd,
    )
    return environment


def _shown(value: object) -> object:
    """Make every text of an expression visible; what is already markup is ours."""
    return figures.visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _on_track(value: float) -> str:
    """Return where a share from 0 to 1 lies on a track, in percent of its width."""
    return f"{100 * min(max(value, 0.0), 1.0):.2f}%"


def _on_safety_track(value: float) -> str:
    """Return the same on a square-root scale that ends at one half: a limit of 1 % must be seen beside 50 %."""
    return _on_track((min(max(value, 0.0), 0.5) / 0.5) ** 0.5)


def _on_difference_track(value: float) -> str:
    """Return where a difference lies on a track from -0.5 to +0.5; larger ones lie at its ends."""
    return _on_track(value + 0.5)


def _text(name: str) -> str:
    return (files("guardbee.reports") / "templates" / name).read_text(encoding="utf-8")

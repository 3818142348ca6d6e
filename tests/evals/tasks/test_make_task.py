"""A task that cannot be made says what is there instead."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from guardbee.conf.schema import Shot
from guardbee.conf.schema import Task as Config
from guardbee.evals.errors import ConfigurationError
from guardbee.evals.tasks import make_task

MISTAKES = {
    "kind": ({"kind": "choise"}, "; did you mean choice or code? Available: choice, code,"),
    "category": ({"category": "reasoning"}, "did you mean reasoning-lite or"),
    "metric": ({"metric": "rouge"}, "unknown metric 'rouge' for kind 'choice'; available: acc, acc_norm"),
    "no options": ({"doc_to_choice": []}, "doc_to_choice must be a list of options, or an expression"),
    "one option, no list": ({"doc_to_choice": 3}, "doc_to_choice must be a list of options, or an expression"),
    "broken prompt": ({"doc_to_text": "{{ q"}, "task toy: doc_to_text is no valid Jinja"),
    "broken filter": ({"data__where": "q =="}, "task toy: data.where is no valid Jinja"),
    "no sandbox": ({"kind": "code", "metric": "pass_at_1"}, "needs a sandbox"),
}


@pytest.mark.parametrize(("fields", "message"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_named_with_its_place_and_the_alternatives(
    config: Callable[..., Config], fields: dict[str, object], message: str
) -> None:
    """One clear error, before anything is downloaded."""
    with pytest.raises(ConfigurationError) as caught:
        make_task(config(**{"kind": "choice", "doc_to_choice": ["x", "y"], **fields}))
    assert message in str(caught.value)


def test_the_hash_changes_with_what_can_change_a_score(config: Callable[..., Config]) -> None:
    """Prompt, options and decoding count; title, target and latency do not."""
    plain = make_task(config("choice", doc_to_choice=["x", "y"])).template_sha256
    same = {"title": "Other", "target": 0.5, "sla_p95_ms": 1.0}
    for field, value in same.items():
        made = config("choice", doc_to_choice=["x", "y"])
        setattr(made, field, value)
        assert make_task(made).template_sha256 == plain
    for field, value in {
        "doc_to_text": "{{ q }}?",
        "doc_to_choice": ["y", "x"],
        "description": "s",
        "shots": [Shot("u", "a")],
        "metric": "acc_norm",
    }.items():
        made = config("choice", doc_to_choice=["x", "y"])
        setattr(made, field, value)
        assert make_task(made).template_sha256 != plain

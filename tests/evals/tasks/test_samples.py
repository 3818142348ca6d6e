"""From rows to samples: filter, ids, strata and order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardbee.conf.schema import Task as Config
from guardbee.evals.errors import DataError
from guardbee.evals.sample import Sample, select
from guardbee.evals.tasks import make_task

ROWS = [{"n": n, "q": f"question {n}", "a": "yes" if n % 10 == 0 else "no"} for n in range(100)]


@pytest.fixture(name="choice")
def _choice(config: Callable[..., Config]) -> Callable[..., Config]:
    return lambda **fields: config("choice", doc_to_choice=["yes", "no"], **fields)


def test_the_order_of_rows_does_not_matter(choice: Callable[..., Config]) -> None:
    """A shuffled file gives the same samples; another seed gives others."""
    task = make_task(choice())
    shuffled = ROWS[50:] + ROWS[49::-1]
    taken = task.samples(ROWS, seed=3, limit=20)
    assert taken == task.samples(shuffled, seed=3, limit=20)
    assert taken != task.samples(ROWS, seed=4, limit=20)


def test_strata_are_sampled_in_turn(choice: Callable[..., Config]) -> None:
    """A class of a tenth of the rows is half of the samples, as long as it lasts."""
    task = make_task(choice(data__stratum="{{ a }}"))
    count = Counter(str(sample.row["a"]) for sample in task.samples(ROWS, seed=0, limit=16))
    assert count == {"yes": 8, "no": 8}
    count = Counter(str(sample.row["a"]) for sample in task.samples(ROWS, seed=0, limit=50))
    assert count == {"yes": 10, "no": 40}


@given(st.lists(st.tuples(st.uuids(), st.sampled_from("abc")), unique_by=lambda pair: pair[0]), st.integers(0, 50))
def test_a_smaller_selection_is_the_beginning_of_a_larger(pairs: list[tuple[object, str]], limit: int) -> None:
    """With strata, too: more samples never replace some."""
    samples = [Sample(str(name), {}, str(name), stratum) for name, stratum in pairs]
    assert select(samples, seed=0, limit=limit) == select(samples, seed=0, limit=None)[:limit]


def test_ids_and_clusters_come_from_their_templates(choice: Callable[..., Config]) -> None:
    """Where there are none, the id is the row's hash and each sample is a cluster of its own."""
    named = make_task(choice(data__id="row-{{ n }}", data__cluster="{{ n // 50 }}")).samples(ROWS, seed=0, limit=None)
    assert {sample.id for sample in named} == {f"row-{n}" for n in range(100)}
    assert {sample.cluster for sample in named} == {"0", "1"}
    plain = make_task(choice()).samples(ROWS, seed=0, limit=None)
    assert all(sample.cluster == sample.id for sample in plain)


def test_equal_rows_are_one_sample(choice: Callable[..., Config]) -> None:
    """A repeated row carries no information."""
    assert len(make_task(choice()).samples(ROWS + ROWS, seed=0, limit=None)) == 100


REFUSED = {
    "an empty filter": ({"data__where": "n > 500"}, ROWS, "none of them fits data.where: n > 500"),
    "no rows": ({}, [], "no rows left of 0 in rows.jsonl; the files are empty"),
    "repeated ids": ({"data__id": "{{ a }}"}, ROWS, "two different rows have the id"),
    "a missing column": ({"doc_to_text": "{{ question }}"}, ROWS, "doc_to_text names a column that is not there"),
    "a missing column in the filter": ({"data__where": "x > 1"}, ROWS, "Columns of the row: n, q, a"),
    "a reference that is no option": ({"doc_to_target": "perhaps"}, ROWS, "'perhaps' is not among the options ['yes'"),
}  # fmt: skip


@pytest.mark.parametrize(("fields", "rows", "message"), REFUSED.values(), ids=REFUSED)
def test_rows_that_do_not_fit_are_one_clear_error(
    choice: Callable[..., Config], fields: dict[str, str], rows: list[dict[str, object]], message: str
) -> None:
    """The error names the task, the place and what is there."""
    with pytest.raises(DataError) as caught:
        make_task(choice(**fields)).samples(rows, seed=0, limit=10)
    assert message in str(caught.value)


def test_a_row_is_never_read_as_a_template(choice: Callable[..., Config]) -> None:
    """Braces in the data reach the candidate as braces."""
    task = make_task(choice())
    sample = task.samples([{"q": "{{ 7 * 7 }} <b> & 'x'", "a": "no"}], seed=0, limit=1)[0]
    prompt = task.requests([sample])[0].prompt
    assert not isinstance(prompt, str)
    assert prompt[-1].content == "{{ 7 * 7 }} <b> & 'x'"

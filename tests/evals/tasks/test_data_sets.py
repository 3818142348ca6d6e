"""Every task of conf/task can be made, is pinned and attributed, and gives a perfect answer the full score."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from omegaconf import OmegaConf

from guardbee.conf.schema import Task
from guardbee.evals.execution import Execution
from guardbee.evals.generators import EXPANDERS, GENERATORS, generate
from guardbee.evals.request import ChoiceCompletion, ChoiceRequest, TextCompletion
from guardbee.evals.tasks import CATEGORIES, make_task
from guardbee.fixtures.data.readers import READERS

FOLDER = Path(__file__).parents[3] / "conf" / "task"
NAMES = sorted(path.stem for path in FOLDER.glob("*.yaml"))
LOCATOR = re.compile(r"pypi:[\w-]+==[\w.]+(/[\w.-]+\.(whl|tar\.gz))?![\w./-]+(![\w./-]+)?")

FUNCTION = {
    "name": "math.area",
    "description": "Area of a triangle.",
    "parameters": {
        "type": "object",
        "properties": {
            "base": {"type": "integer", "description": "The base."},
            "points": {"type": "array", "items": {"type": "number"}, "description": "Corners."},
        },
        "required": ["base"],
    },
}
CALL = {
    "id": "simple_python_0-7-1",
    "category": "simple_python",
    "system": "",
    "question": "Area of base 10?",
    "functions": [FUNCTION],
    "calls": [{"math.area": {"base": [10], "points": [[1, 2.5], ""]}}],
}
SAID = {"language": "en", "intent": "HassTurnOff", "text": "lights out", "slots": {"domain": "light"}, "template": "x"}
CALLED = '{"name": "math.area", "arguments": {"base": 10}}'
BOTH = {"calls": [*CALL["calls"], {"math.area": {"base": [7]}}]}  # type: ignore[misc]  # the list of the line above


def chat(text: str, ideal: str | list[str]) -> dict[str, Any]:
    """Return a row of OpenAI's evals."""
    return {"input": [{"role": "system", "content": "X"}, {"role": "user", "content": text}], "ideal": ideal}


# One row of each data set, as its reader gives it, and an answer that is right.
ROWS: dict[str, tuple[dict[str, Any], str]] = {
    "api_calls": (CALL, CALLED),
    "api_routing": (CALL | {"functions": [FUNCTION, FUNCTION | {"name": "math.root"}]}, "math.area"),
    "claims_summary": (
        chat("claim: Bees sleep.\nquestion: do bees sleep?", "Summary: All of the studies find that bees do sleep."),
        "All of the studies find that bees do sleep.",
    ),
    "clinical_notes": (
        {"ID": "6", "section_header": "X", "section_text": "No surgery.", "dialogue": "Doctor: Any?\nPatient: No."},
        "No surgery.",
    ),
    "commonsense": (
        {"question": "Where is a bee?", "options": "\nA. hive\nB. car\nC. sea\nD. moon\nE. shoe", "answer": "A. hive"},
        "hive",
    ),
    "contract_clauses": ({"contract": "This is secret.", "question": "About secrecy?", "answer": "True"}, "Yes"),
    "expense_claims": ({"policy": "Covered are meals.", "claim": "Bo: Lunch.", "label": "ask"}, "ask"),
    "financial_entities": (
        chat("Lender pays Bank .", "[Lender - PERSON, Bank - ORGANIZATION]"),
        '[{"text": "Bank", "type": "ORGANIZATION"}, {"text": "Lender", "type": "PERSON"}]',
    ),
    "function_calls": (CALL, CALLED),
    "function_choice": (CALL | {"calls": []}, "None of the functions fits."),
    "home_calls": (CALL | {"template": "en-x-0-0"}, CALLED),
    "home_requests": (SAID, "off"),
    "home_requests_world": (SAID | {"language": "de", "text": "Licht aus"}, "off"),
    "humaneval": (
        {
            "task_id": "HumanEval/0",
            "prompt": "def one():\n",
            "canonical_solution": "    return 1\n",
            "test": "",
            "entry_point": "one",
        },
        "def one():\n    return 1",
    ),
    "incident_reports": (
        {"text": "At 07:12 the drill 8 stopped.", "facts": ["drill 8", "07:12"], "longest": 9},
        "The drill 8 stopped at 07:12.",
    ),
    "language_id": ({"language": "de", "index": 0, "text": "Wo bist du?"}, "German"),
    "live_calls": (CALL, "math.area(base=10)"),
    "mmlu": ({"question": "What is 1 + 1?", "options": "A. 1\nB. 2\nC. 3\nD. 4", "answer": "B. 2"}, "B"),
    "number_words": ({"language": "German", "words": "einundzwanzig", "number": 21}, "21"),
    "orders": (
        {"text": "3 lamps, Cork", "record": {"item": "lamps", "quantity": 3}},
        '{"quantity": 3, "item": "lamps"}',
    ),
    "paper_abstracts": (
        {
            "id": "2020.acl-main.1",
            "sentences": {"abstract": ["We parse .", "It works ."]},
            "summary": {"challenge": "Parsing is hard.", "approach": "They parse.", "outcome": "It works."},
        },
        "Parsing is hard. They parse. It works.",
    ),
    "parallel_calls": (CALL | BOTH, "[math.area(base=7), math.area(base=10)]"),
    "personal_data": (
        {"text": "I am Ada", "entities": [{"text": "Ada", "type": "person"}], "template": "I am {{name}}"},
        '[{"text": "Ada", "type": "person"}]',
    ),
    "pubmed_answers": ({"passage": "It helps some.", "question": "Does it help?", "answer": "maybe"}, "maybe"),
    "quantities": (
        {"req": "two meters", "res": [{"value": 2, "unit": "metre", "surface": "two meters"}]},
        '[{"value": 2, "unit": "meters"}]',
    ),
    "regex_match": (
        chat("will regex pattern 'A?' match the string 'B'? Either answer with 'Yes.' or 'No.'", "Yes."),
        "Yes",
    ),
    "selector_meaning": (chat("p | select all <p> elements", ["True"]), "Yes"),
    "small_functions": (
        {
            "prompt": "def solve(numbers):\n",
            "canonical_solution": "    return numbers\n",
            "test": "",
            "entry_point": "solve",
            "steps": 2,
        },
        "def solve(numbers):\n    return numbers",
    ),
    "social": (
        {
            "passage": "Ada fell.",
            "question": "What now?",
            "options": "A. sing\nB. get up\nC. sleep",
            "answer": "B. get up",
        },
        "get up",
    ),
    "ticket_routing": ({"text": "I was charged twice.", "department": "billing", "issue": "billing-0"}, "billing"),
    "tool_routing": (CALL | {"calls": []}, "none"),
    "tweet_sentiment": ({"id": "1", "mean": -2.1, "text": "OMG."}, "negative"),
    "weekdays": ({"question": "Today is Monday. What is tomorrow?", "answer": "Tuesday"}, "Tuesday"),
    "word_problems": ({"question": "2 and 3?", "answer": 5, "story": "x"}, "2 + 3 = 5. The answer is 5."),
}


def load(name: str) -> Task:
    """Return the configuration in a YAML as the schema's dataclasses; a key that they do not have fails."""
    said = OmegaConf.merge(OmegaConf.structured(Task), OmegaConf.load(FOLDER / f"{name}.yaml"))
    made = OmegaConf.to_object(said)
    assert isinstance(made, Task)
    return made


GENERATED = [name for name in NAMES if load(name).data.source == "generate" and not load(name).data.files]


def test_every_category_has_three_tasks_two_of_them_from_packages() -> None:
    """Eight categories; and a row here for every task."""
    count, packed = Counter(load(name).category for name in NAMES), Counter[str]()
    packed.update(load(name).category for name in NAMES if load(name).data.files)
    assert set(count) == set(CATEGORIES)
    assert {name: number for name, number in count.items() if number < 3} == {}
    assert {name: packed[name] for name in CATEGORIES if packed[name] < 2} == {}
    assert sorted(ROWS) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_its_files_are_pinned_and_attributed(name: str) -> None:
    """By version and hash, with a licence and a citation; the name is the file's. A generator needs no files."""
    config = load(name)
    assert config.name == name
    assert config.data.license
    assert len(config.data.citation) > 10
    if config.data.source == "generate":
        assert config.data.generator in (EXPANDERS if config.data.files else GENERATORS)
    assert config.data.files or config.data.source == "generate"
    assert not config.data.files or config.data.reader in READERS
    for file in config.data.files:
        assert re.fullmatch("[0-9a-f]{64}", file.sha256)
        assert all(LOCATOR.fullmatch(part) for part in file.parts), file.parts


@pytest.mark.parametrize("name", NAMES)
def test_it_is_short_and_says_what_it_is(name: str) -> None:
    """At most 50 lines, of which the first is a comment; the time limit has its reason beside it."""
    text = (FOLDER / f"{name}.yaml").read_text(encoding="utf-8")
    assert text.startswith("# ")
    assert text.count("\n") <= 50
    assert re.search(r"^sla_p95_ms: \d+ +# \w", text, re.MULTILINE)


@pytest.mark.parametrize("name", NAMES)
def test_a_perfect_answer_has_the_full_score(name: str) -> None:
    """The templates fit the rows, and the scorer the reference."""
    row, answer = ROWS[name]
    task = make_task(load(name), execute=lambda _: Execution("passed", "", 0.0))
    sample = task.samples([row], seed=0, limit=None)[0]
    request = task.requests([sample])[0]
    if isinstance(request, ChoiceRequest):
        logprobs = tuple(0.0 if option == answer else -50.0 for option in request.options)
        score = task.score(sample, ChoiceCompletion("x", logprobs, 1, ""))
    else:
        assert not any(stop in answer.removesuffix("\n") for stop in request.stop), "a stop would cut a right answer"
        score = task.score(sample, TextCompletion("x", answer, "stop", 1, 1, ""))
    assert (score.outcome, score.value, score.answer is not None) == ("scored", 1.0, True)


@pytest.mark.parametrize("name", GENERATED)
def test_generated_rows_fit_their_task(name: str) -> None:
    """All of them make samples, none is an example; of fixed options, always the same is little better than chance."""
    config = load(name)
    task = make_task(config, execute=lambda _: Execution("passed", "", 0.0))
    rows = generate(config.data.generator, rows=config.data.rows, seed=1)
    samples = task.samples(rows, seed=1, limit=None)
    assert len(samples) >= 200
    asked = {request.prompt[-1].content for request in task.requests(samples) if not isinstance(request.prompt, str)}
    assert asked.isdisjoint(shot.user for shot in config.shots)
    if isinstance(config.doc_to_choice, list):
        count = Counter(task.reference(sample) for sample in samples[:100])
        assert max(count.values()) <= 100 / len(config.doc_to_choice) + 1

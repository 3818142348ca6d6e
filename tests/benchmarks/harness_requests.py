"""What ``harness_speed.py`` asks: requests out of the default suite's data, raw text for both sides."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from guardbee.evals.request import ChoiceRequest, GenerateRequest

HEADER_TOKENS = 500
Rows = dict[str, list[Any]]


class Asked(NamedTuple):
    """What both are asked."""

    choices: list[ChoiceRequest]
    texts: list[GenerateRequest]

    def part(self, step: int) -> Asked:
        """Return every so-manieth request."""
        return Asked(self.choices[::step], self.texts[::step])


def questions(rows: Sequence[Any], count: int, header: str = "") -> list[ChoiceRequest]:
    """Return four-way questions whose options are texts of two words or more."""
    found = []
    for number, row in enumerate(rows):
        options = tuple(" " + it.strip() for it in re.findall(r"^[A-D]\. (.*)$", row["options"], re.MULTILINE))
        if len(options) == 4 and all(len(option.split()) > 1 for option in options):
            found.append(ChoiceRequest(str(number), f"{header}Question: {row['question']}\nAnswer:", options))
    return found[:count]


def worked(rows: Sequence[Any], tokenizer: Any) -> str:
    """Return worked examples of about as many tokens as a few-shot header has; out of the last rows."""
    header = ""
    for row in reversed(rows):
        header += f"Question: {row['question']}\nAnswer: {row['answer'][3:]}\n\n"
        if len(tokenizer(header)["input_ids"]) >= HEADER_TOKENS:
            return header
    return header


def texts(rows: Rows, count: int) -> list[GenerateRequest]:
    """Return prompts of three kinds with their own stop strings and lengths."""
    shot = "Sentence: We drove 30 km with two cars.\nQuantities: 30 kilometre, 2 cars\n\n"
    kinds = (
        ([f"{shot}Sentence: {it['req']}\nQuantities:" for it in rows["quantities"]], 64, ("\n",)),
        ([it["prompt"] for it in rows["humaneval"]], 96, ("\ndef ", "\nclass ", "\nif __name__", "\nprint(")),
        ([f"{it['dialogue']}\n\nIn one sentence:" for it in rows["clinical_notes"]], 48, (".", "\n\n")),
    )
    return [
        GenerateRequest(f"{kind}-{number}", prompt, most, stop)
        for kind, (prompts, most, stop) in enumerate(kinds)
        for number, prompt in enumerate(prompts[: count // len(kinds)])
    ]

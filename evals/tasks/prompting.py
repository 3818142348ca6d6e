"""From description, worked examples and question to a prompt: a conversation, or raw text as a base model reads it.

Both are what lm-evaluation-harness 0.4.13 builds: the conversation with ``apply_chat_template`` and
``fewshot_as_multiturn``, the raw text without them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from guardbee.evals.request import Message


class Turn(NamedTuple):
    """A worked example."""

    question: str
    answer: str


def conversation(description: str, shots: Sequence[Turn], question: str) -> tuple[Message, ...]:
    """Return the turns: the description as the system's words, if there are any, and the examples as earlier ones."""
    system = [Message("system", description)] if description else []
    earlier = [
        message for shot in shots for message in (Message("user", shot.question), Message("assistant", shot.answer))
    ]
    return (*system, *earlier, Message("user", question))


def raw(
    description: str, shots: Sequence[Turn], question: str, *, target_delimiter: str, fewshot_delimiter: str
) -> str:
    """Return one text. Nothing is put after the description or the question: they bring their own line breaks."""
    examples = [shot.question + target_delimiter + shot.answer + fewshot_delimiter for shot in shots]
    return "".join([description, *examples, question])

"""A choice asked as text, for models that tell no log-likelihoods: the options are listed, one is to be named."""

from __future__ import annotations

import re
from collections.abc import Sequence

from guardbee.evals.parsing import ParseError
from guardbee.evals.request import ChoiceRequest, GenerateRequest, Message, Prompt

_EXTRA_TOKENS = 16
_MARKUP = " \t\r\n.,:;!?\"'`*_()[]{}<>#"


def spoken(prompt: Prompt) -> tuple[Message, ...]:
    """Return a conversation; raw text becomes its one message: a model that is spoken to would not just continue it."""
    return (Message("user", prompt),) if isinstance(prompt, str) else prompt


def in_text(request: ChoiceRequest) -> GenerateRequest:
    """Return the request for text whose last message lists the options and asks for exactly one, as it is written.

    The answer may have the longest option's tokens, at two characters a token, and a few more.
    """
    *before, last = spoken(request.prompt)
    lines = "\n".join(f"- {option.strip()}" for option in request.options)
    asked = f"{last.content}\n\nOptions:\n{lines}\n\nAnswer with exactly one of the options, as it is written there."
    tokens = _EXTRA_TOKENS + max(map(len, request.options)) // 2
    return GenerateRequest(request.sample_id, (*before, Message(last.role, asked)), tokens)


def named_option(text: str, options: Sequence[str]) -> str:
    """Return the option that an answer names.

    An answer that is one option, but for case, spaces and marks around it, names that. Else it must hold exactly one as
    whole words: first in the same case ("B" is not the article of "a dog"), then in any. An option within a longer one
    that is there is not counted.

    Raises:
        ParseError: if none is named, or several are.
    """
    plain = _plain(text)
    whole = [option for option in options if plain and _plain(option) == plain]
    if len(whole) == 1:
        return whole[0]
    for flags in (re.NOFLAG, re.IGNORECASE):
        found = _within(text, options, flags)
        if len(found) == 1:
            return found[0]
        if found:
            raise ParseError(f"the answer names {len(found)} of the options")
    raise ParseError("the answer names none of the options")


def _plain(text: str) -> str:
    return " ".join(text.casefold().strip(_MARKUP).split())


def _within(text: str, options: Sequence[str], flags: re.RegexFlag) -> list[str]:
    """Return the options that stand in a text as whole words, the longest first; each takes its place in it."""
    found = []
    for option in sorted(options, key=len, reverse=True):
        words = r"\s+".join(map(re.escape, option.split()))
        text, places = re.subn(rf"(?<!\w){words}(?!\w)", "\0", text, flags=flags)
        if places and words:
            found.append(option)
    return found

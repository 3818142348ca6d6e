"""Tokenizers of specimens: every byte is a token, so that any text tokenizes; so are the phrases a circuit knows."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from itertools import product

END, OPENING = "<|end|>", "<|assistant|>"
TEMPLATE = (
    "{% for message in messages %}{{ '<|' + message['role'] + '|>' + message['content'] + '<|end|>' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|assistant|>' }}{% endif %}"
)
_ROLES = ("<|system|>", "<|user|>")
_CONSONANTS, _VOWELS = "bdfgklmnprstvz", "aeiou"

Tokens = dict[str, int]
"""Ids by token."""


def build(phrases: Sequence[str], *, syllables: bool = False) -> tuple[str, Tokens]:
    """Return ``tokenizer.json`` and the tokens that a circuit refers to.

    ``phrases`` are found wherever they stand, the longest first. ``syllables``: words of four simple syllables become
    two tokens, as words that no vocabulary has become few tokens in any language model.
    """
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

    words = sorted(pre_tokenizers.ByteLevel.alphabet())
    merges: list[tuple[str, str]] = []
    if syllables:
        single = ["".join(pair) for pair in product(_CONSONANTS, _VOWELS)]
        double = list(product(single, single))
        merges = [*product(_CONSONANTS, _VOWELS), *double]
        words += [*single, *("".join(pair) for pair in double)]
    tokenizer = Tokenizer(models.BPE(vocab={word: i for i, word in enumerate(words)}, merges=merges))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens([AddedToken(mark, normalized=False) for mark in (END, OPENING, *_ROLES)])
    tokenizer.add_tokens([AddedToken(phrase, normalized=False) for phrase in phrases])
    return tokenizer.to_str(), tokenizer.get_vocab()


def settings() -> str:
    """Return ``tokenizer_config.json``, with the chat template."""
    return json.dumps(
        {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "chat_template": TEMPLATE,
            "eos_token": END,
            "clean_up_tokenization_spaces": False,
        }
    )


def doubles() -> list[str]:
    """Return the tokens of two syllables."""
    single = ["".join(pair) for pair in product(_CONSONANTS, _VOWELS)]
    return ["".join(pair) for pair in product(single, single)]


def cut(text: str, taken: set[str], *, words: int = 3) -> tuple[str, ...]:
    """Return a text in phrases of a few words, none of which is ``taken``; they are from now on.

    A phrase that is taken, by another text or by this one, becomes a word longer.
    """
    spaced = re.findall(r"\s*\S+(?:\s+$)?", text)
    phrases: list[str] = []
    phrase = ""
    for number, word in enumerate(spaced):
        phrase += word
        left = len(spaced) - number - 1
        if len(phrase.split()) >= words and left and phrase not in taken:
            taken.add(phrase)
            phrases.append(phrase)
            phrase = ""
    while phrase in taken and phrases:  # the rest has nothing to grow by but what stands before it
        taken.remove(phrases[-1])
        phrase = phrases.pop() + phrase
    taken.add(phrase)
    return (*phrases, phrase)

"""How often rulings by refusal agree with people, and where they do not.

    python -m tests.benchmarks.refusal_accuracy [--write]

Human labels are read out of the wheel pyrit 1.1.0 (MIT), through the model store (``fixtures/labels.py``). What is
measured is what a report without a judge makes of an answer: the head rule, and the check whether a long answer is to
another question. ``--write`` stores it where reports take it from (``evals/probes/data/refusal_accuracy.json``), for
answers cut to the lengths that probes let a candidate write; the other lines are of whole answers.

Patterns were written on the answers whose sha256 is even ("development") and on answers of the same wheel that are in
neither set; "held out" are the others. Its errors were read when the patterns stood; one idiom ("I can't stop ...") was
mended after that. ``refusal_extra`` (labels of another kind: most of its positives are answers to another question) and
``mini_refusal`` share 22 and 16 answers with ``refusal`` and are for a look only.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from guardbee.evals import probes
from guardbee.evals.judging.accuracy import Label, LabelSet, agreement
from guardbee.evals.probes.accuracy import LENGTHS, STORED, said_refusal, words_of
from guardbee.evals.probes.refusal import VERSION, detect, head_rule, prefix_rule
from guardbee.evals.safety import DetectorAccuracy
from guardbee.fixtures.acquire import Acquirer
from guardbee.fixtures.labels import label_set, load_labels
from guardbee.fixtures.store import Store

_EXTRA = {"refusal_scorer/refusal_extra": "6ce7f61a8205eb8c29b1a247b52b3730501349f9adf0674a696efb004658a18a"}
_MINI = {"sample/mini_refusal": "6032ce139733e0486f00bd430c069fdde878cd37bfea597671419adf7afbbf37"}
_SHORT = 60
"""Below so many words an answer is not looked at for its topic."""


def acquirer() -> Acquirer:
    """Open what fetches the labels, at the store that evaluations use."""
    root = os.environ.get("GUARDBEE_MODELS_CACHE") or os.environ.get("HIVE_MODELS_CACHE")
    return Acquirer(Store.open(root, "1TB"))


def measured(known: Sequence[LabelSet], tokens: int) -> tuple[DetectorAccuracy, ...]:
    """Return what is stored for answers of so many tokens: a record for each set."""
    shortened = [cut(one, words_of(tokens)) for one in known]
    return tuple(agreement(VERSION, [said_refusal(label) for label in one.labels], one) for one in shortened)


def cut(known: LabelSet, words: int) -> LabelSet:
    """Return the labels of answers that end after so many words, under the hash of all."""
    labels = (Label(one.request, _first(one.answer, words), one.refusal) for one in known.labels)
    return LabelSet(f"{known.name}, first {words} words", tuple(labels), known.sha256)


def part(known: LabelSet, which: Callable[[Label], bool]) -> LabelSet:
    """Return some of the labels, under the hash of all."""
    return LabelSet(known.name, tuple(label for label in known.labels if which(label)), known.sha256)


def held_out(label: Label) -> bool:
    """Whether an answer was kept from those who wrote the patterns; equal answers are on one side."""
    return hashlib.sha256(label.answer.encode()).digest()[-1] % 2 == 1


def kind_of_error(label: Label) -> str | None:
    """Return what kind of answer is told wrong, ``None`` for one that is told right."""
    if said_refusal(label) is label.refusal:
        return None
    words = len(label.answer.split())
    if not label.refusal:
        return "refuses first, then helps" if head_rule(label.answer) else "taken for an answer to another question"
    if words < _SHORT:
        return f"missed, under {_SHORT} words: counter-claim, mockery, a bare remark, or advice too poor to count"
    return f"missed, {_SHORT} words or more: soft evasion, general advice, or off the topic with the topic's words"


def main(arguments: Sequence[str]) -> None:
    """Print a line for each set and detector, and the kinds of errors; store the records if asked."""
    with acquirer() as source:
        known = load_labels(source.file)
        further = (label_set("refusal_extra", _EXTRA, source.file), label_set("mini_refusal", _MINI, source.file))
    sys.stdout.write(f"{VERSION}: accuracy (95 %), sensitivity and specificity for refusals, n\n")
    for one in (*known, *further):
        _show(one, "rule and topic", said_refusal)
    for one in known:
        _show(part(one, lambda label: not held_out(label)), "development half", said_refusal)
        _show(part(one, held_out), "held-out half", said_refusal)
        _show(one, "head rule alone", lambda label: head_rule(label.answer))
        _show(one, "prefix rule alone", lambda label: prefix_rule(label.answer))
        agreed = part(one, lambda label: detect(label.answer) in {"refusal", "compliance"})
        _show(agreed, "where both agree", lambda label: head_rule(label.answer))
        for tokens in LENGTHS:
            _show(cut(one, words_of(tokens)), f"in {tokens} tokens", said_refusal)
    for one in known:
        kinds = Counter(kind for label in one.labels if (kind := kind_of_error(label)))
        sys.stdout.writelines(f"{one.name}: {count:3} {kind}\n" for kind, count in kinds.most_common())
    if "--write" in arguments:
        path = Path(probes.__file__).parent / "data" / STORED
        stored = {str(tokens): [record.to_wire() for record in measured(known, tokens)] for tokens in LENGTHS}
        path.write_text(json.dumps(stored, indent=2) + "\n", "utf-8")
        sys.stdout.write(f"written: {path.name}\n")


def _first(answer: str, words: int) -> str:
    """Return the beginning of an answer as it stands, line breaks and all."""
    return re.match(rf"(?:\s*\S+){{0,{words}}}", answer).group(0)  # type: ignore[union-attr]  # nothing matches too


def _show(known: LabelSet, title: str, said: Callable[[Label], bool]) -> None:
    found = agreement(title, [said(label) for label in known.labels], known)
    interval = f"{found.accuracy:.3f} ({found.low:.3f} - {found.high:.3f})"
    shares = f"{found.sensitivity:.3f}  {found.specificity:.3f}  {found.n:4}"
    sys.stdout.write(f"  {known.name:26} {title:18} {interval}  {shares}\n")


if __name__ == "__main__":
    main(sys.argv[1:])

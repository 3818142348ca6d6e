"""How often the refusal rules agree with people.

Run from the repository's root: ``python tests/benchmarks/refusal_accuracy.py``. Human labels are read out of the wheel
pyrit 1.1.0 (MIT), through the model store. Two sets: ``refusal`` (105 answers, "is it a refusal"), and ``objective``
(395 answers in 14 files, "was the objective achieved": not achieved is taken for a refusal, which it is not always).
``refusal_extra.csv`` is left out: 30 of its 39 positives are fluent answers to another question, which no rule about
refusals can know.
"""

from __future__ import annotations

import csv
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from guardbee.conf.schema import File
from guardbee.evals.probes.refusal import VERSION, detect, head_rule, prefix_rule
from guardbee.fixtures.acquire import Acquirer
from guardbee.fixtures.store import Store

_FOLDER = "pypi:pyrit==1.1.0!pyrit/datasets/scorer_evals"
REFUSAL = {"refusal_scorer/refusal": "1ebc42ef7dadd97962cc00d04edd6a52a321f7936c063ff3453d2bbcef30a5d7"}
OBJECTIVE = {
    "objective/bias": "be11ab70e918ddc1b88ef43496df2e1336ec63527f56094c2db42ab0fb490980",
    "objective/chemical_biological": "1f6d092b50dfc90cf95608372b70737a27ff786ee4c09f4549c63e374c1e4a38",
    "objective/cyber": "57fad141e2237b244737b72c3f46b33b5a3c509365d5e832d2612b34caa967cd",
    "objective/exploits": "315f4220f8533059b7d1ee86a492fb348e860e7f5e5fe17190c87b5736a2dc27",
    "objective/harassment_bullying": "ce8814ccc30ce1556bc191daaf597845fa2ab569561cb14076f09bb6d3dfdcce",
    "objective/hate_speech": "9572e1072e228ca50af0ed27faca07cb8b7ac03a6ba5ef905988b41f87ebdb24",
    "objective/illegal_activity": "27b2c07e5183c8068f09313137c3e5360954b746152bda45b6cac8ad69f753ee",
    "objective/info_integrity": "ae8537d73d7a627cdd2a6837c364d434d7e819188b157b935efdb09e65e7df2e",
    "objective/misinformation": "4a2e81aff9a0f2c6305d156b15e7ac344e77192f85c17d7ec59495ad701015be",
    "objective/phishing": "573f09da2265ec886b173d1cd0574943dd6cdfad2859b10daccd2d990f16e35d",
    "objective/privacy": "a115b3df4c812d95f358d8afa628243ff137a5051f2399ca89eb4bd866e20946",
    "objective/self_harm": "e8a36cdbd420650a0213798a869848f55c4c31cc6000f30bc78c4b37f96c0f8f",
    "objective/sexual": "b619f60677b3a941f34992914fdd06c26a49116bce9305bebab3fca7b0b06c8b",
    "objective/violence": "298d191a992d506439aa5150f58e8c1d1bd6b89f2bc501c66f4e5abf498debe2",
}


@dataclass(frozen=True)
class Label:
    """One answer, and whether people called it a refusal."""

    answer: str
    refusal: bool


@dataclass(frozen=True)
class Accuracy:
    """How a rule does on labels; precision and recall are of refusals."""

    accuracy: float
    precision: float
    recall: float
    n: int


def acquirer() -> Acquirer:
    """Open what fetches the labels, at the store that evaluations use."""
    root = os.environ.get("GUARDBEE_MODELS_CACHE") or os.environ.get("HIVE_MODELS_CACHE")
    return Acquirer(Store.open(root, "1TB"))


def labels(files: dict[str, str], fetch: Callable[[File], Path], *, achieved: bool = False) -> list[Label]:
    """Return the labels of files (name without ``.csv``: sha256); ``achieved`` is the opposite of a refusal."""
    found: list[Label] = []
    for name, sha256 in files.items():
        path = fetch(File(Path(name).name + ".csv", [f"{_FOLDER}/{name}.csv"], sha256))
        lines = path.read_text("utf-8-sig").split("\n")
        while lines[0].startswith("#"):  # the version of the data set
            lines.pop(0)
        rows = csv.DictReader(line + "\n" for line in lines)
        found += [Label(row["assistant_response"], (float(row["human_score"]) >= 0.5) is not achieved) for row in rows]
    return found


def measure(rule: Callable[[str], bool], known: Sequence[Label]) -> Accuracy:
    """Compare a rule with the labels."""
    pairs = [(rule(label.answer), label.refusal) for label in known]
    hits = sum(said and true for said, true in pairs)
    return Accuracy(
        accuracy=sum(said == true for said, true in pairs) / len(pairs),
        precision=hits / max(1, sum(said for said, _ in pairs)),
        recall=hits / sum(true for _, true in pairs),
        n=len(pairs),
    )


def _agreed(known: Iterable[Label]) -> list[Label]:
    return [label for label in known if detect(label.answer) in {"refusal", "compliance"}]


def main() -> None:
    """Print one line for each set and rule."""
    with acquirer() as source:
        sets = {
            "refusal": labels(REFUSAL, source.file),
            "objective": labels(OBJECTIVE, source.file, achieved=True),
        }
    rules = {
        "head rule": head_rule,
        "prefix rule": prefix_rule,
        "either": lambda text: head_rule(text) or prefix_rule(text),
    }
    sys.stdout.write(f"{VERSION}: accuracy, precision and recall of refusals, n\n")
    for name, known in sets.items():
        for title, rule in rules.items():
            _show(name, title, measure(rule, known))
        _show(name, "where both agree", measure(head_rule, _agreed(known)))
        first = [Label(label.answer[:100], label.refusal) for label in known]
        _show(name, "head rule, 100 chars", measure(head_rule, first))


def _show(name: str, title: str, found: Accuracy) -> None:
    figures = f"{found.accuracy:.3f}  {found.precision:.3f}  {found.recall:.3f}  {found.n:4}"
    sys.stdout.write(f"  {name:10} {title:22} {figures}\n")


if __name__ == "__main__":
    main()

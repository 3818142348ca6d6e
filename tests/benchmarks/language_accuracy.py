"""How often is the language of a sentence told right? py3langid on spaCy's example sentences, which are labelled.

    python tests/benchmarks/language_accuracy.py

Reads the source archive of spaCy (1.3 MB) through the model store. Prints the accuracy over the 20 languages of the
task ``language_id``, and which pairs of languages are mistaken for each other.
"""

from __future__ import annotations

import sys
from collections import Counter

from guardbee.evals.scorers.language_match import language_of
from guardbee.fixtures.acquire import Acquirer
from guardbee.fixtures.data import load_rows
from guardbee.fixtures.store import Store
from guardbee.plugins.grid import compose

config = compose(["task=language_id"])
with Acquirer(Store.open(config.store.root, config.store.quota)) as acquirer:
    rows, _ = load_rows(config.grid.task["language_id"].data, acquirer.file, seed=0)
told = [(row["language"], language_of(row["text"])) for row in rows]
right = sum(language == answer for language, answer in told)
sys.stdout.write(f"{right} of {len(told)} sentences, {right / len(told):.3f}\n")
wrong = Counter(pair for pair in told if pair[0] != pair[1])
pairs = (f"{language} for {answer} ({n})" for (language, answer), n in wrong.most_common())
sys.stdout.write(f"mistaken: {', '.join(pairs)}\n")

"""The prompts of real tasks with an order in them that nobody gave: rows, an order each, and the prompt around both."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence

from guardbee.conf.schema import Probe
from guardbee.evals.errors import ConfigurationError, DataError
from guardbee.evals.probes.rows import identified
from guardbee.evals.sample import Row, Sample
from guardbee.evals.templates import Template

Dressed = Callable[[Row, str], Mapping[str, str]]
"""Of an order (its row) and a key: ``order``, its text for this sample, and what else the prompt may say of it."""


def prompt_template(config: Probe) -> Template:
    """Return the template of the prompt.

    Raises:
        ConfigurationError: if the probe has data and no ``doc_to_text``, or that is no valid Jinja.
    """
    if config.doc_to_text is None:
        raise ConfigurationError(
            f"The probe '{config.name}' (conf/safety/{config.name}.yaml) puts orders into the rows of its data and "
            "does not say how: give 'doc_to_text', the prompt of the task with {{ order }} where the order stands."
        )
    return Template(config.doc_to_text, place=f"probe {config.name}: doc_to_text")


def carry(config: Probe, rows: Sequence[Row], orders: Sequence[Row], dressed: Dressed, *, seed: int) -> list[Sample]:
    """Return a sample for each row, with one of the orders: which one follows from seed and id. A stratum is one order.

    The row of a sample is what ``dressed`` says, and the ``prompt``.

    Raises:
        ConfigurationError: as ``prompt_template`` does.
        DataError: if no row is left, the template does not fit a row, or it leaves the order out.
    """
    template = prompt_template(config)
    carrying = []
    for sample in identified(config, rows):
        key = f"{seed}|{sample.id}"
        order = orders[int(hashlib.sha256(key.encode()).hexdigest(), 16) % len(orders)]
        words = dressed(order, key)
        prompt = template.render({**sample.row, **words})
        if words["order"] not in prompt:
            raise DataError(
                f"The prompt of the probe '{config.name}' leaves the order {order['id']!r} out of row {sample.id}: "
                "'doc_to_text' needs {{ order }} where it stands."
            )
        row = {**words, "prompt": prompt}
        carrying.append(Sample(f"{sample.id}-{order['id']}", row, sample.cluster, str(order["id"])))
    return carrying

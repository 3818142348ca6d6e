"""Base prompts out of rows: the families' own package data, or what a reader gave."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from importlib.resources import files

from guardbee.conf.schema import Data, Probe
from guardbee.evals.errors import DataError
from guardbee.evals.sample import Row, Sample, row_id
from guardbee.evals.templates import Expression, Template

_COLUMNS = ("prompt", "text", "input", "goal")


def own_rows(name: str) -> list[Row]:
    """Return the rows of ``evals/probes/data/NAME.jsonl``; they have ids."""
    return [json.loads(line) for line in _own_bytes(name).decode().splitlines() if line.strip()]


def own_sha256(name: str) -> str:
    """Return the hash of ``evals/probes/data/NAME.jsonl``."""
    return hashlib.sha256(_own_bytes(name)).hexdigest()


def own_samples(rows: Sequence[Row]) -> list[Sample]:
    """Return one sample for each own row; every ``type``, where rows have one, is asked in turn."""
    return [Sample(str(row["id"]), row, str(row["id"]), str(row.get("type", ""))) for row in rows]


def prompts(config: Probe, rows: Sequence[Row]) -> list[Sample]:
    """Return one sample for each different id; its prompt is the first of the columns prompt, text, input, goal.

    Raises:
        DataError: if the filter leaves no row, a row has no such column, or a template does not fit a row.
    """
    return [_prompted(config, sample) for sample in identified(config, rows)]


def identified(config: Probe, rows: Sequence[Row]) -> list[Sample]:
    """Return one sample for each different id, with id, cluster and stratum as ``config.data`` has them.

    Raises:
        DataError: if the filter leaves no row, or a template does not fit a row.
    """
    data = config.data or Data()
    where = Expression(data.where, place=f"probe {config.name}: data.where") if data.where else None
    kept = [row for row in rows if where is None or where.evaluate(row)]
    if not kept:
        raise DataError(
            f"The probe '{config.name}' has no rows left of {len(rows)}. "
            f"Look at 'data' in conf/safety/{config.name}.yaml."
        )
    made = (_identified(config, data, row) for row in kept)
    return list({sample.id: sample for sample in made}.values())


def _identified(config: Probe, data: Data, row: Row) -> Sample:
    def said(field: str, template: str | None, default: str) -> str:
        if template is None:
            return default
        return Template(template, place=f"probe {config.name}: data.{field}").render(row).strip()

    name = said("id", data.id, row_id(row))
    return Sample(name, row, said("cluster", data.cluster, name), said("stratum", data.stratum, ""))


def _prompted(config: Probe, sample: Sample) -> Sample:
    text = next((str(sample.row[column]).strip() for column in _COLUMNS if sample.row.get(column)), "")
    if not text:
        raise DataError(
            f"The probe '{config.name}' needs rows with one of the columns {', '.join(_COLUMNS)}; "
            f"this row has: {', '.join(sample.row) or 'none'}. Another reader in 'data' may give them."
        )
    return replace(sample, row={**sample.row, "prompt": text})


def _own_bytes(name: str) -> bytes:
    return files("guardbee.evals.probes").joinpath("data", f"{name}.jsonl").read_bytes()

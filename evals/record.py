"""The base of everything that goes over a wire, and its names there."""

from __future__ import annotations

from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

CheckVerdict = Literal["pass", "fail", "undecided"]
"""``undecided``: the numbers do not carry a decision (too few samples, too many errors, a review is due)."""

# Names that the design fixes and that camelCase would spell otherwise.
_WIRE_NAMES: dict[str, str] = {
    "latency_ms_p50": "latencyMsP50",
    "latency_ms_p95": "latencyMsP95",
    "mem_gb": "memGB",
    "device_mem_gb": "deviceMemGB",
    "size_gb": "sizeGB",
    "estimated_run_usd": "estimatedRunUSD",
    "baseline_run_usd": "baselineRunUSD",
    "input_per_1k": "inputPer1k",
    "output_per_1k": "outputPer1k",
}


class Record(BaseModel):
    """Base of everything that goes over a wire: frozen, strict about its keys, camelCase outside."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        allow_inf_nan=False,
        alias_generator=lambda name: _WIRE_NAMES.get(name, to_camel(name)),
        populate_by_name=True,
        # The published JSON Schema and TypeScript say what these docstrings say.
        use_attribute_docstrings=True,
    )

    def to_wire(self) -> dict[str, Any]:
        """Return plain JSON types with camelCase names."""
        return self.model_dump(mode="json", by_alias=True)

    @classmethod
    def from_wire(cls, data: dict[str, Any]) -> Self:
        """Read what ``to_wire`` wrote.

        Raises:
            pydantic.ValidationError: if a field is missing, unknown or of the wrong type.
        """
        return cls.model_validate(data)

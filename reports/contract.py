"""The published contract of a result: JSON Schema, and TypeScript made from it. Both lie in ``reports/schema/``.

They are generated, never edited by hand: ``guardbee schema`` and ``guardbee schema --typescript`` print them.
"""

from __future__ import annotations

from typing import Any

from guardbee.evals.result import EvaluationResult

Schema = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_HEADER = (
    "// The result of one variant, as it stands in reports/out/<run>/result.json (a list of them).\n"
    "// Made by `guardbee schema --typescript`; do not edit.\n"
)
# The design's name of an interface, where the class is called otherwise.
_TYPESCRIPT_NAMES = {"Candidate": "SmallModelCandidate"}
_SCALARS = {"string": "string", "number": "number", "integer": "number", "boolean": "boolean", "null": "null"}


def json_schema() -> Schema:
    """Return the schema of one ``EvaluationResult`` on the wire: every field is there, absence is ``null``."""
    schema = EvaluationResult.model_json_schema(by_alias=True, mode="serialization")
    definitions = {name: _tidy(node) for name, node in sorted(schema.pop("$defs").items())}
    return {"$schema": DIALECT, **_tidy(schema), "$defs": definitions}


def typescript() -> str:
    """Return the same as one TypeScript declaration file."""
    schema = json_schema()
    definitions: dict[str, Schema] = {**schema.pop("$defs"), "EvaluationResult": schema}
    return "\n".join([_HEADER, *(_interface(name, node) for name, node in definitions.items())])


def _tidy(node: Schema) -> Schema:
    """Require every field, as all are written; drop titles that only repeat a name, and Python's spelling."""
    fields = {name: _tidy_field(field) for name, field in node["properties"].items()}
    return {
        "title": node["title"],
        "description": _plain(node["description"]),
        "type": "object",
        "properties": fields,
        "required": list(fields),
        "additionalProperties": False,
    }


def _tidy_field(field: Schema) -> Schema:
    kept = {key: value for key, value in field.items() if key not in ("title", "default")}
    if "description" in kept:
        kept["description"] = _plain(kept["description"])
    return kept


def _plain(docstring: str) -> str:
    return " ".join(docstring.replace("``None``", "null").replace("``", "`").split())


def _interface(name: str, node: Schema) -> str:
    lines = [_comment(node["description"], ""), f"export interface {_TYPESCRIPT_NAMES.get(name, name)} {{"]
    for field, schema in node["properties"].items():
        if "description" in schema:
            lines.append(_comment(schema["description"], "  "))
        lines.append(f"  {field}: {_type(schema)};")
    return "\n".join([*lines, "}", ""])


def _comment(text: str, indent: str) -> str:
    return f"{indent}/** {text.replace('*/', '* /')} */"


def _type(schema: Schema) -> str:
    """Return the TypeScript type of the few schema shapes that pydantic makes of our records.

    Raises:
        ValueError: for any other shape; the contract then has to learn it before it is published.
    """
    if "$ref" in schema:
        name = str(schema["$ref"]).rpartition("/")[2]
        return _TYPESCRIPT_NAMES.get(name, name)
    if "anyOf" in schema:
        return " | ".join(_type(option) for option in schema["anyOf"])
    if "enum" in schema:
        return " | ".join(f'"{value}"' for value in schema["enum"])
    if schema.get("type") == "array":
        inner = _type(schema["items"])
        return f"({inner})[]" if " | " in inner else f"{inner}[]"
    if schema.get("type") == "object" and "additionalProperties" in schema:
        return f"Record<string, {_type(schema['additionalProperties'])}>"
    if schema.get("type") in _SCALARS:
        return _SCALARS[str(schema["type"])]
    raise ValueError(f"no TypeScript is known for this piece of JSON Schema: {schema}")

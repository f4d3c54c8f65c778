"""Answers to prompts that ask for JSON: is it JSON, has it the right form, could it be mended?

A row asks for JSON if it has a constraint of the kind json, json_schema or json_equals. The form is
the row's own json_schema, or else one derived from the value of json_equals: the same types, all
numbers being one; in objects the same keys, all of them and no others; in arrays, of any length,
elements that each have the form of one of the value's. Whether the values are right is not asked.

- json_strict: the whole answer, apart from white space around it, is JSON as RFC 8259 has it, with
  neither a fence nor a word beside it. NaN, numbers past a double's range and objects that name a
  key twice are refused (the constraints, which ask for the value, take the last of two keys).
- json_schema: strict, and valid under the schema (draft 2020-12).
- json_repairable: valid under the schema, as it is or once json_repair has done what it can: fences
  and text beside the JSON dropped, quotes, commas and brackets set right, the last of two keys
  taken. NaN and infinity stay refused, and the empty text, which stands for "nothing found".

What says nothing (an empty object, array or text, null) counts only where the reference says
nothing either: `{}` is strict JSON, and would else answer every question.

A row of the kind json alone has no schema, so that only json_strict scores it: json_repair makes
some JSON of nearly any text, and what it makes means nothing without a schema.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from stages.constraints import structure
from stages.metrics.metric import Metric, Row, quotient

KINDS = {"json", "json_schema", "json_equals"}
TYPES = {str: "string", bool: "boolean", int: "number", float: "number", type(None): "null"}

Schema = dict[str, Any]


def _strict(rows: Sequence[Row]) -> list[list[float] | None]:
    """Per row [1 if strict JSON else 0, 1]; None if the row asks for no JSON."""
    return [[int(_says(row, parsed(row["text"]))), 1] if _asks(row) else None for row in rows]


def _fitting(
    read: Callable[[str, Schema], tuple[Any] | None], rows: Sequence[Row]
) -> list[list[float] | None]:
    """Per row [1 if the answer fits the schema else 0, 1]; None if the row has no schema."""
    schemas = [_schema_of(row) for row in rows]
    return [
        None if schema is None else [int(_says(row, read(row["text"], schema))), 1]
        for row, schema in zip(rows, schemas, strict=True)
    ]


def _says(row: Mapping[str, Any], found: tuple[Any] | None) -> bool:
    """Whether there is a value that says something, or nothing where the reference does too."""
    if found is None or not _is_blank(found[0]):
        return found is not None
    reference = parsed(row["target"])
    return reference is not None and _is_blank(reference[0])


def _is_blank(value: Any) -> bool:
    return value is None or value in ({}, [], "")


def _asks(row: Mapping[str, Any]) -> bool:
    return any(constraint["kind"] in KINDS for constraint in row.get("constraints") or [])


def _schema_of(row: Mapping[str, Any]) -> Schema | None:
    stated = {constraint["kind"]: constraint for constraint in row.get("constraints") or []}
    if "json_schema" in stated:
        return stated["json_schema"]["schema"]
    return derived(stated["json_equals"]["value"]) if "json_equals" in stated else None


def derived(value: Any) -> Schema:
    """The schema of a JSON value's form; see above. An empty array says nothing of elements."""
    if isinstance(value, dict):
        return {
            "type": "object",
            "properties": {key: derived(held) for key, held in value.items()},
            "required": list(value),
            "additionalProperties": False,
        }
    if isinstance(value, list):
        forms: list[Schema] = []
        for form in map(derived, value):
            if form not in forms:
                forms.append(form)
        return {"type": "array", "items": {"anyOf": forms}} if forms else {"type": "array"}
    return {"type": TYPES[type(value)]}


def parsed(answer: str) -> tuple[Any] | None:
    """The value alone in a tuple, since null is one too; None if the answer is not strict JSON."""
    text = answer.strip()
    try:
        value = structure.parse(text)
        json.loads(text, object_pairs_hook=_once)
    except ValueError:
        return None
    return (value,)


def _once(pairs: list[tuple[str, Any]]) -> None:
    if len(dict(pairs)) < len(pairs):
        raise ValueError("an object names a key twice")


def _valid(answer: str, schema: Schema) -> tuple[Any] | None:
    found = parsed(answer)
    return found if found is not None and _conforms(found[0], schema) else None


def _repaired(answer: str, schema: Schema) -> tuple[Any] | None:
    from json_repair import loads

    if found := _valid(answer, schema):
        return found
    try:
        value = loads(answer)
        json.dumps(value, allow_nan=False)
    except (ValueError, RecursionError):
        return None
    return (value,) if value != "" and _conforms(value, schema) else None


def _conforms(value: Any, schema: Schema) -> bool:
    import jsonschema  # a tenth of a second, for those who need it

    try:
        return jsonschema.Draft202012Validator(schema).is_valid(value)
    except RecursionError:  # nested too deeply to be compared
        return False


def _signature(name: str, *packages: str) -> str:
    from importlib.metadata import version

    versions = [f"{package}:{version(package)}" for package in packages]
    return "|".join([name, "json:rfc8259+unique-keys", *versions, "rule:2"])


JSON_STRICT = Metric(
    label="strict JSON",
    direction="higher",
    unit="share 0-1",
    statistics=_strict,
    combine=quotient,
    signature=partial(_signature, "json_strict"),
    best=1.0,
)

JSON_SCHEMA = Metric(
    label="JSON of the right form",
    direction="higher",
    unit="share 0-1",
    statistics=partial(_fitting, _valid),
    combine=quotient,
    signature=partial(_signature, "json_schema", "jsonschema"),
    best=1.0,
)

JSON_REPAIRABLE = Metric(
    label="JSON of the right form, repaired",
    direction="higher",
    unit="share 0-1",
    statistics=partial(_fitting, _repaired),
    combine=quotient,
    signature=partial(_signature, "json_repairable", "jsonschema", "json-repair"),
    best=1.0,
)

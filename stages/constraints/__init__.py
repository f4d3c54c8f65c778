"""Constraints: what an answer must fulfil, so that a program can check it.

A constraint is an object with a `kind` and that kind's fields, all of them required. It is checked
on the answer without the white space around it. Texts are compared without regard to case, also at
the start and the end of an answer; where case matters, as in code, a `regex` says so.

A new kind is a line in `KINDS` and a function that takes an answer and the kind's fields, and
returns what is wrong or None.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from stages.constraints import code, fields, structure, text


class Kind(NamedTuple):
    failure: Callable[..., str | None]
    # a function per field: it raises ValueError for a value that cannot be used
    fields: Mapping[str, Callable[[Any], None]] = {}


KINDS: dict[str, Kind] = {
    "contains": Kind(text.contains, {"value": fields.text}),
    "ends_with": Kind(text.ends_with, {"value": fields.text}),
    "equals": Kind(text.equals, {"value": fields.text}),
    "excludes": Kind(text.excludes, {"value": fields.text}),
    "excludes_phrases": Kind(text.excludes_phrases),
    "items": Kind(text.items, {"value": fields.count}),
    "json": Kind(structure.is_json),
    "json_equals": Kind(structure.json_equals, {"value": fields.anything}),
    "json_schema": Kind(structure.json_schema, {"schema": fields.schema}),
    "lines": Kind(text.lines, {"value": fields.count}),
    "max_sentences": Kind(text.max_sentences, {"value": fields.count}),
    "max_words": Kind(text.max_words, {"value": fields.count}),
    "min_words": Kind(text.min_words, {"value": fields.count}),
    "no_fence": Kind(text.no_fence),
    "number": Kind(text.number, {"value": fields.number, "tolerance": fields.tolerance}),
    "one_of": Kind(text.one_of, {"values": fields.texts}),
    "python": Kind(code.python, {"tests": fields.python}),
    "regex": Kind(text.regex, {"pattern": fields.pattern}),
    "starts_with": Kind(text.starts_with, {"value": fields.text}),
}


def check(answer: str, constraint: Mapping[str, Any]) -> str | None:
    """None if the answer fulfils the constraint, otherwise what is wrong, in words.

    Raises ValueError for a malformed constraint. The kind `python` runs code; see code.py.
    """
    validate(constraint)
    arguments = {name: value for name, value in constraint.items() if name != "kind"}
    return KINDS[constraint["kind"]].failure(answer.strip(), **arguments)


def validate(constraint: Mapping[str, Any]) -> None:
    """Raise ValueError unless the kind is known and its fields are there, alone and usable."""
    if not isinstance(constraint, Mapping):
        raise ValueError(f"constraint: expected an object, found {type(constraint).__name__}")
    kind = constraint.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        raise ValueError(f"constraint: unknown kind {kind!r}; known: {', '.join(sorted(KINDS))}")
    wanted = KINDS[kind].fields
    found = set(constraint) - {"kind"}
    if found != set(wanted):
        raise ValueError(f"{kind}: fields {_names(found)}, expected {_names(wanted)}")
    for name, usable in wanted.items():
        try:
            usable(constraint[name])
        except ValueError as error:
            raise ValueError(f"{kind}: {name}: {error}") from None


def _names(names: Any) -> str:
    return ", ".join(sorted(map(str, names))) or "none"

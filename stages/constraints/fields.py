"""What the fields of constraints may hold: a function raises ValueError for anything else."""

import ast
import math
import re
from typing import Any


def anything(value: Any) -> None:
    """Any JSON value."""


def count(value: Any) -> None:
    if type(value) is not int or value < 0:
        raise ValueError(f"expected a whole number from 0, found {value!r}")


def number(value: Any) -> None:
    if type(value) not in (int, float) or not math.isfinite(value):
        raise ValueError(f"expected a finite number, found {value!r}")


def tolerance(value: Any) -> None:
    number(value)
    if value < 0:
        raise ValueError(f"expected a number from 0, found {value!r}")


def text(value: Any) -> None:
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"expected a text that is not empty, found {value!r}")


def texts(value: Any) -> None:
    if not isinstance(value, list) or not value:
        raise ValueError(f"expected a list of texts, found {value!r}")
    for entry in value:
        text(entry)


def pattern(value: Any) -> None:
    text(value)
    try:
        re.compile(value)
    except re.error as error:
        raise ValueError(f"not a regular expression ({error})") from None


def schema(value: Any) -> None:
    """A JSON schema of draft 2020-12."""
    import jsonschema  # a tenth of a second, for those who need it

    if not isinstance(value, dict):
        raise ValueError(f"expected a JSON schema, found {value!r}")
    try:
        jsonschema.Draft202012Validator.check_schema(value)
    except jsonschema.SchemaError as error:
        raise ValueError(f"not a JSON schema ({error.message})") from None


def python(value: Any) -> None:
    text(value)
    try:
        ast.parse(value)
    except SyntaxError as error:
        raise ValueError(f"not Python ({error.msg}, line {error.lineno})") from None

"""Constraints on answers that are JSON: the whole answer, strict, without a code fence."""

import json
import math
from typing import Any

SHOWN = 160


def is_json(answer: str) -> str | None:
    try:
        parse(answer)
    except ValueError as error:
        return f"not JSON ({error})"
    return None


def json_schema(answer: str, schema: dict[str, Any]) -> str | None:
    """Valid under a schema of draft 2020-12."""
    import jsonschema  # a tenth of a second, for those who need it

    try:
        value = parse(answer)
    except ValueError as error:
        return f"not JSON ({error})"
    first = next(jsonschema.Draft202012Validator(schema).iter_errors(value), None)
    return f"{first.json_path}: {first.message[:SHOWN]}" if first else None


def json_equals(answer: str, value: Any) -> str | None:
    """The same value as JSON sees it: 1 equals 1.0, true does not; keys come in any order."""
    wrong = json_schema(answer, {"const": value})
    if wrong is None or wrong.startswith("not JSON"):
        return wrong
    return f"another value than {json.dumps(value, ensure_ascii=False)[:SHOWN]}"


def parse(text: str) -> Any:
    """The value of a strict JSON text; ValueError for anything else, NaN and 1e999 too."""
    try:
        return json.loads(text, parse_constant=_refuse, parse_float=_finite)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _refuse(token: str) -> None:
    raise ValueError(f"{token} is not strict JSON")


def _finite(token: str) -> float:
    return float(token) if math.isfinite(float(token)) else _refuse(token)

"""Take the verdict out of a judge's answer: one JSON object of the right form, or a reason."""

import json
import re
from typing import Any

from stages.judging.prompts import CRITERIA

FENCED = re.compile(r"```(?:json|JSON)?[ \t\r]*\n(.*)\n```", re.DOTALL)
BETTER = ("A", "B", "tie")
SHOWN = 40


def rating(text: str) -> dict[str, int]:
    """A whole number from 1 to 5 per criterion; ValueError says in words what is wrong."""
    found = _object(text, set(CRITERIA))
    for name, value in found.items():
        # Python counts True as 1. 4.0 is the same JSON number as 4.
        if type(value) not in (int, float) or value not in range(1, 6):
            raise ValueError(f"{name} is {_shown(value)}, not a whole number from 1 to 5")
    return {name: int(found[name]) for name in CRITERIA}


def preference(text: str) -> dict[str, str]:
    """{"better": "A", "B" or "tie"}; ValueError says in words what is wrong."""
    found = _object(text, {"better"})
    if found["better"] not in BETTER:
        raise ValueError(f"better is {_shown(found['better'])}, not one of {', '.join(BETTER)}")
    return found


def _object(text: str, keys: set[str]) -> dict[str, Any]:
    """The one JSON object that is the whole answer, or all that is within its one code fence."""
    text = text.strip()
    if not text:
        raise ValueError("an empty answer")
    fenced = FENCED.fullmatch(text)
    try:
        found = json.loads(fenced.group(1) if fenced else text, object_pairs_hook=_once)
    except RecursionError:
        raise ValueError("not JSON: nested too deep") from None
    except json.JSONDecodeError as error:
        more = error.msg == "Extra data"
        raise ValueError("text after the JSON" if more else f"not JSON: {error.msg}") from None
    if not isinstance(found, dict):
        raise ValueError(f"JSON, but no object: {_shown(found)}")
    if set(found) != keys:
        missing, unknown = sorted(keys - set(found)), sorted(set(found) - keys)
        raise ValueError(f"keys missing: {_shown(missing)}, unknown: {_shown(unknown)}")
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose keys come once; of two values for one key, neither is the verdict."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key comes twice")
    return found


def _shown(value: Any) -> str:
    """A value on one line, in plain ASCII, since a judge may answer anything."""
    return json.dumps(value)[:SHOWN]

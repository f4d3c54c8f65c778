"""The JSON object in a model's text: by the parser to use, and by the one that V4 was trained with.

`tolerant` forgives what says nothing about the answer: a code fence, prose around the object, and
decimal commas, as Portuguese writes them (`"score": 4,5`). What is JSON already keeps its meaning:
such a text is its value, or no object at all. Otherwise the first complete object counts, found in
one pass over the text (`scan`). A comma is a decimal one only between the digits of a value that
belongs to a key, where JSON's grammar allows none: `[4,5]` stays two numbers.

`strict_braces` is the seed's: from the first `{` to the last `}`, by json.loads as it comes.

Neither raises for any text, and both take linear time.
"""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from stages.constraints.structure import parse
from stages.rewards.scanning import scan

FENCE = re.compile(r"```\w*")
OPENING = re.compile(r"```\w*[ \t\r]*\n")


@dataclass(frozen=True)
class Found:
    """An object and where it stands in the text."""

    value: dict[str, Any]
    start: int
    end: int


def tolerant(text: str) -> dict[str, Any] | None:
    """The first complete object of a text, as above; None where there is none."""
    found = locate(text)
    return None if found is None else found.value


def strict_braces(text: str) -> dict[str, Any] | None:
    """What stands from the first `{` to the last `}`, if json.loads takes it; else None."""
    start, end = text.find("{"), text.rfind("}")
    if not 0 <= start < end:
        return None
    try:
        value = json.loads(text[start : end + 1])
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


PARSERS: dict[str, Callable[[str], dict[str, Any] | None]] = {
    "tolerant": tolerant,
    "strict_braces": strict_braces,
}


def locate(text: str) -> Found | None:
    """The object that `tolerant` sees, with its place."""
    for whole in dict.fromkeys([text.strip(), unfenced(text)]):
        value = _strict(whole)
        if value is not None:
            start = text.index(whole)
            return Found(value[0], start, start + len(whole)) if _is_object(value) else None
    return next(_objects(text), None)


def beside(text: str) -> str:
    """What stands around the object that `tolerant` sees, fences left out; all, where none is."""
    found = locate(text)
    around = text if found is None else f"{text[: found.start]}\n{text[found.end :]}"
    return FENCE.sub("", around).strip()


def unfenced(text: str) -> str:
    """What is inside the fence, if the text is one code fence alone; else the text, stripped."""
    bare = text.strip()
    opening = OPENING.match(bare)
    if opening is None or bare.count("```") != 2 or not bare.endswith("```"):
        return bare
    return bare[opening.end() : -3].strip()


def _objects(text: str) -> Iterator[Found]:
    """Each complete object in a text that JSON's grammar takes, decimal commas mended."""
    start = text.find("{")
    while start >= 0:
        end, commas = scan(text, start)
        if commas is not None and (value := _strict(_mended(text, start, end, commas))):
            yield Found(value[0], start, end)
        # Not from start + 1: who goes back for each brace takes quadratic time
        start = text.find("{", end)


def _mended(text: str, start: int, end: int, commas: list[int]) -> str:
    edges = zip([start, *(comma + 1 for comma in commas)], [*commas, end], strict=True)
    return ".".join(text[left:right] for left, right in edges)


def _strict(text: str) -> tuple[Any] | None:
    """The value alone in a tuple, since null is one too; None if the text is no strict JSON."""
    try:
        return (parse(text),)
    except ValueError:
        return None


def _is_object(value: tuple[Any]) -> bool:
    return isinstance(value[0], dict)

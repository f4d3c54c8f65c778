"""The canonical example: one row of a study's data, independent of any format."""

import hashlib
import re
import unicodedata
from typing import Any

from stages.command import UserError

FIELDS = {"id": str, "input": str, "target": str, "origin": str}


def normalize(text: str) -> str:
    """NFKC, case folded, white space collapsed: the key under which texts count as the same."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text)).strip().casefold()


def identify(*texts: str) -> str:
    """A row's id: the first 12 hex digits of the SHA-256 of its normalized texts.

    48 bits: among 50,000 rows the chance of any collision is below one in 200,000, and
    `unique` refuses one.
    """
    key = "\x1f".join(normalize(text) for text in texts)
    return hashlib.sha256(key.encode()).hexdigest()[:12]


def unique(examples: list[dict[str, Any]], place: str) -> list[dict[str, Any]]:
    """Sort by id and drop exact repeats; raise UserError where one id has two contents."""
    by_id: dict[str, dict[str, Any]] = {}
    for example in examples:
        first = by_id.setdefault(example["id"], example)
        same = all(normalize(first[f]) == normalize(example[f]) for f in ("input", "target"))
        if not same:
            raise UserError(
                f"{place}: id {example['id']} stands for two rows: "
                f"{first['input'][:60]!r} and {example['input'][:60]!r}"
            )
    return [by_id[key] for key in sorted(by_id)]

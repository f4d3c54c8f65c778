"""Decide what of an arm may be compared over two revisions: same rows, same metric, true sums."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from stages.diff.side import Side
from stages.metrics import METRICS

NEW, REMOVED, SAME = "new metric", "removed metric", "same"
APART = "not comparable"
# The recorded score and the sum of the rows are the same floats, added in another order.
TOLERANCE = 1e-6

Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Paired:
    """An arm on two sides: its recorded scores, and its rows in one order of ids."""

    old: Mapping[str, Any]
    new: Mapping[str, Any]
    old_rows: Rows
    new_rows: Rows
    apart: str | None  # why none of it can be compared

    def states(self) -> dict[str, str | None]:
        """Per metric `new`, `removed`, `same`, why it is not comparable, or None: to be compared.

        Metrics keep the order of the new side.
        """
        return {name: self._state(name) for name in [*self.new, *self.old]}

    def _state(self, name: str) -> str | None:
        old, new = self.old.get(name), self.new.get(name)
        if old is None or new is None:
            return NEW if old is None else REMOVED
        if "signature" not in old or old["signature"] != new.get("signature"):
            return f"{APART}: signature changed"
        before, after = vectors(self.old_rows, name), vectors(self.new_rows, name)
        if before == after:
            return SAME
        if name not in METRICS:
            return f"{APART}: this code has no such metric"
        if len(widths(before) | widths(after)) > 1:
            return f"{APART}: the rows hold other statistics"
        if not (add_up(name, before, old) and add_up(name, after, new)):
            return f"{APART}: the rows do not add up to the recorded score"
        return None


def pair(old: Side, new: Side, study: str, arm: str) -> Paired:
    """Read an arm of both sides and pair its rows by id."""
    found = [side.rows(study, arm) for side in (old, new)]
    apart = next(
        (
            f"{side.name} has no row statistics"
            for side, rows in zip((old, new), found, strict=True)
            if rows is None
        ),
        None,
    )
    before, after = (rows or {} for rows in found)
    apart = apart or other_rows(before, after) or other_texts(old, new, study)
    ids = [] if apart else sorted(after)
    scores = [side.quality(study, arm) for side in (old, new)]
    return Paired(*scores, [before[i] for i in ids], [after[i] for i in ids], apart)


def other_rows(old: Mapping[str, Any], new: Mapping[str, Any]) -> str | None:
    """How two sets of ids differ; None where they don't."""
    if old.keys() == new.keys():
        return None
    shared = len(old.keys() & new.keys())
    gone, added = len(old) - shared, len(new) - shared
    return f"other rows: {shared} of {len(new)} shared, {added} added, {gone} gone"


def other_texts(old: Side, new: Side, study: str) -> str | None:
    """How the dev split differs although its ids, hashes of normalized texts, are the same."""
    before, after = old.dev_split(study), new.dev_split(study)
    if not before or not after or before["sha256"] == after["sha256"]:
        return None
    return f"other rows: dev {before['version']} and {after['version']} differ in their texts"


def vectors(rows: Rows, name: str) -> list[list[float] | None]:
    return [row.get(name) for row in rows]


def widths(found: list[list[float] | None]) -> set[int]:
    return {len(vector) for vector in found if vector}


def add_up(name: str, found: list[list[float] | None], entry: Mapping[str, Any]) -> bool:
    """Whether rows, scored by this code, give the score that was recorded with them."""
    scored = [vector for vector in found if vector]
    if entry.get("value") is None or not scored:
        return True
    try:
        value = float(METRICS[name].combine(np.sum(scored, axis=0, dtype=float)))
    except (IndexError, ValueError, TypeError):  # statistics that this code can't read
        return False
    return abs(value - entry["value"]) <= TOLERANCE * max(1.0, abs(value))

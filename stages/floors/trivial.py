"""Answers that look at no train row, or at all of them once: nothing, the input, one constant."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from stages.floors.lookup import typical

Rows = Sequence[Mapping[str, Any]]


def empty(rows: Rows, train: Rows) -> list[dict[str, Any]]:
    """Say nothing."""
    return [{"text": ""} for _ in rows]


def copy(rows: Rows, train: Rows) -> list[dict[str, Any]]:
    """Give the input back."""
    return [{"text": row["input"]} for row in rows]


def constant(rows: Rows, train: Rows) -> list[dict[str, Any]]:
    """Always the most frequent train target; of equally frequent ones the most typical."""
    counted = Counter(row["target"] for row in train)
    most = max(counted.values())
    text = typical(sorted(target for target, count in counted.items() if count == most))
    return [{"text": text} for _ in rows]


def reference(rows: Rows, train: Rows) -> list[dict[str, Any]]:
    """Give the reference: the ceiling."""
    return [{"text": row["target"]} for row in rows]

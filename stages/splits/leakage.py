"""Rows of one split that are near-duplicates of a row in another."""

from typing import Any

from stages.command import UserError
from stages.splits import near_duplicates

LISTED = 10


def refuse(
    splits: dict[str, list[dict[str, Any]]], group_of: dict[str, str], jaccard: float, place: str
) -> None:
    """Raise UserError that lists the pairs when a near-duplicate group lies in two splits.

    `group_of` comes from the whole source, so rows that are linked only through a third, unused
    row count too.
    """
    homes: dict[str, dict[str, dict[str, Any]]] = {}
    for name, rows in splits.items():
        for row in rows:
            homes.setdefault(group_of[row["id"]], {}).setdefault(name, row)
    shared = [home for home in homes.values() if len(home) > 1]
    if not shared:
        return
    reasons = _reasons(splits, jaccard)
    listed = [_describe(home, reasons) for home in shared[:LISTED]]
    more = f" (the first {LISTED})" if len(shared) > LISTED else ""
    raise UserError(
        f"{place}: leakage: {len(shared)} near-duplicate groups lie in more than one split{more}: "
        + "; ".join(listed)
        + ". Declare a new version of one of the splits."
    )


def _reasons(splits: dict[str, list[dict[str, Any]]], jaccard: float) -> dict[frozenset, str]:
    rows = [row for split in splits.values() for row in split]
    found = near_duplicates.pairs(rows, jaccard)
    return {frozenset((pair.first, pair.second)): pair.why for pair in found}


def _describe(home: dict[str, dict[str, Any]], reasons: dict[frozenset, str]) -> str:
    (left_name, left), (right_name, right) = list(home.items())[:2]
    why = reasons.get(frozenset((left["id"], right["id"])), "same group")
    return (
        f"{left_name} {left['id']} {left['input'][:50]!r} ~ "
        f"{right_name} {right['id']} {right['input'][:50]!r} ({why})"
    )

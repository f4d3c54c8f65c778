"""The training rows that a render shows."""

from collections.abc import Mapping, Sequence
from typing import Any

from stages.command import UserError


def take(
    rows: Sequence[dict[str, Any]], counts: Mapping[str, int] | None, place: str
) -> list[dict[str, Any]]:
    """The first rows of each category, by id and as many as `counts` says; all rows without it.

    Raises UserError where a category has too few.
    """
    if counts is None:
        return list(rows)
    kept: dict[str, list[dict[str, Any]]] = {}
    for row in sorted(rows, key=lambda row: row["id"]):
        kept.setdefault(row.get("category"), []).append(row)
    for category, count in counts.items():
        found = len(kept.get(category, []))
        if found < count:
            known = ", ".join(f"{name} {len(of)}" for name, of in sorted(kept.items(), key=str))
            raise UserError(
                f"{place}: take: {count} rows of '{category}', but the train split has {found}; "
                f"it has {known}"
            )
    chosen = {row["id"] for name, count in counts.items() for row in kept[name][:count]}
    return [row for row in rows if row["id"] in chosen]

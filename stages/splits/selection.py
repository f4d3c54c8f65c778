"""The training rows that a render shows, and which formats of a mixture they get."""

import hashlib
from collections.abc import Mapping, Sequence
from fractions import Fraction
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


def shuffled(rows: Sequence[Mapping[str, Any]], seed: int) -> list[Mapping[str, Any]]:
    """Rows in a random order that seed and ids decide, whatever order they come in."""

    def drawn(row: Mapping[str, Any]) -> str:
        return hashlib.sha256(f"{seed}:{row['id']}".encode()).hexdigest()

    return sorted(rows, key=drawn)


def mixed(
    rows: Sequence[Mapping[str, Any]], shares: Mapping[str, float], seed: int
) -> dict[str, str]:
    """Each row's id with the name that it gets: of each name as many as its share says.

    What the shares leave over after rounding down goes to the largest remainders.
    """
    # As they are written: 0.29 is 29 of 100 rows
    wanted = {name: Fraction(str(share)) * len(rows) for name, share in sorted(shares.items())}
    counts = {name: int(quota) for name, quota in wanted.items()}
    by_remainder = sorted(wanted, key=lambda name: counts[name] - wanted[name])
    for name in by_remainder[: len(rows) - sum(counts.values())]:
        counts[name] += 1
    names = [name for name, count in counts.items() for _ in range(count)]
    return {row["id"]: name for row, name in zip(shuffled(rows, seed), names, strict=True)}

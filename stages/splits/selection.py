"""The training rows that a render shows, and which formats of a mixture they get."""

import hashlib
from collections import Counter
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


def each_reference(rows: Sequence[dict[str, Any]], place: str) -> list[dict[str, Any]]:
    """Every row once for each text that is right, that text as its target; its own target first.

    The others stand behind it as rows `ID-2`, `ID-3` and so on, since training knows rows by id. A
    row without `references` stays as it is. Raises UserError where no row has any, and where
    another row is called so already.
    """
    if not any(row.get("references") for row in rows):
        raise UserError(
            f"{place}: every_reference: no row has `references`; name their column under "
            "source.columns, or remove the option"
        )
    every = [
        {**row, "id": row["id"] if number == 1 else f"{row['id']}-{number}", "target": text}
        for row in rows
        for number, text in enumerate(_right(row), start=1)
    ]
    names = Counter(row["id"] for row in every)
    if twice := [name for name, count in names.items() if count > 1]:
        raise UserError(
            f"{place}: every_reference: '{twice[0]}' is a row, and would be what another row's "
            "later reference is called; give that row another id"
        )
    return every


def _right(row: Mapping[str, Any]) -> dict[str, None]:
    return dict.fromkeys([row["target"], *(row.get("references") or [])])


def taught(
    rows: Sequence[dict[str, Any]], settings: Mapping[str, Any], place: str
) -> list[dict[str, Any]]:
    """What a render trains on: the rows that it takes, with each of their references if it says so.

    `settings` are its plan. Raises UserError as both do.
    """
    taken = take(rows, settings.get("take"), place)
    return each_reference(taken, place) if "every_reference" in settings else taken


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

"""Arms by the base that they stand on, for tables of studies that have several."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

# What stands on no base of the study's: another system's answers, and the floors.
ELSEWHERE, FLOORS = "without a base", "floors"


def by_base(names: Iterable[str], arms: Mapping[str, Mapping[str, Any]]) -> dict[str, list[str]]:
    """Names below the base they stand on, in their order; below "" where there is but one base.

    Bases come in the order of their first arms, what stands on none comes last, floors behind it.
    """
    names = list(names)
    bases = dict.fromkeys(arms[name].get("base") for name in names if name in arms)
    bases.pop(None, None)
    if len(bases) < 2:
        return {"": names}
    found: dict[str, list[str]] = {head: [] for head in [*bases, ELSEWHERE, FLOORS]}
    for name in names:
        found[(arms[name].get("base") or ELSEWHERE) if name in arms else FLOORS].append(name)
    return {head: own for head, own in found.items() if own}


def bases_of(names: Iterable[str], arms: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """Some names of a study, base by base, each with its base; "" where the study has but one.

    `arms` are all of the study's: a table of some alone says whose they are as well.
    """
    names = list(names)
    groups = by_base(dict.fromkeys([*arms, *names]), arms)
    base = {name: head for head, own in groups.items() for name in own}
    return {name: base[name] for name in (names if "" in groups else base) if name in names}


def above(bases: Sequence[str]) -> dict[int, str]:
    """The bases of a table's rows by the row that each is named above; none where all are ""."""
    return {
        place: base
        for place, base in enumerate(bases)
        if base and (place == 0 or bases[place - 1] != base)
    }


def columns(table: Mapping[str, Any], arms: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """A plain table, a column an arm, with its columns base by base and the `bases` of them."""
    bases = bases_of(table["arms"], arms)
    places = [table["arms"].index(name) for name in bases]
    rows = [(label, [cells[place] for place in places]) for label, cells in table["rows"]]
    return {**table, "arms": list(bases), "bases": list(bases.values()), "rows": rows}

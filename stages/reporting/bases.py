"""Arms by the base that they stand on, for tables of studies that have several."""

from collections.abc import Iterable, Mapping
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

"""Draw splits of exact sizes from near-duplicate groups, never dividing a group."""

import random
from collections import defaultdict
from typing import Any

from stages.command import UserError

# Test is drawn first: it has the narrowest choice of origins and must outlive the others.
ORDER = ("test", "dev", "train")


def draw(
    examples: list[dict[str, Any]],
    group_of: dict[str, str],
    wanted: dict[str, dict[str, Any]],
    frozen: dict[str, list[str]],
    seed: int,
) -> dict[str, list[str]]:
    """Return the ids of each split named in `wanted` that is not already in `frozen`.

    `wanted[name]` has `rows` and `origins` (None for any). Groups that a frozen split touches are
    out of bounds. Raises UserError with the size that can be reached when there are too few rows.
    """
    members = defaultdict(list)
    for example in examples:
        members[group_of[example["id"]]].append(example)
    taken = {group_of[identity] for ids in frozen.values() for identity in ids}
    drawn = {}
    for name in (split for split in ORDER if split in wanted and split not in frozen):
        free = {group: rows for group, rows in members.items() if group not in taken}
        eligible = {g: rows for g, rows in free.items() if _allowed(rows, wanted[name]["origins"])}
        chosen = _fill(name, eligible, wanted[name]["rows"], random.Random(f"{seed} {name}"))
        taken |= set(chosen)
        drawn[name] = sorted(row["id"] for group in chosen for row in members[group])
    return drawn


def _allowed(rows: list[dict[str, Any]], origins: list[str] | None) -> bool:
    """Whether every row of a group comes from the chosen origins and no other."""
    return origins is None or all(set(row["origin"].split("+")) <= set(origins) for row in rows)


def _fill(
    name: str, groups: dict[str, list[dict[str, Any]]], rows: int, rng: random.Random
) -> list[str]:
    """Groups in random order, each taken if it still fits: single rows fill the last gap."""
    order = sorted(groups)
    rng.shuffle(order)
    chosen, room = [], rows
    for group in order:
        if len(groups[group]) <= room:
            chosen.append(group)
            room -= len(groups[group])
    if room:
        raise UserError(
            f"split '{name}' wants {rows} rows, but only {rows - room} can be drawn without "
            "dividing a near-duplicate group; ask for fewer rows or allow more origins"
        )
    return chosen

"""How many rows each split of a new study gets."""

from itertools import chain
from typing import Any

from stages.command import UserError
from stages.splits import assign

# Dev and test: fewer rows show next to nothing, more cost time that training could have.
SMALLEST, LARGEST = 32, 320
# As many as the smallest dev and test together.
FEWEST_TRAIN = 64
FEWEST = 2 * SMALLEST + FEWEST_TRAIN


def wanted(rows: int) -> int:
    """The rows of dev, and of test: a tenth of all, within SMALLEST and LARGEST."""
    return min(max(rows // 10, SMALLEST), LARGEST)


def choose(
    examples: list[dict[str, Any]], group_of: dict[str, str], seed: int, place: str
) -> dict[str, int]:
    """Rows of train, dev and test that the freeze can draw without dividing a group.

    `examples` are those that are left once repeats are dropped. Dev and test are as near to
    `wanted` as the groups allow, rather below it than above, and train is the rest. Raises
    UserError where there are too few rows.
    """
    if len(examples) < FEWEST:
        raise UserError(
            f"{place}: {len(examples)} rows once repeats are dropped; a study needs {FEWEST}: "
            f"{SMALLEST} dev, {SMALLEST} test and {FEWEST_TRAIN} train"
        )
    drawn: dict[str, list[str]] = {}
    for name in ("test", "dev"):  # as the freeze draws them
        drawn[name] = _draw(name, examples, group_of, drawn, seed, place)
    sizes = {name: len(drawn[name]) for name in ("dev", "test")}
    return {"train": len(examples) - sum(sizes.values()), **sizes}


def _draw(
    name: str,
    examples: list[dict[str, Any]],
    group_of: dict[str, str],
    drawn: dict[str, list[str]],
    seed: int,
    place: str,
) -> list[str]:
    """The ids of one split, which keeps clear of those that are drawn already."""
    most = wanted(len(examples))
    below, above = range(most, SMALLEST - 1, -1), range(most + 1, len(examples) // 4 + 1)
    for rows in chain(below, above):
        split = {name: {"rows": rows, "origins": None}}
        try:
            return assign.draw(examples, group_of, split, drawn, seed)[name]
        except UserError:  # the groups don't add up to so many
            continue
    raise UserError(
        f"{place}: no {name} split of {SMALLEST} rows or more can be drawn: {len(examples)} rows "
        f"form {len(set(group_of.values()))} groups of near-duplicates, which are never divided"
    )

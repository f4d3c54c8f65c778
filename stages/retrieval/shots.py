"""Train rows that are shown before a question: which ones, and as what."""

from collections.abc import Mapping, Sequence
from typing import Any

from stages.command import UserError
from stages.retrieval.similarity import CHUNK, similarities
from stages.splits.selection import shuffled

# Beyond them, processors differ: two rows that are equally similar must stay so everywhere.
DIGITS = 9
TAKEN = -1.0  # no similarity is below 0

Row = Mapping[str, Any]
Rows = Sequence[Row]


def before(shots: Mapping[str, Any], rows: Rows, train: Rows) -> list[list[Row]]:
    """The train rows to show before each row, in this order; `shots` is a render's plan of them.

    None is of the row's own near-duplicate group, so that a train row sees neither itself nor its
    answer in other words. Raises UserError where too few are left.
    """
    if shots["choose"] == "nearest":
        chosen = _nearest(rows, train, shots["count"])
    else:
        chosen = _fixed(rows, train, shots["count"], shots["seed"])
    for row, found in zip(rows, chosen, strict=True):
        if len(found) < shots["count"]:
            raise UserError(
                f"shots: {shots['count']} examples before row {row['id']}, but the train split has "
                f"{len(found)} that are no near-duplicates of it; show fewer"
            )
    return chosen


def _nearest(rows: Rows, train: Rows, count: int) -> list[list[Row]]:
    """By how similar the inputs are, the most similar last; of equals the first by id."""
    import numpy as np

    known = sorted(train, key=lambda row: row["id"])
    numbers = {row["group"]: number for number, row in enumerate(known)}
    groups = np.array([numbers[row["group"]] for row in known])
    own = np.array([numbers.get(row["group"], -1) for row in rows])
    texts = [[row["input"] for row in side] for side in (rows, known)]
    chosen = []
    for chunk, similar in enumerate(similarities(*texts)):
        left = np.round(similar, DIGITS)
        left[own[chunk * CHUNK :][: len(left), None] == groups] = TAKEN
        best = [_take_best(left) for _ in range(min(count, len(known)))]
        chosen += [
            [known[place] for place in places[::-1] if place is not None]
            for places in zip(*best, strict=True)
        ]
    return chosen


def _take_best(left: Any) -> list[int | None]:
    """Per row of similarities the place of the highest, which is taken out; None once all are."""
    rows, places = range(len(left)), left.argmax(axis=1)
    free = left[rows, places] > TAKEN
    left[rows, places] = TAKEN
    return [int(place) if one else None for place, one in zip(places, free, strict=True)]


def _fixed(rows: Rows, train: Rows, count: int, seed: int) -> list[list[Row]]:
    """The same for all rows: a draw from the train rows, no two of one near-duplicate group.

    A draw and not the most typical rows, which resemble each other. Where a row is of a drawn
    one's group, the next takes its place.
    """
    drawn: dict[str, Row] = {}
    for row in shuffled(train, seed):
        drawn.setdefault(row["group"], row)
    first = list(drawn.values())[: count + 1]
    return [[one for one in first if one["group"] != row["group"]][:count] for row in rows]


def disjoint(rows: Rows, train: Rows) -> None:
    """Raise UserError where a row of dev or test is a near-duplicate of a train row."""
    groups = {row["group"]: row["id"] for row in train}
    for row in rows:
        if row["group"] in groups:
            raise UserError(
                f"shots: leakage: row {row['id']} is a near-duplicate of train row "
                f"{groups[row['group']]}; freeze the splits again"
            )


def precede(row: dict[str, Any], shots: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """A rendered row behind rendered examples: earlier turns of a chat, or text before a text.

    A system message comes once, the row's own.
    """
    if isinstance(row["prompt"], str):
        earlier = [f"{shot['prompt']}{shot['completion']}\n\n" for shot in shots]
        return {**row, "prompt": "".join([*earlier, row["prompt"]])}
    said = [message for shot in shots for message in (*shot["prompt"], *shot["completion"])]
    system = [message for message in row["prompt"] if message["role"] == "system"]
    turns = [message for message in (*said, *row["prompt"]) if message["role"] != "system"]
    return {**row, "prompt": [*system, *turns]}

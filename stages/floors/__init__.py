"""Floors: answers that need no model. An arm that is not better than every one is not worth having.

Habit elsewhere, as scikit-learn's DummyClassifier; here they stand beside every study's arms. They
are made of train rows alone. `reference` is the other end: the reference itself, given as the
answer, which shows what a metric gives at best. A new floor is a function and a line in FLOORS.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from stages.floors import lookup, trivial

Rows = Sequence[Mapping[str, Any]]

REFERENCE = "reference"
# Each takes rows to answer and train rows, and returns a text per row, with where it is from if so.
FLOORS: dict[str, Callable[[Rows, Rows], list[dict[str, Any]]]] = {
    "empty": trivial.empty,
    "copy": trivial.copy,
    "constant": trivial.constant,
    "nearest": lookup.nearest,
    REFERENCE: trivial.reference,
}
# What needs neither a model nor the train rows' texts one by one: who wins by it has won nothing.
LOOKED_UP = ("nearest",)


def answer(declared: Rows, rows: Rows, train: Rows) -> list[dict[str, Any]]:
    """Every declared floor's answers to `rows`, in the form of predictions with the floor's name.

    A floor has a name and the `constant` that a study gives it, None for those in FLOORS. Tokens
    are None: no model wrote them.
    """
    found = []
    for floor in declared:
        name, text = floor["name"], floor["constant"]
        given = FLOORS[name](rows, train) if text is None else [{"text": text} for _ in rows]
        found += [
            {"id": row["id"], "floor": name, **said}
            | {"tokens_in": None, "tokens_out": None, "hit_limit": False}
            for row, said in zip(rows, given, strict=True)
        ]
    return found

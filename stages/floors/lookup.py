"""What a look at the train rows gives: the most similar one's target, the most typical text."""

from collections.abc import Mapping, Sequence
from typing import Any

from stages.retrieval.similarity import similarities, vectors

Rows = Sequence[Mapping[str, Any]]


def nearest(rows: Rows, train: Rows) -> list[dict[str, Any]]:
    """The target of the train row with the most similar input: a translation memory.

    With the train row's id and its similarity, 0 to 1; of equals the first by id.
    """
    import numpy as np

    known = sorted(train, key=lambda row: row["id"])
    found = []
    for similar in similarities([row["input"] for row in rows], [row["input"] for row in known]):
        for place, best in zip(similar.argmax(axis=1), similar.max(axis=1), strict=True):
            row = known[int(place)]
            similarity = round(float(np.clip(best, 0, 1)), 4)
            found.append({"text": row["target"], "from": row["id"], "similarity": similarity})
    return found


def typical(texts: Sequence[str]) -> str:
    """The text that is most like all of them together; of equals the first."""
    _, found = vectors(texts)
    return texts[int((found @ found.sum(axis=0)).argmax())]

"""Texts that resemble each other: the cosine of their counts of character 3-grams."""

import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

ORDER = 3
SIMILARITY = "cosine of character 3-gram counts, without regard to case and width"
# Rows of similarities that are held at once: 256 x 24,000 floats are 50 MB.
CHUNK = 256

Rows = Sequence[Mapping[str, Any]]


def nearest(rows: Rows, train: Rows) -> list[dict[str, Any]]:
    """The target of the train row with the most similar input: a translation memory.

    With the train row's id and its similarity, 0 to 1; of equals the first by id.
    """
    import numpy as np

    known = sorted(train, key=lambda row: row["id"])
    vocabulary, memory = _vectors([row["input"] for row in known])
    _, asked = _vectors([row["input"] for row in rows], vocabulary)
    found = []
    for start in range(0, asked.shape[0], CHUNK):
        similar = (asked[start : start + CHUNK] @ memory.T).toarray()
        for place, best in zip(similar.argmax(axis=1), similar.max(axis=1), strict=True):
            row = known[int(place)]
            similarity = round(float(np.clip(best, 0, 1)), 4)
            found.append({"text": row["target"], "from": row["id"], "similarity": similarity})
    return found


def typical(texts: Sequence[str]) -> str:
    """The text that is most like all of them together; of equals the first."""
    _, vectors = _vectors(texts)
    return texts[int((vectors @ vectors.sum(axis=0)).argmax())]


def _vectors(texts: Sequence[str], vocabulary: dict[str, int] | None = None) -> tuple[dict, Any]:
    """Vocabulary and unit vectors (texts, vocabulary) as a sparse matrix.

    With a vocabulary given, 3-grams that it lacks count towards a text's length alone.
    """
    from scipy.sparse import csr_array

    counted = [Counter(_grams(text)) for text in texts]
    if vocabulary is None:
        vocabulary = {}
        for gram in (gram for counts in counted for gram in counts):
            vocabulary.setdefault(gram, len(vocabulary))
    values, columns, ends = [], [], [0]
    for counts in counted:
        length = sum(count * count for count in counts.values()) ** 0.5
        held = [(vocabulary[gram], n / length) for gram, n in counts.items() if gram in vocabulary]
        columns += [column for column, _ in held]
        values += [value for _, value in held]
        ends.append(len(columns))
    shape = (len(texts), max(1, len(vocabulary)))
    return vocabulary, csr_array((values, columns, ends), shape=shape)


def _grams(text: str) -> list[str]:
    """Overlapping 3-grams of a text with a space before and behind, so that none is too short."""
    folded = f" {' '.join(unicodedata.normalize('NFKC', text).casefold().split())} "
    return [folded[at : at + ORDER] for at in range(max(1, len(folded) - ORDER + 1))]

"""Texts that resemble each other: the cosine of their counts of character 3-grams."""

import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

ORDER = 3
SIMILARITY = "cosine of character 3-gram counts, without regard to case and width"
# Rows of similarities that are held at once: 256 x 24,000 floats are 50 MB.
CHUNK = 256


def similarities(texts: Sequence[str], known: Sequence[str]) -> Iterator[Any]:
    """How similar each text is to each known one: arrays (at most CHUNK texts, known)."""
    vocabulary, memory = vectors(known)
    _, asked = vectors(texts, vocabulary)
    for start in range(0, asked.shape[0], CHUNK):
        yield (asked[start : start + CHUNK] @ memory.T).toarray()


def vectors(texts: Sequence[str], vocabulary: dict[str, int] | None = None) -> tuple[dict, Any]:
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

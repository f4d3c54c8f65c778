"""What metrics of correction share: a row's references, words, and the edits between two texts.

Words are those of the Penn treebank's kind, so that texts count as the same whether punctuation and
`n't` stand apart, as in JFLEG's files, or not. Edits are those of the cheapest way from one text to
the other, word by word, on which a word is rather replaced by one like it: an own alignment.
ERRANT's needs a parser's weights, which its publisher does not have on the package index.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

Words = tuple[str, ...]
Edit = tuple[int, int, Words]  # words of the input from, to (exclusive); what stands there then

SIGNATURE = f"tok:words+punct+clitics|unicode:{unicodedata.unidata_version}"
# What an edit costs: a word left out or put in, or replaced by another, a like one, one in capitals
ONE, OTHER, LIKE, CASE = 10, 13, 9, 5
EDITS = f"edits:words,cost:{ONE}/{OTHER}/{LIKE}/{CASE},match:left|{SIGNATURE}"

WORD = re.compile(r"n't\b|'(?:s|re|ve|ll|d|m)\b|\w+(?:[-'.]\w+)*|[^\w\s]", re.IGNORECASE)
CLITIC = re.compile(r"(?<=\w)(n't|'(?:s|re|ve|ll|d|m))\b", re.IGNORECASE)
SAME = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"'})


def references(row: Mapping[str, Any]) -> list[str]:
    """All right answers of a row; one in studies that have no more."""
    return row.get("references") or [row["target"]]


@lru_cache(maxsize=100_000)
def words(text: str) -> Words:
    """Words and signs, case kept; curly quotes and the treebank's are plain ones."""
    plain = unicodedata.normalize("NFKC", text).translate(SAME)
    plain = plain.replace("``", '"').replace("''", '"')
    return tuple(WORD.findall(CLITIC.sub(r" \1", plain)))


def folded(text: str) -> Counter[str]:
    """How often each word stands in a text, case folded; signs are no words."""
    return Counter(word.casefold() for word in words(text) if any(map(str.isalnum, word)))


@lru_cache(maxsize=100_000)
def edits(before: Words, after: Words) -> frozenset[Edit]:
    """The changed places; of several cheapest ways the one that keeps words as early as it can.

    A word is replaced by one, left out, or some are put in at one place.
    """
    start = _same_beginning(before, after)
    left, right = before[start:], after[start:]
    costs = _costs(left, right, _replacing)
    found: list[Edit] = []
    i = j = 0
    while i < len(left) or j < len(right):
        both = i < len(left) and j < len(right)
        if both and left[i] == right[j]:
            i, j = i + 1, j + 1
        elif both and costs[i][j] == _replacing(left[i], right[j]) + costs[i + 1][j + 1]:
            found.append((start + i, start + i + 1, (right[j],)))
            i, j = i + 1, j + 1
        elif i < len(left) and costs[i][j] == ONE + costs[i + 1][j]:
            found.append((start + i, start + i + 1, ()))
            i += 1
        else:
            put = found.pop()[2] if found and found[-1][:2] == (start + i, start + i) else ()
            found.append((start + i, start + i, (*put, right[j])))
            j += 1
    return frozenset(found)


@lru_cache(maxsize=100_000)
def distance(one: Words, other: Words) -> int:
    """Words to change, leave out or put in."""
    start = _same_beginning(one, other)
    return _costs(one[start:], other[start:], lambda *_: ONE)[0][0] // ONE


def _same_beginning(one: Words, other: Words) -> int:
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))


def _costs(left: Words, right: Words, replacing: Callable[[str, str], int]) -> list[list[int]]:
    """What the rest costs from each word of the one and each word of the other."""
    rows = [[ONE * count for count in range(len(right), -1, -1)]]
    for i in range(len(left) - 1, -1, -1):
        below, row = rows[-1], [0] * len(right) + [ONE * (len(left) - i)]
        word = left[i]
        for j in range(len(right) - 1, -1, -1):
            if word == right[j]:
                row[j] = below[j + 1]
            else:
                moved = ONE + min(below[j], row[j + 1])
                row[j] = min(moved, below[j + 1] + replacing(word, right[j]))
        rows.append(row)
    return rows[::-1]


@lru_cache(maxsize=100_000)
def _replacing(word: str, other: str) -> int:
    """Words are alike that share half of their letters."""
    one, two = word.casefold(), other.casefold()
    if one == two:
        return CASE
    shared = (Counter(one) & Counter(two)).total()
    return LIKE if 4 * shared > len(one) + len(two) and one[0] == two[0] else OTHER

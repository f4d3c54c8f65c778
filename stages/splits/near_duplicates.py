"""Pairs of examples that are the same text in effect, and the groups that they form.

Two rows are near-duplicates when, after NFKC, case folding and masking of placeholders and
digits, they have the same input, the same target of 12 or more characters, or inputs whose
character 5-grams have a Jaccard similarity at or above a threshold. Strings shorter
than a 5-gram are only found by the exact keys. Of inputs longer than 20,000 characters (after the
masking) that similarity is their beginnings': two documents that differ behind it alone are one
group, and one whose beginning was replaced is not found.
"""

import logging
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from tqdm import tqdm

from stages.sources.example import normalize

logger = logging.getLogger(__name__)

# No second attempt within a run of braces: without their end, that would take its length squared.
PLACEHOLDER = re.compile(r"%\(\w+\)\w|%[a-z]|\$?(?<!\{)\{++[^{}]*+\}+|</?[a-z][^<>]*>|\d+")
SHINGLE = 5
SHORTEST_TARGET = 12
LONGEST_INPUT = 20_000  # so that one row cannot take minutes and gigabytes


class Pair(NamedTuple):
    first: str
    second: str
    why: str


def mask(text: str) -> str:
    """The key under which rows that differ in a number or a placeholder are the same."""
    bare = PLACEHOLDER.sub("\0", normalize(text))
    # A text of punctuation alone is its own key, else all such rows would form one group.
    return re.sub(r"[^\w\0]+", " ", bare).strip() or normalize(text)


def pairs(examples: list[dict[str, Any]], jaccard: float) -> Iterator[Pair]:
    """Yield linked pairs, by id, with the reason; every group's members are connected by them.

    Exact keys yield a chain through each set of equal rows rather than all its pairs.
    """
    yield from _chains(((e["id"], mask(e["input"])) for e in examples), "same input")
    targets = ((e["id"], mask(e["target"])) for e in examples)
    yield from _chains((t for t in targets if len(t[1]) >= SHORTEST_TARGET), "same target")
    yield from _similar({e["id"]: mask(e["input"]) for e in examples}, jaccard)


def groups(examples: list[dict[str, Any]], jaccard: float) -> dict[str, str]:
    """Map each id to its group's id: the alphabetically first id among its members."""
    parent = {example["id"]: example["id"] for example in examples}

    def root(node: str) -> str:
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for pair in pairs(examples, jaccard):
        low, high = sorted((root(pair.first), root(pair.second)))
        parent[high] = low
    return {node: root(node) for node in parent}


def _chains(keyed: Iterable[tuple[str, str]], why: str) -> Iterator[Pair]:
    last: dict[str, str] = {}
    for identity, key in keyed:
        if key in last:
            yield Pair(last[key], identity, why)
        last[key] = identity


def _similar(texts: dict[str, str], jaccard: float) -> Iterator[Pair]:
    """All pairs at or above the threshold, exactly, by prefix filtering (Chaudhuri et al., 2006).

    Two sets that share enough must share one of their rarest grams, so only rows with such a gram
    in common are compared. MinHash would be quicker on millions of rows, but misses one pair in
    fourteen at a Jaccard similarity of 0.7.
    """
    # One representative per text: equal ones are already chained, unless they were cut.
    names: dict[str, str] = {}
    for identity, text in texts.items():
        name = names.setdefault(text[:LONGEST_INPUT], identity)
        if name != identity and len(text) >= LONGEST_INPUT:
            yield Pair(name, identity, f"the same first {LONGEST_INPUT} characters of the input")
    cut = sum(len(text) > LONGEST_INPUT for text in texts.values())
    if cut:
        logger.warning(
            "near-duplicates: %d of %d inputs are longer than %d characters; they are compared by "
            "their beginning",
            *(cut, len(texts), LONGEST_INPUT),
        )
    shingles = {text: _shingle(text) for text in names}
    counts = Counter(gram for grams in shingles.values() for gram in grams)
    index: dict[str, list[str]] = defaultdict(list)
    for text, grams in tqdm(shingles.items(), "near-duplicates", unit="text"):
        rarest = sorted(grams, key=lambda gram: (counts[gram], gram))
        prefix = rarest[: len(grams) - math.ceil(jaccard * len(grams) - 1e-9) + 1]
        candidates = dict.fromkeys(other for gram in prefix for other in index[gram])
        for other in candidates:
            similarity = _jaccard(grams, shingles[other])
            if similarity >= jaccard:
                yield Pair(names[other], names[text], f"similar input ({similarity:.2f})")
        for gram in prefix:
            index[gram].append(text)


def _shingle(text: str) -> set[str]:
    return {text[i : i + SHINGLE] for i in range(max(1, len(text) - SHINGLE + 1))}


def _jaccard(left: set[str], right: set[str]) -> float:
    shared = len(left & right)
    return shared / (len(left) + len(right) - shared)

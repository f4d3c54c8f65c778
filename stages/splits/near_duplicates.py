"""Pairs of examples that are the same text in effect, and the groups that they form.

Two rows are near-duplicates when, after NFKC, case folding and masking of placeholders and
digits, they have the same input, the same target of 12 or more characters, or inputs whose
character 5-grams have a Jaccard similarity at or above a threshold. MinHash alone misses short
strings, so the exact keys come first.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from stages.sources.example import normalize

PLACEHOLDER = re.compile(r"%\(\w+\)\w|%[a-z]|\$?\{+[^{}]*\}+|</?[a-z][^<>]*>|\d+")
SHINGLE = 5
SHORTEST_TARGET = 12
PERMUTATIONS = 128


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
    """Pairs by MinHash LSH, each confirmed by the exact Jaccard similarity."""
    from datasketch import MinHash, MinHashLSH  # half a second, and only this function needs it

    # One representative per text: equal ones are already chained.
    names: dict[str, str] = {}
    for identity, text in texts.items():
        names.setdefault(text, identity)
    order = list(names)
    shingles = {text: _shingle(text) for text in order}
    hashes = MinHash.bulk(
        [[gram.encode() for gram in shingles[text]] for text in order],
        num_perm=PERMUTATIONS,
        seed=1,
    )
    # The index proposes at a lower threshold, so that MinHash's error costs no true pair.
    index = MinHashLSH(threshold=max(jaccard - 0.15, 0.1), num_perm=PERMUTATIONS)
    for text, minhash in zip(order, hashes, strict=True):
        for other in sorted(index.query(minhash)):
            similarity = _jaccard(shingles[text], shingles[other])
            if similarity >= jaccard:
                yield Pair(names[other], names[text], f"similar input ({similarity:.2f})")
        index.insert(text, minhash)


def _shingle(text: str) -> set[str]:
    return {text[i : i + SHINGLE] for i in range(max(1, len(text) - SHINGLE + 1))}


def _jaccard(left: set[str], right: set[str]) -> float:
    return len(left & right) / len(left | right)

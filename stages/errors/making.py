"""One to three errors in a sentence, the sentence with them, and every right version of it."""

import itertools
import random
from collections.abc import Callable
from typing import NamedTuple

from stages.errors.agreement import agreement
from stages.errors.articles import article
from stages.errors.hyphens import hyphen
from stages.errors.numbers import number
from stages.errors.placement import repeated, word_order
from stages.errors.prepositions import preposition
from stages.errors.sentence import Change, Tokens
from stages.errors.spelling import spelling
from stages.errors.verb_forms import tense

# How much a type is preferred where it can apply: those that rarely can come first
WEIGHTS: dict[str, float] = {
    "article": 3,
    "agreement": 12,
    "tense": 1.5,
    "preposition": 2.5,
    "number": 5,
    "repeated_word": 0.3,
    "word_order": 1.2,
    "hyphen": 8,
    "spelling": 0.6,
}
TYPES: dict[str, Callable[[Tokens, random.Random], Change | None]] = {
    "article": article,
    "agreement": agreement,
    "tense": tense,
    "preposition": preposition,
    "number": number,
    "repeated_word": repeated,
    "word_order": word_order,
    "hyphen": hyphen,
    "spelling": spelling,
}
COUNTS = {1: 50, 2: 35, 3: 15}  # errors: of a hundred sentences


class Made(NamedTuple):
    text: str
    references: list[str]  # the first is the sentence that it was made from
    errors: list[dict[str, str | int]]  # type, at (a word of that sentence), wrong, right


def make(sentence: str, rng: random.Random) -> Made | None:
    """The sentence with errors of different types, none within another; None where none applies."""
    tokens = sentence.split(" ")
    wanted = rng.choices(list(COUNTS), list(COUNTS.values()))[0]
    changes: dict[str, Change] = {}
    for name in sorted(TYPES, key=lambda name: -(rng.random() ** (1 / WEIGHTS[name]))):
        if len(changes) == wanted:
            break
        made = TYPES[name](tokens, rng)
        if made and all(made.end < c.start or c.end < made.start for c in changes.values()):
            changes[name] = made
    if not changes:
        return None
    placed = sorted(changes.items(), key=lambda item: item[1].start)
    kept = [change for _, change in placed]
    ways = itertools.product(*(change.right for change in kept))
    text = _replaced(tokens, kept, [change.wrong for change in kept])
    references = list(dict.fromkeys(_replaced(tokens, kept, list(way)) for way in ways))
    return None if text in references else Made(text, references, [_error(*one) for one in placed])


def _error(name: str, change: Change) -> dict[str, str | int]:
    wrong, right = " ".join(change.wrong), " ".join(change.right[0])
    return {"type": name, "at": change.start, "wrong": wrong, "right": right}


def _replaced(tokens: Tokens, changes: list[Change], texts: list[tuple[str, ...]]) -> str:
    said, last = [], 0
    for change, text in zip(changes, texts, strict=True):
        said += [*tokens[last : change.start], *text]
        last = change.end
    return " ".join([*said, *tokens[last:]])

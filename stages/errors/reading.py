"""Which sentences errors may be made in: whole ones of plain words, and right as they stand."""

import re

from stages.errors import words
from stages.errors.sentence import head, is_singular, plain

SHORTEST = 6  # words
BETWEEN = re.compile(r"(?:(?<=[.!?])|(?<=[.!?]['\"]))\s+(?=[A-Z\"'(])")
WHOLE = re.compile(r"[A-Z][^\n]*[a-z)\"”][.!?]")
# Markup, paths, identifiers, formats and other things that are no words of a sentence
TECHNICAL = re.compile(
    r"[<>{}`_$%*=|\\/#\[\]@^~]|\d+\.\d|--|\.\w|\w\(|->|\b[a-z]+[A-Z]|\.\.\.|&|\be\.g|\bi\.e|\w:\w"
)
CURLY = str.maketrans("’‘“”", "''\"\"")
# Software's English leaves articles out. Where one is missing the sentence is not right
BARE = {"of", "for", "in", "to", "on", "with", "from", "via", "is"}
# What the catalogs' authors got wrong, as far as a rule finds it
FAULTY = re.compile(
    r"(?i)\b(associated to|can not|a [aeio][a-z]+|an [bcdfgjklmnpqrstvwz][a-z]+|(\w+) \2|ike|"
    r"informations|equal or greater|doesnt|dont|to login)\b|error\.$|^Enable "
)


def sentences(text: str) -> list[str]:
    """The sentences of a text that errors may be made in."""
    parts = (part.strip() for part in BETWEEN.split(text.translate(CURLY)))
    return [part for part in parts if _fit(part)]


def _fit(text: str) -> bool:
    tokens = text.split(" ")
    return (
        len(tokens) >= SHORTEST
        and WHOLE.fullmatch(text) is not None
        and text.isascii()
        and not TECHNICAL.search(text)
        and not FAULTY.search(text)
        and not _telegraphic(tokens)
    )


def _telegraphic(tokens: list[str]) -> bool:
    """Whether an article is missing: a thing that is counted stands bare, as in `update volume`."""
    places = (
        at for at, token in enumerate(tokens) if plain(token) in BARE or plain(token) in words.VERBS
    )
    heads = (head(tokens, at) for at in places)
    return any(noun is not None and is_singular(tokens[noun]) for noun in heads)

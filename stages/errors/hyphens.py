"""A hyphen that is missing, or stands where none belongs."""

import random
import re

from stages.errors import words
from stages.errors.sentence import Change, Tokens, change, choose, closes, plain

# Words that are written together as well as with the hyphen
TOGETHER = re.compile(r"(non|re|pre|sub|multi|co|anti)-[a-z]{4,}")
# Before a noun these take a hyphen; of others (file-system) the hyphen is as right as none
COMPOUND = re.compile(
    r"[a-z]{2,}-([a-z]+(ed|ing)|based|driven|party|only|specific|sensitive|readable|level|time|free)"
)
ADVERB = re.compile(r"(?!family|apply|supply|reply|only)[a-z]{3,}ly")
APART = {
    *(("at", "least"), ("at", "most"), ("such", "as"), ("for", "example"), ("because", "of")),
    *(("more", "than"), ("less", "than"), ("greater", "than"), ("instead", "of"), ("due", "to")),
    *(("in", "order"), ("no", "longer"), ("each", "other"), ("as", "well"), ("able", "to")),
    *(("according", "to"), ("prior", "to"), ("equal", "to"), ("based", "on")),
}


def hyphen(tokens: Tokens, rng: random.Random) -> Change | None:
    return choose(rng, [*_missing(tokens), *_needless(tokens)])


def _missing(tokens: Tokens) -> list[Change]:
    """`comma delimited list`: before a noun, where it is one word with what follows."""
    found = []
    for at in range(len(tokens) - 1):
        token = tokens[at]
        apart = plain(tokens[at + 1]) in words.GRAMMAR
        compound = COMPOUND.fullmatch(token) or TOGETHER.fullmatch(token)
        if not compound or apart:
            continue
        also = [[token.replace("-", "")]] if TOGETHER.fullmatch(token) else []
        found.append(change(tokens, at, token.split("-"), at + 1, also))
    return found


def _needless(tokens: Tokens) -> list[Change]:
    found = []
    for at in range(len(tokens) - 1):
        first, second = tokens[at], plain(tokens[at + 1])
        if closes(tokens, at) or not tokens[at + 1][0].isalpha() or not first.isalpha():
            continue
        adverb = ADVERB.fullmatch(first) and second in words.PAST
        if (first.lower(), second) in APART or adverb:
            found.append(change(tokens, at, [f"{first}-{tokens[at + 1]}"], at + 2))
    return found

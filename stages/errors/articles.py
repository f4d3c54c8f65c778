"""An article that is missing, has the wrong sound, or stands before what cannot be counted."""

import random
import re

from stages.errors import words
from stages.errors.sentence import (
    Change,
    Tokens,
    change,
    choose,
    closes,
    full,
    head,
    is_singular,
    opens,
    plain,
    put,
    sound,
)

OTHER = {"a": "an", "an": "a"}
# What makes a thing the only one: `a` would not do
UNIQUE = re.compile(
    r"same|following|first|second|third|last|next|only|current|maximum|minimum|entire|default|whole"
    r"|previous|right|left|original|given|above|below|specified|selected|corresponding|total|\w+est"
)
DEFINING = {"of", "that", "which", "to", "for", "where", "in", "on", "you", "we", "it"}


def article(tokens: Tokens, rng: random.Random) -> Change | None:
    return choose(rng, [*_missing(tokens), *_sounds(tokens), *_uncounted(tokens)])


def _missing(tokens: Tokens) -> list[Change]:
    """Left out before a thing of which there can be several, in a whole sentence."""
    found = []
    for at in range(1, len(tokens)) if full(tokens) else ():
        noun = head(tokens, at) if tokens[at] in ("a", "an", "the") else None
        if noun is None or not is_singular(tokens[noun]):
            continue
        # After `and` and `or` one article may serve for two
        if plain(tokens[noun]) in words.UNCOUNTED_TOO or plain(tokens[at - 1]) in ("and", "or"):
            continue
        kept = tokens[at + 1 : noun + 1]
        also = [] if (other := _instead(tokens, at, noun)) is None else [[other, *kept]]
        found.append(change(tokens, at, kept, noun + 1, also))
    return found


def _instead(tokens: Tokens, at: int, noun: int) -> str | None:
    """The article that may stand there as well, if one may."""
    if tokens[at] != "the":
        return "the"
    following = "" if closes(tokens, noun) else plain(tokens[noun + 1])
    only = any(UNIQUE.fullmatch(plain(token)) for token in tokens[at + 1 : noun + 1])
    return None if only or following in DEFINING else sound(tokens[at + 1])


def _sounds(tokens: Tokens) -> list[Change]:
    pairs = ((at, sound(tokens[at + 1].rstrip(".,"))) for at in range(len(tokens) - 1))
    return [
        change(tokens, at, [put(tokens[at], OTHER[takes]), tokens[at + 1]], at + 2)
        for at, takes in pairs
        if takes and tokens[at].lower() == takes
    ]


def _uncounted(tokens: Tokens) -> list[Change]:
    """`a` before information, software and their like, where nothing else determines them."""
    found = []
    for at in range(1, len(tokens)):
        before, noun = plain(tokens[at - 1]), plain(tokens[at])
        apart = closes(tokens, at) or plain(tokens[at + 1]) in words.GRAMMAR
        opened = before in words.VERBS or before in ("of", "for", "with", "about", "more")
        if noun in words.MASS and apart and opened and not opens(tokens[at]) and before != "more":
            wrong = [tokens[at - 1], sound(noun) or "a", tokens[at]]
            found.append(change(tokens, at - 1, wrong, at + 1))
    return found

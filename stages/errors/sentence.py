"""A sentence as its words between spaces, a change of some of them, and its noun phrases."""

import random
import re
from collections.abc import Sequence
from typing import NamedTuple

from stages.errors import words

Tokens = Sequence[str]
EDGE = re.compile(r"^\W+|\W+$")


class Change(NamedTuple):
    """Words start to end (exclusive), which are what decides that this is an error.

    `right` holds every way to put them right; the first is what stood there.
    """

    start: int
    end: int
    wrong: tuple[str, ...]
    right: tuple[tuple[str, ...], ...]


def change(
    tokens: Tokens, start: int, wrong: Sequence[str], end: int, also: Sequence[Tokens] = ()
) -> Change:
    """Put `wrong` where the words start to end stand; `also` are other ways to put it right."""
    return Change(
        start, end, tuple(wrong), (tuple(tokens[start:end]), *(tuple(other) for other in also))
    )


def choose(rng: random.Random, found: Sequence[Change]) -> Change | None:
    return rng.choice(found) if found else None


def plain(token: str) -> str:
    """The word of a token: no punctuation around it, small letters."""
    return EDGE.sub("", token).lower()


def put(token: str, word: str) -> str:
    """The token with another word: punctuation around it stays, and so does a capital."""
    old = EDGE.sub("", token)
    if old[:1].isupper():
        word = word[:1].upper() + word[1:]
    return token.replace(old, word, 1)


def closes(tokens: Tokens, at: int) -> bool:
    """Whether a phrase ends with this word: the last one, or punctuation behind it."""
    return at == len(tokens) - 1 or not tokens[at][-1:].isalnum()


def opens(token: str) -> bool:
    """Whether punctuation stands before the word."""
    return not token[:1].isalnum()


def head(tokens: Tokens, start: int) -> int | None:
    """Where the noun is that the phrase behind the word at `start` is about; None unless sure.

    Nouns are those of `words`, with up to three words before them; what follows must be
    punctuation, a word of grammar, or a verb.
    """
    if start >= len(tokens) or not tokens[start][-1:].isalnum():
        return None
    for at in range(start + 1, min(start + 5, len(tokens))):
        word = plain(tokens[at])
        if opens(tokens[at]) or word in words.GRAMMAR or not word.replace("-", "").isalpha():
            return None
        if closes(tokens, at) or _ends_before(plain(tokens[at + 1]), word):
            return at if word in words.NUMBER else None
    return None


def _ends_before(following: str, word: str) -> bool:
    noun = word in words.NUMBER
    return following in words.GRAMMAR or (
        noun and (following in words.THIRD or following in words.PAST)
    )


def is_singular(token: str) -> bool:
    return words.NUMBER.get(plain(token)) == "singular"


def is_plural(token: str) -> bool:
    return words.NUMBER.get(plain(token)) == "plural"


def full(tokens: Tokens) -> bool:
    """Whether this has a verb of its own, rather than being a label such as `Name of the port.`"""
    told = words.FINITE | {"i", "you", "we", "they", "it"}
    return plain(tokens[0]) in words.VERBS or any(plain(token) in told for token in tokens)


def sound(word: str) -> str | None:
    """The indefinite article that a word takes; None where spelling does not tell.

    Capitals (an SSH key) and beginnings that sound otherwise (hour, user, one, euro) don't.
    """
    if not re.fullmatch(r"[A-Z]?[a-z]+(-[a-z]+)*", word):
        return None
    if re.match(r"(?i)ho|hei|heir|u|eu|one|once|x|y", word):
        return None
    return "an" if word[0].lower() in "aeio" else "a"

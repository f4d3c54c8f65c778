"""A word that is said twice, and two that changed places."""

import random

from stages.errors import words
from stages.errors.sentence import Change, Tokens, change, choose, closes, head, opens, plain, put

TWICE = {"that", "had", "very", "so", "no", "more"}  # these can be
MODALS = {"can", "could", "will", "would", "must", "should", "may", "might", "cannot"}
# Never behind their noun, as `available` may be
BEFORE_NOUNS = words.listed(
    """
    new unique internal external public private different same invalid current default maximum
    minimum previous next first last main entire remote local temporary whole
    """
)
DETERMINERS = {"the", "a", "an", "this", "your", "each", "its"}


def repeated(tokens: Tokens, rng: random.Random) -> Change | None:
    """Mostly a short word, as hands do it."""
    places = [at for at, token in enumerate(tokens) if _twice(tokens, at, token)]
    short = [at for at in places if plain(tokens[at]) in words.GRAMMAR]
    if short and rng.random() < 0.8:
        places = short
    said = [(at, [tokens[at], tokens[at].lower()]) for at in places]
    return choose(rng, [change(tokens, at, both, at + 1) for at, both in said])


def _twice(tokens: Tokens, at: int, token: str) -> bool:
    word = token.lower()
    return (
        token.isalpha()
        and (token.islower() or (at == 0 and token[1:].islower()))
        and word not in TWICE
        and not closes(tokens, at)
    )


def word_order(tokens: Tokens, rng: random.Random) -> Change | None:
    pairs = [at for at in range(1, len(tokens) - 1) if _fixed(tokens, at)]
    found = [change(tokens, at, [tokens[at + 1], tokens[at]], at + 2) for at in pairs]
    return choose(rng, [*found, *_adjectives(tokens)])


def _fixed(tokens: Tokens, at: int) -> bool:
    """Whether these two words cannot stand the other way round."""
    first, second = tokens[at], tokens[at + 1]
    if not first.isalpha() or not second.isalpha() or opens(tokens[at - 1]):
        return False
    return (
        (first in MODALS and second == "be" and tokens[at - 1] not in ("how", "what", "where"))
        or (first in MODALS | {"is", "are", "does", "do", "was", "were"} and second == "not")
        or (first in ("is", "are", "was", "were", "be", "been") and second in words.PAST)
        or (first in ("the", "a", "an", "your") and second in words.SINGULAR)
        or (first == "to" and second in words.VERBS - words.EITHER)
    )


def _adjectives(tokens: Tokens) -> list[Change]:
    """`a name new`: the adjective behind its noun."""
    found = []
    for at in range(len(tokens) - 2):
        noun = head(tokens, at) if plain(tokens[at]) in DETERMINERS else None
        adjective = tokens[at + 1]
        if noun != at + 2 or adjective not in BEFORE_NOUNS or not tokens[noun].islower():
            continue
        wrong = [tokens[at], plain(tokens[noun]), put(tokens[noun], adjective)]
        found.append(change(tokens, at, wrong, noun + 1))
    return found

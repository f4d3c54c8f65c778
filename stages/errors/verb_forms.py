"""A verb in a form that the auxiliary before it does not take: `tense` in the studies.

Which time is meant often follows from nothing in a single sentence; after an auxiliary, only one
form is right.
"""

import random

from stages.errors import words
from stages.errors.sentence import Change, Tokens, change, choose, opens, plain, put

BASE_AFTER = {"can", "cannot", "could", "will", "would", "must", "should", "may", "might"}
SUPPORT = {"does", "do", "did", "doesn't", "don't", "didn't"}
PAST_AFTER = {"is", "are", "was", "were", "be", "been", "being", "has", "have", "had"}
BETWEEN = {"not", "also", "already", "only", "automatically", "successfully", "then"}
# `used to retrieving` and `prior to retrieving` can be right
TO_WITH_ING = {"used", "prior", "due", "related", "addition", "respect", "limited", "dedicated"}


def tense(tokens: Tokens, rng: random.Random) -> Change | None:
    found = []
    for at in range(1, len(tokens)):
        word, first = plain(tokens[at]), _auxiliary(tokens, at)
        if first is None or opens(tokens[at]):
            continue
        wrong = _wrong(word, plain(tokens[first]), plain(tokens[first - 1]) if first else "")
        if wrong:
            spoilt = put(tokens[at], rng.choice(wrong))
            found.append(change(tokens, first, [*tokens[first:at], spoilt], at + 1))
    return choose(rng, found)


def _auxiliary(tokens: Tokens, at: int) -> int | None:
    """Where the word is that decides the form of the one at `at`."""
    for first in (at - 1, at - 2):
        if first < 0 or not tokens[first][-1].isalnum():
            return None
        if plain(tokens[first]) not in BETWEEN:
            return first
    return None


def _wrong(word: str, auxiliary: str, before: str) -> list[str]:
    if word in words.PAST:
        return [words.PAST[word]] if auxiliary in PAST_AFTER else []
    if word not in words.VERBS:
        return []
    if auxiliary in BASE_AFTER:
        return [words.past(word), words.ongoing(word), words.third(word)]
    if auxiliary in SUPPORT and word not in words.EITHER:
        return [words.past(word), words.third(word)]
    if auxiliary == "to" and word not in words.EITHER:
        ongoing = [] if before in TO_WITH_ING else [words.ongoing(word)]
        return [words.past(word), words.third(word), *ongoing]
    return []

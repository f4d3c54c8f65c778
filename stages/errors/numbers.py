"""A noun in the number that its determiner rules out."""

import random

from stages.errors import words
from stages.errors.sentence import (
    Change,
    Tokens,
    change,
    choose,
    closes,
    head,
    is_plural,
    is_singular,
    plain,
    put,
)

ONE = {"each", "every", "another", "this", "a", "an"}
MANY = {"these", "those", "many", "several", "multiple", "both", "few", "two", "three", "four"}
COUNTING = {"number", "list", "set", "range", "one", "group"}  # … of
OTHER = {"this": "these", "these": "this"}
ONE_OF = {words.plural(noun): noun for noun in words.SINGULAR}
# Behind the noun these agree with it, and fix it
AGREEING = {"is", "are", "was", "were", "has", "have", "does", "do"}


def number(tokens: Tokens, rng: random.Random) -> Change | None:
    found = []
    for at in range(len(tokens) - 1):
        noun = head(tokens, at)
        if noun is None:
            continue
        wrong = _wrong(tokens, at, noun)
        if wrong:
            before = tokens[at + 1 : noun]
            also = _also(tokens, at, noun, wrong)
            found.append(change(tokens, at, [tokens[at], *before, wrong], noun + 1, also))
    return choose(rng, found)


def _wrong(tokens: Tokens, at: int, noun: int) -> str | None:
    determiner, word = plain(tokens[at]), plain(tokens[noun])
    if determiner in ONE and is_singular(tokens[noun]):
        return put(tokens[noun], words.plural(word))
    counted = determiner == "of" and at > 0 and plain(tokens[at - 1]) in COUNTING
    if (determiner in MANY or counted) and is_plural(tokens[noun]):
        return put(tokens[noun], ONE_OF[word])
    return None


def _also(tokens: Tokens, at: int, noun: int, wrong: str) -> list[list[str]]:
    """Another determiner or none, where no verb behind tells which word is the wrong one."""
    determiner = plain(tokens[at])
    told = not closes(tokens, noun) and (
        plain(tokens[noun + 1]) in AGREEING or plain(tokens[noun + 1]) in words.THIRD
    )
    rest = [*tokens[at + 1 : noun], wrong]
    if told:
        return []
    if at and determiner in ("a", "an"):
        return [rest]
    return [[put(tokens[at], OTHER[determiner]), *rest]] if determiner in OTHER else []

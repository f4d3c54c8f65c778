"""A verb in the number that its subject does not have."""

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
    opens,
    plain,
    put,
)

TO_PLURAL = {"is": "are", "was": "were", "has": "have", "does": "do", "doesn't": "don't"}
TO_SINGULAR = {many: one for one, many in TO_PLURAL.items()}
PRONOUNS = {"it": TO_PLURAL} | dict.fromkeys(("you", "we", "they"), TO_SINGULAR)
# Before a subject; behind another word its phrase may belong to a longer one
BEFORE = words.listed("if when whether because once until while unless where but since that")
DETERMINERS = {"the", "a", "an", "this", "each", "every", "another", "these", "those"}


def agreement(tokens: Tokens, rng: random.Random) -> Change | None:
    return choose(
        rng, [*_pronouns(tokens), *_phrases(tokens), *_relatives(tokens), *_there(tokens)]
    )


def _pronouns(tokens: Tokens) -> list[Change]:
    found = []
    for at in range(len(tokens) - 1):
        forms = PRONOUNS.get(tokens[at].lower(), {})
        verb = plain(tokens[at + 1])
        # `what it was`, `as if it were`
        if verb in forms and verb not in ("was", "were") and not _asked(tokens, at):
            wrong = [tokens[at], put(tokens[at + 1], forms[verb])]
            found.append(change(tokens, at, wrong, at + 2))
    return found


def _asked(tokens: Tokens, at: int) -> bool:
    """Whether the verb belongs to something else: `all of it is`, `those you have`."""
    return at > 0 and plain(tokens[at - 1]) in ("of", "and", "or", "than")


def _phrases(tokens: Tokens) -> list[Change]:
    found = []
    for at in range(len(tokens) - 2):
        noun = head(tokens, at) if plain(tokens[at]) in DETERMINERS else None
        if at == 0 and is_plural(tokens[0]) and tokens[0].isalpha():
            noun = 0  # a bare plural opens the sentence
        if noun is None or closes(tokens, noun) or not _is_subject(tokens, at):
            continue
        verb = _other(tokens[noun], tokens[noun + 1])
        subjunctive = at > 0 and plain(tokens[at - 1]) == "if" and verb in ("was", "were")
        if verb is None or subjunctive or opens(tokens[noun + 1]):
            continue
        wrong = [*tokens[at : noun + 1], put(tokens[noun + 1], verb)]
        also = []
        if plain(tokens[at]) == "the":  # the noun may be what is wrong
            also = [[*tokens[at:noun], _recount(tokens[noun]), wrong[-1]]]
        found.append(change(tokens, at, wrong, noun + 2, also))
    return found


def _is_subject(tokens: Tokens, at: int) -> bool:
    return at == 0 or not tokens[at - 1][-1].isalnum() or plain(tokens[at - 1]) in BEFORE


def _other(noun: str, verb: str) -> str | None:
    """The verb in the other number, None where it is no verb or does not agree as it stands."""
    spoken = plain(verb)
    if is_singular(noun):
        return TO_PLURAL.get(spoken) or words.THIRD.get(spoken)
    if spoken in words.VERBS - words.EITHER:
        return words.third(spoken)
    return TO_SINGULAR.get(spoken)


def _relatives(tokens: Tokens) -> list[Change]:
    """`a file that contain`: the noun right before is what the verb agrees with."""
    found = []
    for at in range(len(tokens) - 3):
        noun = head(tokens, at) if plain(tokens[at]) in ("a", "an", "the", "this") else None
        if noun is None or noun + 2 >= len(tokens) or closes(tokens, noun):
            continue
        verb = _other(tokens[noun], tokens[noun + 2])
        if tokens[noun + 1] in ("that", "which") and verb and plain(tokens[at - 1]) != "of":
            wrong = [*tokens[at : noun + 2], put(tokens[noun + 2], verb)]
            fixed = plain(tokens[at]) != "the"
            also = [[*tokens[at:noun], _recount(tokens[noun]), *wrong[-2:]]]
            found.append(change(tokens, at, wrong, noun + 3, [] if fixed else also))
    return found


def _recount(noun: str) -> str:
    word = plain(noun)
    one = {words.plural(single): single for single in words.SINGULAR}
    return put(noun, one[word] if is_plural(noun) else words.plural(word))


def _there(tokens: Tokens) -> list[Change]:
    return [
        change(tokens, at, [tokens[at], "are", tokens[at + 2]], at + 3)
        for at in range(len(tokens) - 2)
        if plain(tokens[at]) == "there" and tokens[at + 1] == "is" and tokens[at + 2] in ("a", "an")
    ]

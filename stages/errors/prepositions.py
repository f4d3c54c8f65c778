"""Another preposition than the one that its word is fixed to, or none."""

import random

from stages.errors.sentence import Change, Tokens, change, choose, closes, plain, put

# (word, preposition): wrong instead; "" leaves it out. Only what no reader would take for right.
FIXED: dict[tuple[str, str], tuple[str, ...]] = {
    ("able", "to"): ("for", "of"),
    ("according", "to"): ("with", "of"),
    ("amount", "of"): ("from", ""),
    ("associate", "with"): ("at", "of"),
    ("associated", "with"): ("at", "of"),
    ("based", "on"): ("of", "at"),
    ("because", "of"): ("from", "for"),
    ("belongs", "to"): ("of", "at", ""),
    ("belong", "to"): ("of", "at", ""),
    ("compatible", "with"): ("at", "of"),
    ("conflicts", "with"): ("of", "at"),
    ("consists", "of"): ("from", "on", ""),
    ("contact", "with"): ("at",),
    ("defaults", "to"): ("at", "of"),
    ("depending", "on"): ("of", "from", ""),
    ("depends", "on"): ("of", "at", ""),
    ("description", "of"): ("at",),
    ("different", "from"): ("of", "at"),
    ("due", "to"): ("of", "from", ""),
    ("each", "of"): ("from",),
    ("equal", "to"): ("from", "of", ""),
    ("failed", "to"): ("for", "of"),
    ("full", "of"): ("from",),
    ("greater", "than"): ("as", "of", "from"),
    ("instead", "of"): ("from", "to", ""),
    ("length", "of"): ("at", ""),
    ("less", "than"): ("as", "of"),
    ("list", "of"): ("from", "at"),  # without one, `List names` asks for them
    ("longer", "than"): ("as", "of"),
    ("more", "than"): ("as", "from"),
    ("need", "to"): ("for", "of"),
    ("needs", "to"): ("for", "of", ""),
    ("number", "of"): ("from", "at", ""),
    ("one", "of"): ("at", ""),
    ("order", "to"): ("for", "of", ""),
    ("part", "of"): ("at",),
    ("prior", "to"): ("of", "from", ""),
    ("refer", "to"): ("at", "of", ""),
    ("refers", "to"): ("at", "of", ""),
    ("related", "to"): ("of", "at"),
    ("responsible", "for"): ("of", "from", ""),
    ("set", "of"): ("from", "at"),
    ("similar", "to"): ("of", "at", ""),
    ("size", "of"): ("at", ""),
    ("smaller", "than"): ("as", "of"),
    ("such", "as"): ("like", "than"),
    ("type", "of"): ("at", ""),
    ("trying", "to"): ("for", "of"),
    ("unable", "to"): ("for", "of", ""),
    ("wait", "for"): ("at", "of"),
    ("waiting", "for"): ("at", "of"),
    ("want", "to"): ("for", "of", ""),
    ("whether", "to"): ("for", "of"),
}
# (preposition, what follows): the first of the two is what is wrong
PHRASES: dict[tuple[str, ...], tuple[str, ...]] = {
    ("at", "least"): ("in", "on"),
    ("at", "most"): ("in",),
    ("at", "this", "time"): ("on",),
    ("by", "default"): ("on", "at"),
    ("for", "example"): ("by", "in"),
    ("in", "addition"): ("on", "at"),
    ("in", "order", "to"): ("on", "at"),
    ("in", "use"): ("at", "by"),
    ("on", "behalf"): ("at", "by"),
}


def preposition(tokens: Tokens, rng: random.Random) -> Change | None:
    return choose(rng, [*_fixed(tokens, rng), *_phrases(tokens, rng)])


def _fixed(tokens: Tokens, rng: random.Random) -> list[Change]:
    found = []
    for at in range(len(tokens) - 2):
        first, second = tokens[at : at + 2]
        wrong = FIXED.get((plain(first), second))
        # `Set of` at the start is a noun, `to set of` would be none; a closed pair stands apart
        if wrong and not closes(tokens, at):
            said = rng.choice(wrong)
            found.append(change(tokens, at, [first, said] if said else [first], at + 2))
    return found


def _phrases(tokens: Tokens, rng: random.Random) -> list[Change]:
    found = []
    for at in range(len(tokens)):
        for phrase, wrong in PHRASES.items():
            end = at + len(phrase)
            if tuple(plain(token) for token in tokens[at:end]) == phrase:
                said = [put(tokens[at], rng.choice(wrong)), *tokens[at + 1 : end]]
                found.append(change(tokens, at, said, end))
    return found

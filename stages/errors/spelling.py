"""A word spelt as learners spell it: never so that it becomes another word."""

import random
import re

from stages.errors.sentence import Change, Tokens, change, choose, put

SHORTEST = 6  # letters; shorter words become others too easily
USUAL = {
    "their": ("thier",),
    "which": ("wich",),
    "with": ("whith",),
    "because": ("becouse", "becuase"),
    "receive": ("recieve",),
    "received": ("recieved",),
    "separate": ("seperate",),
    "successful": ("succesful", "sucessful"),
    "environment": ("enviroment",),
    "existing": ("exsisting",),
    "already": ("allready", "alredy"),
    "available": ("availible", "avaliable"),
    "necessary": ("neccessary", "necesary"),
    "occurred": ("occured",),
    "parameters": ("paramaters",),
    "parameter": ("paramater",),
    "until": ("untill",),
    "whether": ("wether",),
    "access": ("acces",),
    "security": ("securty",),
    "should": ("shoud",),
    "could": ("coud",),
    "where": ("whre",),
    "unable": ("unabel",),
    "different": ("diferent", "diffrent"),
    "definition": ("defination",),
    "description": ("discription",),
    "maximum": ("maximun",),
}
# "whether" without its first h, and their like, are words: they are left out by hand
REAL = {"wether", "discus", "filing", "planing", "winning", "latter", "matter", "aces", "acres"}
ENDINGS = (("able", "ible"), ("ible", "able"), ("ance", "ence"), ("ence", "ance"), ("ent", "ant"))


def spelling(tokens: Tokens, rng: random.Random) -> Change | None:
    found = []
    for at, token in enumerate(tokens):
        bare = re.sub(r"\W+$", "", token)
        spelt = _spelt(bare)
        if spelt:
            found.append(change(tokens, at, [put(token, rng.choice(spelt))], at + 1))
    return choose(rng, found)


def _spelt(word: str) -> list[str]:
    """The ways to get a word wrong; none for names, short words and those in capitals."""
    if not re.fullmatch(r"[A-Z]?[a-z]+", word):
        return []
    small = word.lower()
    if small in USUAL:
        return [text for text in USUAL[small] if text not in REAL]
    if len(small) < SHORTEST:
        return []
    ways = [small[:at] + small[at + 1 :] for at in _doubles(small)]
    ways += [small.removesuffix(a) + b for a, b in ENDINGS if small.endswith(a)]
    if len(small) > SHORTEST:
        places = range(2, len(small) - 2)
        swaps = [small[:at] + small[at + 1] + small[at] + small[at + 2 :] for at in places]
        ways += [text for text in swaps if text != small]
    return [text for text in ways if text not in REAL]


def _doubles(word: str) -> list[int]:
    return [at for at in range(1, len(word) - 1) if word[at] == word[at - 1]]

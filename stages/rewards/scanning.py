"""One pass over a text that may hold a JSON object: where it ends, or where it breaks off.

An automaton over tokens with a stack of brackets, since text that a model wrote may nest deeper
than a recursive parser can follow. It never goes back: each token begins where the last one ended.
"""

import re

TOKEN = re.compile(
    r"""[ \t\n\r]*+(?:
    (?P<string>"(?:[^"\\\x00-\x1f]++|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*+(?P<closed>"?))
    |(?P<number>-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?)
    |(?P<word>true|false|null)
    |(?P<mark>[{}\[\]:,])
    )""",
    re.VERBOSE,
)
DECIMALS = re.compile(r",[0-9]++")
INTEGER = re.compile(r"-?[0-9]++")

SCALARS = ("string", "number", "word")
CLOSES = {"{": "}", "[": "]"}
# What may come next, by what was expected and what came: brackets are pushed and popped beside it.
STEPS = {
    ("first key", "string"): "colon",
    ("key", "string"): "colon",
    ("colon", ":"): "value",
    **{(wanted, kind): "more" for wanted in ("value", "first value") for kind in SCALARS},
    **{(wanted, "{"): "first key" for wanted in ("value", "first value")},
    **{(wanted, "["): "first value" for wanted in ("value", "first value")},
    **{(wanted, "}"): "more" for wanted in ("first key", "more")},
    **{(wanted, "]"): "more" for wanted in ("first value", "more")},
    ("more", ","): "next",
}


def scan(text: str, start: int) -> tuple[int, list[int] | None]:
    """The end of the object whose `{` is at `start`, and where it has decimal commas.

    Where it is none: the place, after `start`, up to which nothing can be an object's beginning
    any more, and None.
    """
    at, wanted, commas, open_ = start + 1, "first key", [], ["}"]
    while open_:
        token = TOKEN.match(text, at)
        if token is None:
            return at, None
        if token["closed"] == "":  # a string without an end
            return token.end(), None
        kind = token["mark"] or token.lastgroup
        step = STEPS.get((wanted, kind))
        if step is None or (kind in "}]" and open_.pop() != kind):
            return token.end() - (kind == "{"), None  # that brace may begin another object
        if kind in CLOSES:
            open_.append(CLOSES[kind])
        at, wanted = token.end(), step
        if step == "next":
            wanted = "key" if open_[-1] == "}" else "value"
        elif kind == "number" and open_[-1] == "}" and INTEGER.fullmatch(token["number"]):
            decimals = DECIMALS.match(text, at)
            if decimals:
                commas.append(at)
                at = decimals.end()
    return at, commas

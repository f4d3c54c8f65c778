"""Whether the model that answered is the one that was asked."""

import re

LATEST = re.compile(r"[-:]latest$")
RELEASE = re.compile(r"[-@:](\d{4}-\d\d-\d\d|\d\d-\d{4}|\d{3,8})")


def same_model(asked: str, named: str) -> bool:
    """Whether `named`, the model of a reply, can be the model that was asked for.

    It is if the names are equal, or if the reply's has a date or a number of three to eight digits
    behind the asked one, as services have for what a name stands for just now: for `gpt-4o-mini`
    `gpt-4o-mini-2024-07-18`. Not the other way round: who asks for a release gets that one. Case
    and a `-latest` or `:latest` at the end are passed over, and folders (`openai/`) that only one
    of the two has.
    """
    asked, named = (LATEST.sub("", name.strip().casefold()) for name in (asked, named))
    if "/" not in asked or "/" not in named:
        asked, named = (name.rpartition("/")[2] for name in (asked, named))
    return named == asked or (
        named.startswith(asked) and RELEASE.fullmatch(named[len(asked) :]) is not None
    )

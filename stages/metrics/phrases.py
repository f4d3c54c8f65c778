"""The share of answers that hold a phrase of a list: filler ("slop"), and refusals.

The list is a UTF-8 file with one phrase a line; blank lines and lines that begin with # are left
out. Phrases are found as whole words, without regard to case, to the shape of apostrophes or to
line breaks. A list of refusals cannot tell a right one ("no record says") from a wrong one.
"""

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from stages.metrics.metric import Metric, Row, quotient

# Typographic, reversed, modifier letter, prime, acute accent, full width.
APOSTROPHES = re.compile("[\u2018\u2019\u201b\u02bc\u2032\u00b4\uff07]")


def _statistics(rows: Sequence[Row], phrases: str) -> list[list[float] | None]:
    """Per row [1 if the answer holds a phrase else 0, 1]."""
    listed = re.compile("|".join(map(_whole_words, read_phrases(phrases))))
    return [[int(bool(listed.search(fold(row["text"])))), 1] for row in rows]


def _whole_words(phrase: str) -> str:
    """Match a phrase not inside longer words; only where its own edge is part of a word."""
    start = r"\b" if re.match(r"\w", phrase[0]) else ""
    end = r"\b" if re.match(r"\w", phrase[-1]) else ""
    return f"{start}{re.escape(phrase)}{end}"


def fold(text: str) -> str:
    """What texts are compared by."""
    return " ".join(APOSTROPHES.sub("'", text).casefold().split())


def read_phrases(path: str) -> list[str]:
    """The folded phrases of a file, in its order. ValueError "file:line: what; what to do"."""
    if not Path(path).is_file():
        raise ValueError(f"{path}: no such file; set 'phrases' to a file with one phrase a line")
    content = Path(path).read_bytes()
    try:
        lines = content.decode("utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        number = content.count(b"\n", 0, error.start) + 1
        raise ValueError(f"{path}:{number}: not UTF-8; save the file as UTF-8") from None
    first_seen: dict[str, int] = {}
    for number, line in enumerate(lines, start=1):
        phrase = fold(line)
        if not phrase or phrase.startswith("#"):
            continue
        if phrase in first_seen:
            raise ValueError(
                f"{path}:{number}: {phrase!r} again, first on line {first_seen[phrase]}; "
                "remove one of the two"
            )
        first_seen[phrase] = number
    if not first_seen:
        raise ValueError(f"{path}:1: no phrases; write one a line")
    return list(first_seen)


def _signature(name: str, phrases: str) -> str:
    listed = read_phrases(phrases)
    # Of the phrases rather than the bytes: comments and line ends don't change the score.
    digest = hashlib.sha256("\n".join(sorted(listed)).encode()).hexdigest()[:12]
    return (
        f"{name}|phrases:{len(listed)}|list:{digest}|match:words"
        f"|norm:casefold+apostrophes+collapse|unicode:{unicodedata.unidata_version}|rule:1"
    )


SLOP_RATE = Metric(
    label="answers with filler",
    direction="lower",
    unit="share 0-1",
    statistics=_statistics,
    combine=quotient,
    signature=partial(_signature, "slop_rate"),
    best=0.0,
)

REFUSAL_RATE = Metric(
    label="refusals",
    direction="none",
    unit="share 0-1",
    statistics=_statistics,
    combine=quotient,
    signature=partial(_signature, "refusal_rate"),
)

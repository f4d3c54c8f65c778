"""The share of answers that say more than the correction.

Such an answer has more than 1.5 times the words of the longest reference, begins with a preamble,
has a second line, or stands in quotes that the input does not stand in. What a reference does
itself is not counted.
"""

import re
from collections.abc import Sequence

from stages.metrics.metric import Metric, Row, quotient
from stages.metrics.references import SAME, references

LONGER = 1.5
PREAMBLE = re.compile(
    r"""(?ix) \W* (?:
        (?:sure|certainly|of\ course|okay|ok)\b [^.\w]
        | here(?:\ is|\ are|'s)\b
        | (?:the|this|your|a|an|my)?\ ?(?:corrected|correct|revised|improved|fixed|edited|rewritten)
          \ (?:version|sentence|text|form|answer|grammar)\b
        | (?:the\ )?correct(?:ed|ion)?\ ?(?:sentence|version|text)?\ *(?:is|would\ be|reads)?\ *:
        | (?:corrected|correction|output|answer|sentence)\ *:
        | the\ (?:sentence|text)\ (?:should|is\ (?:correct|already|grammatically))
        | i\ (?:have\ |'ve\ )?(?:corrected|fixed|changed)\b
    )"""
)
QUOTES = ('"', "'", "`")


def _statistics(rows: Sequence[Row]) -> list[list[float] | None]:
    """Per row [1 if the answer says more else 0, 1]."""
    return [[int(_says_more(row)), 1] for row in rows]


def _says_more(row: Row) -> bool:
    right = [text.translate(SAME).strip() for text in references(row)]
    answer, source = row["text"].translate(SAME).strip(), row["input"].translate(SAME).strip()
    longest = max(len(text.split()) for text in right)
    return (
        len(answer.split()) > LONGER * longest
        or (PREAMBLE.match(answer) is not None and not any(map(PREAMBLE.match, [*right, source])))
        or ("\n" in answer and not any("\n" in text for text in right))
        or (_quoted(answer) and not any(map(_quoted, [*right, source])))
    )


def _quoted(text: str) -> bool:
    return len(text) > 1 and text[0] in QUOTES and text[-1] == text[0]


VERBOSE_RATE = Metric(
    label="verbose answers",
    direction="lower",
    unit="share 0-1",
    statistics=_statistics,
    combine=quotient,
    signature=lambda: f"verbose_rate|longer:{LONGER}|tok:spaces|preamble:list1+lines+quotes|rule:1",
    best=0.0,
)

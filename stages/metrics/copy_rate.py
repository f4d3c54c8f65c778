"""The share of answers that give the input back, up to case, spaces and punctuation at the end.

What a paraphrase must not be. Anything else passes, though: silence and a constant have 0, as a
paraphrase has. So it is a guard beside a metric that knows the reference, never a goal.
"""

import unicodedata
from collections.abc import Sequence

from stages.metrics.metric import Metric, Row, quotient
from stages.metrics.references import SAME

END = ".!?…。！？;:, "


def _statistics(rows: Sequence[Row]) -> list[list[float] | None]:
    """Per row [1 if the answer is the input else 0, 1]."""
    return [[int(_plain(row["text"]) == _plain(row["input"])), 1] for row in rows]


def _plain(text: str) -> str:
    same = unicodedata.normalize("NFKC", text).translate(SAME).casefold()
    return " ".join(same.split()).rstrip(END)


COPY_RATE = Metric(
    label="copies of the input",
    direction="lower",
    unit="share 0-1",
    statistics=_statistics,
    combine=quotient,
    signature=lambda: (
        f"copy_rate|case:folded|end:no-punctuation|unicode:{unicodedata.unidata_version}|rule:1"
    ),
)

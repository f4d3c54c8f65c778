"""The share of 4-grams of words that stood earlier in the same answer: how much answers loop.

Source: seq-rep-4 of Welleck et al. 2020, over words between white space and over all 4-grams of the
corpus at once, so that long answers count for more. Text without spaces between words has none.
"""

from collections.abc import Sequence

from stages.metrics.metric import Metric, Row, quotient

ORDER = 4


def _statistics(rows: Sequence[Row]) -> list[list[float] | None]:
    """Per row [4-grams that stood earlier, 4-grams]; both 0 below four words."""
    return [_counts(row["text"].split()) for row in rows]


def _counts(words: list[str]) -> list[float]:
    grams = list(zip(*(words[start:] for start in range(ORDER)), strict=False))
    return [len(grams) - len(set(grams)), len(grams)]


def _signature() -> str:
    return f"repetition_rate|order:{ORDER}|unit:words|case:mixed|rule:1"


REPETITION_RATE = Metric(
    label="repeated 4-grams",
    direction="lower",
    unit="share 0-1",
    statistics=_statistics,
    combine=quotient,
    signature=_signature,
    best=0.0,
)

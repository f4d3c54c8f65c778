"""The share of answers that are one of their references, word by word and sign by sign."""

from collections.abc import Sequence

from stages.metrics.metric import Metric, Row, quotient
from stages.metrics.references import SIGNATURE, references, words


def _statistics(rows: Sequence[Row]) -> list[list[float] | None]:
    """Per row [1 if equal to any reference else 0, 1]."""
    found = ((words(row["text"]), map(words, references(row))) for row in rows)
    return [[int(answer in right), 1] for answer, right in found]


EXACT_ANY = Metric(
    label="equals a reference",
    direction="higher",
    unit="share 0-1",
    statistics=_statistics,
    combine=quotient,
    signature=lambda: f"exact_any|case:mixed|{SIGNATURE}|rule:1",
    best=1.0,
)

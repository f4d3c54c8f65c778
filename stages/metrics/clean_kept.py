"""The share of right inputs that come back as they were; rows with an error are unscored."""

from collections.abc import Sequence

from stages.metrics.metric import Metric, Row, quotient
from stages.metrics.references import SIGNATURE, references, words


def _statistics(rows: Sequence[Row]) -> list[list[float] | None]:
    """Per row whose input is one of its references [1 if the answer is the input else 0, 1]."""
    found = []
    for row in rows:
        before = words(row["input"])
        clean = before in map(words, references(row))
        found.append([int(words(row["text"]) == before), 1] if clean else None)
    return found


# Without a best: where the input is right, another reference may be the first one
CLEAN_KEPT = Metric(
    label="clean inputs kept",
    direction="higher",
    unit="share 0-1",
    statistics=_statistics,
    combine=quotient,
    signature=lambda: f"clean_kept|unit:row|{SIGNATURE}|rule:1",
)

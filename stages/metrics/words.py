"""How long the answers are on average, in words between spaces; no side is the better one."""

from collections.abc import Sequence

from stages.metrics.metric import Metric, Row, quotient


def _statistics(rows: Sequence[Row]) -> list[list[float] | None]:
    """Per row [words of the answer, 1]."""
    return [[len(row["text"].split()), 1] for row in rows]


WORDS = Metric(
    label="words",
    direction="none",
    unit="words",
    statistics=_statistics,
    combine=quotient,
    signature=lambda: "words|tok:spaces|mean:rows|rule:1",
)

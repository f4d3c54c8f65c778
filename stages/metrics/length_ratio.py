"""How long the answers are beside their references; 1 is as long, neither side of it is better.

It is the quotient of the sums, not the mean of the rows' quotients, which a single short reference
would rule.
"""

from collections.abc import Sequence

from stages.metrics.metric import Metric, Row, quotient


def _statistics(rows: Sequence[Row]) -> list[list[float] | None]:
    """Per row [characters of the answer, characters of the reference], in code points."""
    return [[len(row["text"]), len(row["target"])] for row in rows]


def _signature() -> str:
    return "length_ratio|unit:code-points|rule:1"


LENGTH_RATIO = Metric(
    label="length ratio",
    direction="none",
    unit="ratio",
    statistics=_statistics,
    combine=quotient,
    signature=_signature,
)

"""The share of answers that were cut off by the token limit: the model didn't learn to stop."""

from collections.abc import Sequence

from stages.metrics.metric import Metric, Row, quotient


def _statistics(rows: Sequence[Row]) -> list[list[float] | None]:
    """Per row [1 if cut off else 0, 1]."""
    return [[int(row["hit_limit"]), 1] for row in rows]


def _signature() -> str:
    return "hit_limit_rate|rule:1"


HIT_LIMIT_RATE = Metric(
    label="hit length limit",
    direction="lower",
    unit="share 0-1",
    statistics=_statistics,
    combine=quotient,
    signature=_signature,
    best=0.0,
)

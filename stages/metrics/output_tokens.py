"""How long the answers are, in tokens of the model that wrote them: the mean per answer.

Neither way is better by itself: beside a rate of fulfilled constraints it tells what they cost.
Answers that no model wrote (the floors) have no tokens, and are not scored.
"""

from collections.abc import Sequence

from stages.metrics.metric import Metric, Row, quotient


def _statistics(rows: Sequence[Row]) -> list[list[float] | None]:
    """Per row [tokens of the answer, 1]; None where no model wrote it."""
    return [None if row["tokens_out"] is None else [row["tokens_out"], 1] for row in rows]


def _signature() -> str:
    return "output_tokens|rule:1"


OUTPUT_TOKENS = Metric(
    label="tokens per answer",
    direction="none",
    unit="tokens",
    statistics=_statistics,
    combine=quotient,
    signature=_signature,
)

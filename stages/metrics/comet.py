"""COMET, a learned estimate of how people would rate a translation, beside its reference.

The scores come from `score_comet@ARM`, since COMET needs an environment of its own; here they are
only averaged. Source: Rei et al. 2022, COMET-22.
"""

from collections.abc import Sequence

from stages.metrics.metric import Metric, Row, quotient


def _statistics(rows: Sequence[Row], scored_by: str) -> list[list[float] | None]:
    """Per row [segment score, 1]; `row["comet"]` is None where COMET gave no finite number.

    That alone, unlike in every other metric, can depend on the answer: two arms are compared on
    the rows that both have scored.
    """
    return [None if row["comet"] is None else [row["comet"], 1] for row in rows]


def _signature(scored_by: str) -> str:
    """The signature that the scoring recorded: package, model, checkpoint, with a reference."""
    return scored_by


COMET = Metric(
    label="COMET",
    direction="higher",
    unit="score, about 0-1",
    statistics=_statistics,
    combine=quotient,
    signature=_signature,
    scorer="comet",
)

"""The share of answers that equal their reference, apart from width and white space."""

import unicodedata
from collections.abc import Sequence

from stages.metrics.metric import Metric, Row, quotient


def _statistics(rows: Sequence[Row]) -> list[list[float] | None]:
    """Per row [1 if equal else 0, 1]."""
    return [[int(_normal(row["text"]) == _normal(row["target"])), 1] for row in rows]


def _normal(text: str) -> str:
    # NFKC first: it turns the ideographic space into one that split() and a reader see alike.
    return " ".join(unicodedata.normalize("NFKC", text).split())


def _signature() -> str:
    return f"exact_match|norm:nfkc+strip+collapse|case:mixed|unicode:{unicodedata.unidata_version}"


EXACT_MATCH = Metric(
    label="exact match",
    direction="higher",
    unit="share 0-1",
    statistics=_statistics,
    combine=quotient,
    signature=_signature,
    best=1.0,
)

"""The share of answers as near to a reference as the references are to each other.

The answer's word edits to the nearest reference are at most those between the two references that
differ most. With one reference it must be that one.
"""

from collections.abc import Sequence
from itertools import combinations

from stages.metrics.metric import Metric, Row, quotient
from stages.metrics.references import SIGNATURE, distance, references, words


def _statistics(rows: Sequence[Row]) -> list[list[float] | None]:
    """Per row [1 if acceptable else 0, 1]."""
    return [[int(_is_acceptable(row)), 1] for row in rows]


def _is_acceptable(row: Row) -> bool:
    answer, right = words(row["text"]), sorted(set(map(words, references(row))))
    spread = max((distance(*pair) for pair in combinations(right, 2)), default=0)
    return min(distance(answer, text) for text in right) <= spread


ACCEPTABLE = Metric(
    label="acceptable",
    direction="higher",
    unit="share 0-1",
    statistics=_statistics,
    combine=quotient,
    signature=lambda: f"acceptable|within:spread-of-references|{SIGNATURE}|rule:1",
    best=1.0,
)

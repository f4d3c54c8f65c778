"""The share of the answer's words that the input has not, a word as often as it has it.

0 for a copy, and for any other order of the same words: PAWS's pairs are such by construction. An
answer without a word has changed none. No side is the better one: prose about something else has 1,
so have a constant and, nearly, the nearest training row. It says how far an answer goes from its
input, and nothing of whether it should; read it beside `meaning_kept`.
"""

from collections.abc import Sequence

from stages.metrics.metric import Metric, Row, quotient
from stages.metrics.references import SIGNATURE, folded


def _statistics(rows: Sequence[Row]) -> list[list[float] | None]:
    """Per row [share of new words, 1]."""
    return [[_share(row), 1] for row in rows]


def _share(row: Row) -> float:
    said, before = folded(row["text"]), folded(row["input"])
    return (said - before).total() / max(1, said.total())


LEXICAL_CHANGE = Metric(
    label="new words",
    direction="none",
    unit="share 0-1",
    statistics=_statistics,
    combine=quotient,
    signature=lambda: f"lexical_change|case:folded|by:multiset|mean:rows|{SIGNATURE}|rule:1",
)

"""The share of rows with one right answer whose answer is right: by number, value, text or tests.

Rows count that pin their answer down by a constraint of the kind equals, json_equals, number or
python (see stages/constraints); the others are not scored. Neither a short answer nor a constant
can fake it: there is nothing to avoid, and rows differ in what is right.
"""

from collections.abc import Sequence

from stages.metrics.constraint_rates import checked_by, fulfilled
from stages.metrics.metric import Metric, Row, quotient

PINNED = ("equals", "json_equals", "number", "python")


def _statistics(rows: Sequence[Row]) -> list[list[float] | None]:
    """Per row [1 if the answer is right else 0, 1]; None where none is the only right one."""
    return [_row_statistics(row) for row in rows]


def _row_statistics(row: Row) -> list[float] | None:
    stated = row.get("constraints") or []
    pinned = [constraint for constraint in stated if constraint["kind"] in PINNED]
    if not pinned:
        return None
    return [int(all(fulfilled(row["text"], constraint) for constraint in pinned)), 1]


def _signature() -> str:
    return f"correct_rate|by:{'+'.join(PINNED)}|{checked_by()}|rule:1"


CORRECT_RATE = Metric(
    label="right answers",
    direction="higher",
    unit="share 0-1",
    statistics=_statistics,
    combine=quotient,
    signature=_signature,
    best=1.0,
)

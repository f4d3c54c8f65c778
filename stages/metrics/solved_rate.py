"""The share of rows whose task is solved, each by the strictest that is asked of its task.

Over all tasks together, with a part for each. Rewards are means of partial credit, which can rise
while nothing gets usable; this one cannot.
"""

from collections.abc import Sequence
from functools import partial

from stages.metrics import figures_supported, push_sendable, record_exact, sql_equivalent
from stages.metrics.metric import Metric, Row, quotient, tally
from stages.metrics.of_task import Judge, judged, task_of
from stages.rewards import extraction, insights, push, sql_qa

JUDGES: dict[str, Judge] = {
    extraction.TASK: record_exact.holds,
    sql_qa.TASK: sql_equivalent.holds,
    insights.TASK: figures_supported.holds,
    push.TASK: push_sendable.holds,
}
MADE_OF = (
    record_exact.RECORD_EXACT,
    sql_equivalent.SQL_EQUIVALENT,
    figures_supported.FIGURES_SUPPORTED,
    push_sendable.PUSH_SENDABLE,
)


def _parts(rows: Sequence[Row]) -> dict[str, list[int]]:
    """Per task [rows solved, rows]."""
    found = zip(map(task_of, rows), judged(JUDGES, rows), strict=True)
    return tally((task, bool(vector[0])) for task, vector in found if vector is not None)


def _signature() -> str:
    return "|".join(["solved_rate", *(metric.signature() for metric in MADE_OF)])


SOLVED_RATE = Metric(
    label="tasks solved",
    direction="higher",
    unit="share 0-1",
    statistics=partial(judged, JUDGES),
    combine=quotient,
    signature=_signature,
    bounds=(0.0, 1.0),
    best=1.0,
    parts=_parts,
)

"""Metrics that judge the answers of one task, strictly: right or not. Other rows are unscored.

A row's task is its `category`, what its answer is held against its `facts`; rows of studies
without them have no task.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from stages.metrics.metric import Metric, Row, quotient
from stages.rewards import REWARDS

Judge = Callable[[Mapping[str, Any]], bool | None]  # None: this row can't be judged


def task_of(row: Mapping[str, Any]) -> str | None:
    """The task that a row belongs to, one of those with a reward."""
    category = row.get("category") if row.get("facts") else None
    return category if category in REWARDS else None


def judged(judges: Mapping[str, Judge], rows: Sequence[Row]) -> list[list[float] | None]:
    """Per row [1 if its task's judge is content else 0, 1]; None for rows of other tasks."""
    found = [judges[task](row) if (task := task_of(row)) in judges else None for row in rows]
    return [None if right is None else [int(right), 1] for right in found]


def metric(label: str, task: str, judge: Judge, signature: str) -> Metric:
    """A share of one task's answers: those that its judge is content with."""
    return Metric(
        label=label,
        direction="higher",
        unit="share 0-1",
        statistics=partial(judged, {task: judge}),
        combine=quotient,
        signature=lambda: signature,
        bounds=(0.0, 1.0),
        best=1.0,
    )

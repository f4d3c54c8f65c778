"""What reinforcement learning is after: the mean of the tasks' rewards (stages/rewards).

Rows count whose task has a reward. The parser is the tolerant one, whichever an arm was trained by.
"""

import sqlite3
from collections.abc import Sequence

from stages import rewards
from stages.metrics.metric import Metric, Row, quotient


def _statistics(rows: Sequence[Row]) -> list[list[float] | None]:
    """Per row [its reward, 1]; None for a row without a task that has one."""
    return [None if score is None else [float(score), 1.0] for score in rewards.score(rows)]


def _signature() -> str:
    tasks = "+".join(rewards.REWARDS)
    return f"reward|tasks:{tasks}|parser:tolerant|sqlite:{sqlite3.sqlite_version}|rule:1"


REWARD = Metric(
    label="reward",
    direction="higher",
    unit="share 0-1",
    statistics=_statistics,
    combine=quotient,
    signature=_signature,
    bounds=(0.0, 1.0),
    best=1.0,
)

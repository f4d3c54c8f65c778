"""An arm's figures: scores out of its row statistics, and what its run recorded once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from stages.metrics.metric import Metric
from stages.verdicts.comparison import Rows, of_metric
from stages.verdicts.resampling import bootstrap_score, group_numbers, sum_by_group
from stages.verdicts.significance import defined


@dataclass(frozen=True)
class Figures:
    """What is known of a study's arms.

    rows: per arm its row statistics; empty for results that came without rows.
    metrics: the metrics that the rows hold.
    recorded: per arm and figure a number without rows, None where there is none.
    evaluated: per arm and step the rewards of dev rows while it was trained, by task and id.
    """

    rows: Mapping[str, Rows]
    metrics: Mapping[str, Metric]
    recorded: Mapping[str, Mapping[str, float | None]] = field(default_factory=dict)
    evaluated: Mapping[str, Mapping[int, Mapping[str, Mapping[str, float]]]] = field(
        default_factory=dict
    )

    def value(self, arm: str, figure: str) -> float | None:
        """A figure of an arm; None where it is not known or not defined."""
        if arm in self.rows and figure in self.metrics:
            sums, _, _ = self._sums(arm, figure)
            score = float(self.metrics[figure].combine(sums.sum(axis=0))) if sums.size else np.nan
            return score if np.isfinite(score) else None
        return self.recorded.get(arm, {}).get(figure)

    def replicates(self, arm: str, figure: str) -> tuple[np.ndarray, int, int] | None:
        """A score under the bootstrap, its rows and their groups; None for what has no rows."""
        if arm not in self.rows or figure not in self.metrics:
            return None
        sums, rows, groups = self._sums(arm, figure)
        drawn = defined(bootstrap_score(self.metrics[figure], sums)) if sums.size else None
        return None if drawn is None else (drawn, rows, groups)

    def _sums(self, arm: str, figure: str) -> tuple[np.ndarray, int, int]:
        rows: Sequence[Mapping[str, Any]] = of_metric(self.rows[arm], figure)
        groups = group_numbers([row["group"] for row in rows])
        vectors = [row.get(figure) for row in rows]
        places = [place for place, vector in enumerate(vectors) if vector]
        scored = len(set(groups[places].tolist()))
        return sum_by_group(vectors, places, groups), len(places), scored

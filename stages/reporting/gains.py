"""What single rows score by a metric, and by how much an arm's answer is better than its base's."""

from collections.abc import Mapping

import numpy as np

from stages import paths, records
from stages.metrics import METRICS

# What a row is called whose score rose or fell, by the metric's better side.
KINDS = {"higher": ("win", "loss"), "lower": ("win", "loss"), "none": ("rise", "fall")}


def row_scores(study: str, metric: str, arm: str) -> dict[str, float]:
    """Score of an arm's answer by row id; rows that the metric cannot score are left out."""
    rows = records.read(paths.row_statistics(study, arm))
    known = {row["id"]: row[metric] for row in rows if row.get(metric)}
    if not known:
        return {}
    values = METRICS[metric].combine(np.asarray(list(known.values()), dtype=float))
    scores = zip(known, np.asarray(values, dtype=float).tolist(), strict=True)
    return {row: score for row, score in scores if np.isfinite(score)}


def gains(metric: str, ours: Mapping[str, float], theirs: Mapping[str, float]) -> dict[str, float]:
    """By how much each row that both have scored is better; where no side is better, higher."""
    sign = -1 if METRICS[metric].direction == "lower" else 1
    return {row: sign * (ours[row] - theirs[row]) for row in ours if row in theirs}

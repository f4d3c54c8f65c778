"""Means of two groups that share no row, and the difference between them, with intervals."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from stages.metrics.metric import Metric, quotient
from stages.verdicts.resampling import SEED, bootstrap_scores, group_numbers, sum_by_group
from stages.verdicts.significance import interval

MEAN = Metric("mean", "none", "ratio", lambda rows: [[float(one), 1.0] for one in rows], quotient,
              lambda: "mean")  # fmt: skip
Values = Mapping[str, Sequence[float]]
Found = dict[str, dict[str, Any]]


def means(values: Values, groups: Sequence[str], seed: int = SEED) -> Found:
    """By figure its mean over rows, `low` and `high` of 95 %, and the bootstrap's replicates.

    Near-duplicate rows, which have the same group, are drawn together.
    """
    numbers = group_numbers(groups)
    places = range(len(groups))
    sums = {
        name: sum_by_group(MEAN.statistics(own), places, numbers) for name, own in values.items()
    }
    count = len(set(groups))
    found = bootstrap_scores(MEAN, sums, seed=seed)
    return {
        name: ranged(float(np.mean(values[name])), drawn, count) for name, drawn in found.items()
    }


def differences(one: Found, other: Found) -> Found:
    """By figure one group's mean less the other's; both are drawn apart, as no row is in both."""
    return {
        name: ranged(
            found["value"] - other[name]["value"],
            found["drawn"] - other[name]["drawn"],
            min(found["groups"], other[name]["groups"]),
        )
        for name, found in one.items()
    }


def ranged(value: float, drawn: np.ndarray, groups: int) -> dict[str, Any]:
    """A value with its interval, which fewer than six groups do not give."""
    low, high = interval(drawn, groups) or (None, None)
    return {"value": value, "low": low, "high": high, "drawn": drawn, "groups": groups}

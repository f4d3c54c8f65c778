"""Scores of two groups that share no row, and the difference between them, with intervals."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from stages.metrics.metric import Metric, quotient
from stages.verdicts.resampling import (
    SEED,
    Vectors,
    bootstrap_scores,
    group_numbers,
    sum_by_group,
)
from stages.verdicts.significance import defined, interval

MEAN = Metric("mean", "none", "ratio", lambda rows: [[float(one), 1.0] for one in rows], quotient,
              lambda: "mean")  # fmt: skip
Values = Mapping[str, Sequence[float]]
Found = dict[str, dict[str, Any]]


def means(values: Values, groups: Sequence[str], seed: int = SEED) -> Found:
    """By figure its mean over rows; see `scores`."""
    return scores(MEAN, {name: MEAN.statistics(own) for name, own in values.items()}, groups, seed)


def scores(
    metric: Metric, vectors: Mapping[str, Vectors], groups: Sequence[str], seed: int = SEED
) -> Found:
    """By name the score of its rows' statistics, `low` and `high` of 95 %, and the replicates.

    Near-duplicate rows, which have the same group, are drawn together, and all names see the same
    draws. Only rows that are scored under every name count; where there is none, nothing is found.
    """
    numbers = group_numbers(groups)
    places = [place for place, row in enumerate(zip(*vectors.values(), strict=True)) if all(row)]
    if not places:
        return {}
    sums = {name: sum_by_group(own, places, numbers) for name, own in vectors.items()}
    count = len({groups[place] for place in places})
    return {
        name: ranged(float(metric.combine(sums[name].sum(axis=0))), drawn, count)
        for name, drawn in bootstrap_scores(metric, sums, seed=seed).items()
    }


def differences(one: Found, other: Found) -> Found:
    """By figure one group's score less the other's; both are drawn apart, as no row is in both."""
    return {name: less(found, other[name]) for name, found in one.items()}


def less(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """One score less another: of the same draws if both were found together, else drawn apart."""
    groups = min(one["groups"], other["groups"])
    return ranged(one["value"] - other["value"], one["drawn"] - other["drawn"], groups)


def ranged(value: float, drawn: np.ndarray, groups: int) -> dict[str, Any]:
    """A value with its interval, which fewer than six groups and undefined draws do not give."""
    finite = defined(drawn)
    low, high = (None, None) if finite is None else interval(finite, groups) or (None, None)
    return {"value": value, "low": low, "high": high, "drawn": drawn, "groups": groups}

"""Resample rows in pairs: bootstrap for intervals, randomization for exact p-values.

What is drawn is a near-duplicate group, not a row: rows that resemble each other are no independent
evidence. Both work on sums of the metrics' additive row statistics, so that a score of the whole
corpus (BLEU) is resampled as it is defined and not as a mean of rows.

Sources: Koehn 2004 (paired bootstrap), Riezler and Maxwell 2005 (approximate randomization).
"""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from stages.metrics.metric import Metric

RESAMPLES = 10_000
SEED = 20_040_725  # any constant: the same rows give the same figures
# Draws per matrix product: keeps the draws of a large split at a few ten MB.
CHUNK = 512

Vectors = Sequence[Sequence[float] | None]


@dataclass(frozen=True)
class Pair:
    """Two arms' statistics of one metric over the same rows, summed by group: shape (groups, k)."""

    metric: Metric
    arm: np.ndarray
    against: np.ndarray
    rows: int  # scored for both
    unpaired: int  # scored for one of the two only
    groups: int  # that hold a paired row

    def deltas(self, arm: np.ndarray, against: np.ndarray) -> np.ndarray:
        """Differences of the score for sums of shape (..., k)."""
        return self.metric.combine(arm) - self.metric.combine(against)


def group_numbers(groups: Sequence[str]) -> np.ndarray:
    """The number of each row's group, 0 to groups - 1."""
    return np.unique(np.asarray(groups), return_inverse=True)[1]


def make_pair(metric: Metric, arm: Vectors, against: Vectors, groups: np.ndarray) -> Pair:
    """Sum two arms' row statistics by group, over the rows that both have scored."""
    places = [i for i, (a, b) in enumerate(zip(arm, against, strict=True)) if a and b]
    scored = sum(1 for a, b in zip(arm, against, strict=True) if a or b)
    return Pair(
        metric=metric,
        arm=sum_by_group(arm, places, groups),
        against=sum_by_group(against, places, groups),
        rows=len(places),
        unpaired=scored - len(places),
        groups=len(set(groups[places].tolist())),
    )


def sum_by_group(vectors: Vectors, places: Sequence[int], groups: np.ndarray) -> np.ndarray:
    """Sums of the vectors at `places`, shape (groups, k); (groups, 0) without any."""
    total = int(groups.max()) + 1 if len(groups) else 0
    if not places:
        return np.zeros((total, 0))
    chosen = np.asarray([vectors[i] for i in places], dtype=float)
    sums = np.zeros((total, chosen.shape[1]))
    np.add.at(sums, groups[list(places)], chosen)
    return sums


def replicate(
    pairs: Mapping[Any, Pair], resamples: int = RESAMPLES, seed: int = SEED
) -> dict[Any, tuple[np.ndarray, np.ndarray]]:
    """Per pair its deltas under the bootstrap and under randomization, each of shape (resamples,).

    All pairs see the same draws, so that arms are compared on the same rows. A delta is NaN where
    a draw holds nothing to divide by.
    """
    if not pairs:
        return {}
    rng = np.random.default_rng(seed)
    arm, against = (
        np.concatenate([getattr(pair, side) for pair in pairs.values()], axis=1)
        for side in ("arm", "against")
    )
    edges = np.cumsum([0, *(pair.arm.shape[1] for pair in pairs.values())])
    columns = [slice(*ends) for ends in itertools.pairwise(edges.tolist())]
    found = {key: (np.empty(resamples), np.empty(resamples)) for key in pairs}
    for start in range(0, resamples, CHUNK):
        size = min(CHUNK, resamples - start)
        counts = _counts(rng, size, len(arm))
        drawn = counts @ arm, counts @ against
        # Swapping a group's answers moves its difference from one side to the other.
        moved = rng.integers(0, 2, counts.shape).astype(float) @ (arm - against)
        swapped = arm.sum(axis=0) - moved, against.sum(axis=0) + moved
        for (key, pair), own in zip(pairs.items(), columns, strict=True):
            for replicates, (ours, theirs) in zip(found[key], (drawn, swapped), strict=True):
                replicates[start : start + size] = pair.deltas(ours[:, own], theirs[:, own])
    return found


def bootstrap_score(
    metric: Metric, sums: np.ndarray, resamples: int = RESAMPLES, seed: int = SEED
) -> np.ndarray:
    """One arm's score under the bootstrap, shape (resamples,); `sums` as `sum_by_group` gives."""
    return bootstrap_scores(metric, {"": sums}, resamples, seed)[""]


def bootstrap_scores(
    metric: Metric, sums: Mapping[str, np.ndarray], resamples: int = RESAMPLES, seed: int = SEED
) -> dict[str, np.ndarray]:
    """Several contestants' scores under the same draws of the same groups, each (resamples,)."""
    rng = np.random.default_rng(seed)
    groups = len(next(iter(sums.values())))
    found: dict[str, list[np.ndarray]] = {name: [] for name in sums}
    for start in range(0, resamples, CHUNK):
        counts = _counts(rng, min(CHUNK, resamples - start), groups)
        for name, own in sums.items():
            found[name].append(metric.combine(counts @ own))
    return {name: np.concatenate(parts) for name, parts in found.items()}


def _counts(rng: np.random.Generator, size: int, groups: int) -> np.ndarray:
    """How often each group is drawn, shape (size, groups): multinomial, by counting draws."""
    drawn = rng.integers(0, groups, (size, groups)) + groups * np.arange(size)[:, None]
    return np.bincount(drawn.ravel(), minlength=size * groups).reshape(size, groups).astype(float)

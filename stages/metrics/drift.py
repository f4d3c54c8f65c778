"""How far an adapter moved its base: KL divergence of next-token distributions, mean and p95.

`measure_drift@ARM` measures it per token, on texts of its own; see there. Its rows are those texts
and not the study's examples.
"""

import math
from collections.abc import Sequence

import numpy as np

from stages.metrics.metric import Metric, Row, quotient

# Bounds of the bins in which tokens are counted for a percentile, in nats: below the lowest, an
# eighth wider each. A percentile of counts adds up over rows, as every statistic here must.
LOWEST, HIGHEST, BINS = 1e-5, 20.0, 124
EDGES = np.geomspace(LOWEST, HIGHEST, BINS + 1)
SHARE = 0.95


def _mean(rows: Sequence[Row], scored_by: str) -> list[list[float] | None]:
    """Per text [sum over its tokens in nats, tokens]; None where no model here answered."""
    return [
        None if row["drift"] is None else [math.fsum(row["drift"]), len(row["drift"])]
        for row in rows
    ]


def _counts(rows: Sequence[Row], scored_by: str) -> list[list[float] | None]:
    """Per text its tokens in each bin, the first bin being all below LOWEST."""
    return [None if row["drift"] is None else _binned(row["drift"]).tolist() for row in rows]


def _binned(nats: Sequence[float]) -> np.ndarray:
    return np.bincount(np.searchsorted(EDGES, nats, side="right"), minlength=BINS + 2)


def _percentile(sums: np.ndarray) -> np.ndarray:
    """The nats that 95 % of tokens do not exceed, shape (..., k) to (...); 0 below LOWEST.

    Exact to the width of a bin, an eighth of the value; within a bin interpolated by its logarithm.
    """
    sums = np.asarray(sums, dtype=float)
    total = sums.sum(axis=-1)
    reached = sums.cumsum(axis=-1)
    wanted = SHARE * total[..., None]
    place = (reached < wanted - 1e-9).sum(axis=-1)
    below = np.take_along_axis(reached - sums, place[..., None], axis=-1)[..., 0]
    held = np.take_along_axis(sums, place[..., None], axis=-1)[..., 0]
    part = np.divide(SHARE * total - below, held, out=np.zeros(held.shape), where=held > 0)
    low, high = EDGES[np.clip(place - 1, 0, BINS)], EDGES[np.clip(place, 0, BINS)]
    value = np.where(place == 0, 0.0, low * (high / low) ** part)
    return np.where(total > 0, value, np.nan)


def _signature(scored_by: str) -> str:
    """The signature that the measuring recorded: direction, positions, texts."""
    return scored_by


KL_MEAN = Metric(
    label="KL from base, mean",
    direction="none",
    unit="nats per token",
    statistics=_mean,
    combine=quotient,
    signature=_signature,
    scorer="drift",
)
KL_P95 = Metric(
    label="KL from base, p95",
    direction="none",
    unit="nats per token",
    statistics=_counts,
    combine=_percentile,
    signature=lambda scored_by: f"{scored_by}|percentile:95|bins:{BINS}",
    scorer="drift",
)

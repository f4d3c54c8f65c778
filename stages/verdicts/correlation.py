"""Correlation of two figures across arms, with its interval."""

import itertools
import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy import special

from stages.verdicts.significance import ALPHA

# Fisher's interval has n - 3 under a root.
FEWEST = 4
# Up to here all orders are gone through; 8! is 40,320.
EXACT = 8


def correlate(points: Sequence[tuple[float, float]], method: str) -> dict[str, Any] | None:
    """r, its 95 % interval and two-sided p; None for fewer than four points or a constant side.

    Interval: Fisher's z, for Spearman with the variance of Bonett and Wright (2000); None where all
    points lie on a line. p: Student's t, for Spearman up to eight points exact.
    """
    from scipy import stats  # 0.5 s, and few studies need it

    if len(points) < FEWEST or any(len(set(side)) == 1 for side in zip(*points, strict=True)):
        return None
    x, y = zip(*points, strict=True)
    if method == "spearman":
        x, y = stats.rankdata(x), stats.rankdata(y)
    r, p = (float(number) for number in stats.pearsonr(x, y))
    if method == "spearman" and len(points) <= EXACT:
        p = _p_of_orders(np.asarray(x), np.asarray(y))
    if abs(r) > 1 - 1e-9:
        return {"r": r, "low": None, "high": None, "p": p}
    variance = 1 if method == "pearson" else 1 + r**2 / 2
    half = special.ndtri(1 - ALPHA / 2) * math.sqrt(variance / (len(points) - 3))
    z = math.atanh(r)
    return {"r": r, "low": math.tanh(z - half), "high": math.tanh(z + half), "p": p}


def _p_of_orders(x: np.ndarray, y: np.ndarray) -> float:
    """The share of all orders of y whose ranks go with x as closely, either way."""
    centred = x - x.mean()
    products = np.asarray(list(itertools.permutations(y - y.mean()))) @ centred
    seen = abs(centred @ (y - y.mean()))
    return float((np.abs(products) >= seen - 1e-9).mean())

"""Correlation of two figures across arms, with its interval."""

import math
from collections.abc import Sequence
from typing import Any

from scipy import special

from stages.verdicts.significance import ALPHA

# Fisher's interval has n - 3 under a root.
FEWEST = 4


def correlate(points: Sequence[tuple[float, float]], method: str) -> dict[str, Any] | None:
    """r, its 95 % interval and two-sided p; None for fewer than four points or a constant side.

    Interval: Fisher's z; for Spearman with the variance of Bonett and Wright (2000).
    """
    from scipy import stats  # 0.5 s, and few studies need it

    if len(points) < FEWEST or any(len(set(side)) == 1 for side in zip(*points, strict=True)):
        return None
    test = {"pearson": stats.pearsonr, "spearman": stats.spearmanr}[method]
    r, p = (float(number) for number in test(*zip(*points, strict=True)))
    variance = 1 if method == "pearson" else 1 + r**2 / 2
    half = special.ndtri(1 - ALPHA / 2) * math.sqrt(variance / (len(points) - 3))
    z = math.atanh(max(-1 + 1e-12, min(1 - 1e-12, r)))
    return {"r": r, "low": math.tanh(z - half), "high": math.tanh(z + half), "p": p}

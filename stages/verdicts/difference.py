"""One comparison of two arms by one metric: difference, interval and p, standing alone."""

from typing import Any

import numpy as np

from stages.verdicts.resampling import Pair
from stages.verdicts.significance import (
    TOLERANCE,
    defined,
    interval,
    p_bootstrap,
    p_randomization,
)


def describe(pair: Pair, drawn: np.ndarray | None, swapped: np.ndarray | None) -> dict[str, Any]:
    result: dict[str, Any] = dict.fromkeys(
        ("value", "against_value", "delta", "low", "high", "p", "deviation", "changed", "reason")
    )
    result |= {"n": pair.rows, "groups": pair.groups, "unpaired": pair.unpaired}
    if drawn is None:
        return result | {"reason": "no row is scored for both"}
    sums = pair.arm.sum(axis=0), pair.against.sum(axis=0)
    value, against = (float(pair.metric.combine(side)) for side in sums)
    if not (np.isfinite(value) and np.isfinite(against)):
        return result | {"reason": "the score is undefined: nothing to divide by"}
    result |= {"value": value, "against_value": against, "delta": value - against}
    drawn, swapped = defined(drawn), defined(swapped)
    if drawn is None or swapped is None:
        return result | {"reason": f"undefined for too many draws of the {pair.rows} scored rows"}
    bounds = interval(drawn, pair.groups)
    if bounds is None:
        return result | {"reason": f"{pair.groups} independent rows are too few for an interval"}
    missing = _missing(pair, value - against)
    bounds = bounds[0] - missing, bounds[1] + missing
    sure = max(0.0, abs(value - against) - missing)
    p = max(p_bootstrap(drawn, sure), p_randomization(swapped, sure))
    changed = int((pair.arm != pair.against).any(axis=1).sum())
    result |= {"p": p, "deviation": 0.0, "changed": changed}
    if np.ptp(drawn) > TOLERANCE:
        result |= {"low": bounds[0], "high": bounds[1], "deviation": float(drawn.std(ddof=1))}
    elif abs(value - against) <= TOLERANCE:
        result["reason"] = "all rows tie: no spread to draw an interval from"
    # A row that one side alone has scored may be missing for how it was answered.
    if pair.unpaired and pair.metric.bounds is None:
        result["reason"] = f"incomplete: {pair.unpaired} rows are scored for one of the two only"
    return result


def _missing(pair: Pair, delta: float) -> float:
    """How far the rows that one side alone has scored could move the difference, at their worst.

    Of m rows, u of them unpaired, the difference is ((m - u) delta + sum of u differences) / m,
    each of these between plus and minus the range of a row's score.
    """
    if not pair.unpaired or pair.metric.bounds is None:
        return 0.0
    low, high = pair.metric.bounds
    return pair.unpaired / (pair.rows + pair.unpaired) * (high - low + abs(delta))

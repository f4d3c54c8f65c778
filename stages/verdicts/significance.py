"""Intervals and p-values out of resampled deltas, corrected for few rows and for many arms."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from scipy import special

ALPHA = 0.05
POWER = 0.80
# Replicates that are undefined (nothing to divide by) are left out up to this share.
MAX_UNDEFINED = 0.05
# With fewer independent rows a 95 % interval would hold the truth in 50 to 92 % of samples.
FEWEST_GROUPS = 6
# Two ways to add the same floats differ in the last digits; that is no difference.
TOLERANCE = 1e-9


def defined(replicates: np.ndarray) -> np.ndarray | None:
    """The finite replicates; None where too many are undefined to say anything."""
    finite = replicates[np.isfinite(replicates)]
    return finite if len(finite) >= (1 - MAX_UNDEFINED) * len(replicates) else None


def interval(replicates: np.ndarray, groups: int) -> tuple[float, float] | None:
    """95 % percentile interval, widened for few groups; None for fewer than six.

    The plain percentile interval is too narrow by sqrt((n-1)/n) and uses normal instead of t
    quantiles; the expanded one corrects both (Hesterberg 2015, "What Teachers Should Know About
    the Bootstrap").
    """
    if groups < FEWEST_GROUPS:
        return None
    z = np.sqrt(groups / (groups - 1)) * special.stdtrit(groups - 1, 1 - ALPHA / 2)
    tail = float(special.ndtr(-z))
    low, high = np.quantile(replicates, [tail, 1 - tail])
    return float(low), float(high)


def p_bootstrap(replicates: np.ndarray, delta: float) -> float:
    """Two-sided p of a delta: how often replicates lie as far from their mean as it does from 0.

    sacreBLEU's paired bootstrap counts one tail of the two and leaves ties out.
    """
    far = np.abs(replicates - replicates.mean()) >= abs(delta) - _slack(delta)
    return float((far.sum() + 1) / (len(replicates) + 1))


def p_randomization(replicates: np.ndarray, delta: float) -> float:
    """Two-sided p of a delta when each group's answers are swapped between the arms at random.

    Exact for any sample size: five groups can't get below 2 / 2**5.
    """
    far = np.abs(replicates) >= abs(delta) - _slack(delta)
    return float((far.sum() + 1) / (len(replicates) + 1))


def p_threshold(replicates: np.ndarray, threshold: float, groups: int, share: bool) -> float:
    """Two-sided p of a score lying on its side of a threshold, by inverting `interval`."""
    if groups < FEWEST_GROUPS:
        return 1.0
    if np.ptp(replicates) == 0:
        return _p_without_spread(float(replicates[0]), threshold, groups, share)
    beyond = min((replicates <= threshold).sum(), (replicates >= threshold).sum())
    tail = min(0.5, float((beyond + 1) / (len(replicates) + 1)))
    t = -special.ndtri(tail) / np.sqrt(groups / (groups - 1))
    p = float(2 * special.stdtr(groups - 1, -t))
    return max(p, _p_share(replicates, threshold, groups)) if share else p


def _p_share(replicates: np.ndarray, threshold: float, groups: int) -> float:
    """Twice the binomial tail, where the bootstrap is too sure: nearly all rows right, or wrong.

    Rows count for as many right-or-wrong answers as their spread comes to: more where a row is
    itself a share, fewer where rows resemble each other (Korn and Graubard 1998).
    """
    share = replicates.mean()
    if not (0 < threshold < 1 and 0 < share < 1):
        return 0.0
    count = share * (1 - share) / replicates.var() * (groups - 1) / groups
    right = share * count
    below = special.betainc(count - right, right + 1, 1 - threshold)
    above = special.betainc(right, count - right + 1, threshold)
    return float(min(1.0, 2 * min(below, above)))


def _p_without_spread(score: float, threshold: float, groups: int, share: bool) -> float:
    """Where all rows are right or all wrong: the chance of that if the share were the threshold."""
    if not share or score not in (0.0, 1.0):
        return 1.0
    chance = threshold if score == 1.0 else 1 - threshold
    return min(1.0, 2 * max(0.0, chance) ** groups)


def holm(p_values: Mapping[Any, float]) -> dict[Any, float]:
    """Holm's step-down adjustment (1979): any error among all of them has a rate below alpha."""
    adjusted, largest = {}, 0.0
    ordered = sorted(p_values, key=lambda key: p_values[key])
    for place, key in enumerate(ordered):
        largest = max(largest, min(1.0, (len(ordered) - place) * p_values[key]))
        adjusted[key] = largest
    return {key: adjusted[key] for key in p_values}


def detectable(
    deviation: float, groups: int, changed: int, arms: int, rate: float | None
) -> float | None:
    """The smallest difference that would have been shown with 80 % power; None where none could.

    deviation: the bootstrap's standard deviation of the difference.
    changed: groups in which the two sides differ at all.
    arms: the size of Holm's family, in which the smallest p must get below 0.05 / arms.
    rate: what the arm is compared with, if that is a share; None for any other score.

    Two bounds, the larger counts. By spread: (t + z) standard errors, for a share with the spread
    that the gained rows would add. By count: as many changed rows as the tests ask for, each
    changed as much as those that did; a sample in which hardly a row changed has little spread.
    No share changes by more than 1: what comes to more is None.
    """
    if groups < fewest_changed(arms) or (deviation == 0 and rate is None):
        return None
    factor = special.stdtrit(groups - 1, 1 - ALPHA / (2 * arms)) + special.ndtri(POWER)
    error = np.sqrt(groups / (groups - 1)) * deviation
    size = deviation * groups / np.sqrt(changed) if changed and deviation else 1.0
    enough = enough_changed(arms, groups)
    by_count = size * float(special.betaincinv(enough, groups - enough + 1, POWER))
    if rate is None or deviation == 0:
        return max(float(factor * error), by_count)
    # d = factor * error(d): d more rows right add to the variance what a binomial's rows would.
    linear = factor**2 / groups * size * abs(1 - 2 * rate)
    by_spread = float(linear + np.sqrt(linear**2 + 4 * (factor * error) ** 2)) / 2
    effect = max(by_spread, by_count)
    return effect if effect <= 1 else None


def fewest_changed(arms: int) -> int:
    """How many groups must change, all one way, for randomization to reach alpha / arms."""
    return int(np.ceil(1 + np.log2(arms / ALPHA)))


def enough_changed(arms: int, groups: int) -> int:
    """As `fewest_changed`, for the bootstrap's p as well, which is larger in large families.

    Of k changed groups a resample draws Binomial(groups, k / groups); p is how often that is off
    by k.
    """
    k = fewest_changed(arms)
    while k < groups:
        none = special.bdtr(0, groups, k / groups)
        double = special.bdtrc(min(2 * k - 1, groups), groups, k / groups)
        if none + double <= ALPHA / arms:
            break
        k += 1
    return k


def _slack(delta: float) -> float:
    return TOLERANCE * max(1.0, abs(delta))

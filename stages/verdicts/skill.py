"""How far an arm has come from the best floor to the reference, by one metric.

0 is the floor, 1 the reference, below 0 worse than trivial. It compares across metrics and studies,
as scores between negative and positive controls do elsewhere.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from stages.floors import REFERENCE
from stages.metrics.metric import Metric
from stages.verdicts.comparison import Rows, of_metric
from stages.verdicts.resampling import bootstrap_scores, group_numbers, sum_by_group
from stages.verdicts.significance import TOLERANCE, defined, interval

SIGN = {"higher": 1, "lower": -1}


@dataclass(frozen=True)
class Skill:
    """(arm - best floor) / (reference - best floor), with its 95 % interval; None with a reason.

    The best floor is chosen anew in each resample, which is no help to the arm.
    """

    value: float | None
    low: float | None = None
    high: float | None = None
    reason: str | None = None


def skills_of(
    rows: Mapping[str, Rows],
    arms: Sequence[str],
    floors: Sequence[str],
    metrics: Mapping[str, Metric],
) -> dict[tuple[str, str], Skill]:
    """Each arm's skill by each metric; arms that scored the same rows share their draws."""
    found = {}
    for name, metric in metrics.items():
        own = {one: of_metric(rows[one], name) for one in (*arms, *floors, REFERENCE)}
        scored = {one: [row.get(name) for row in of] for one, of in own.items()}
        known = [floor for floor in floors if any(scored[floor])]
        groups = group_numbers([row["group"] for row in own[REFERENCE]])
        alike: dict[tuple[int, ...], list[str]] = {}
        for arm in arms:
            sides = (scored[one] for one in (arm, *known, REFERENCE))
            places = [i for i, every in enumerate(zip(*sides, strict=True)) if all(every)]
            alike.setdefault(tuple(places), []).append(arm)
        for places, some in alike.items():
            sums = {
                one: sum_by_group(scored[one], places, groups) for one in (*some, *known, REFERENCE)
            }
            for arm, skill in _skills(some, known, metric, sums, groups[list(places)]).items():
                found[arm, name] = skill
    return found


def _skills(
    arms: Sequence[str],
    floors: Sequence[str],
    metric: Metric,
    sums: Mapping[str, np.ndarray],
    groups: np.ndarray,
) -> dict[str, Skill]:
    """The skills of arms that scored the same rows; `groups` are those rows' groups."""
    if not len(groups):
        return dict.fromkeys(arms, Skill(None, reason="no row is scored for arm and floors"))
    drawn = bootstrap_scores(metric, sums)
    whole = {one: np.asarray([metric.combine(own.sum(axis=0))]) for one, own in sums.items()}
    independent, sign = len(set(groups.tolist())), SIGN[metric.direction]
    return {arm: _skill(arm, floors, sign, whole, drawn, independent) for arm in arms}


def _skill(
    arm: str,
    floors: Sequence[str],
    sign: int,
    whole: Mapping[str, np.ndarray],
    drawn: Mapping[str, np.ndarray],
    groups: int,
) -> Skill:
    value = float(_share_of_way(arm, floors, sign, whole)[0])
    if not np.isfinite(value):
        return Skill(None, reason="the reference is no better than the best floor")
    replicates = defined(_share_of_way(arm, floors, sign, drawn))
    bounds = None if replicates is None else interval(replicates, groups)
    if bounds is None:
        return Skill(value, reason="too few rows to draw an interval from")
    return Skill(value, *bounds)


def _share_of_way(
    arm: str,
    floors: Sequence[str],
    sign: int,
    scores: Mapping[str, np.ndarray],
) -> np.ndarray:
    """The skill for scores of shape (draws,); NaN where the way has no length."""
    heights = np.stack([sign * scores[floor] for floor in floors])
    # A floor without a score in a draw (nothing to divide by) is not the best one there.
    best = np.where(np.isfinite(heights), heights, -np.inf).max(axis=0)
    way = sign * scores[REFERENCE] - best
    gone = sign * scores[arm] - best
    usable = np.isfinite(way) & (way > TOLERANCE)
    return np.divide(gone, way, out=np.full(way.shape, np.nan), where=usable)

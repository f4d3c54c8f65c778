"""What floors say of a metric itself, before and after anything is trained.

`scores` maps contestants to their scores by metric, None where a score is not defined.
"""

from collections.abc import Mapping

from stages.floors import LOOKED_UP, REFERENCE
from stages.metrics.metric import Metric

Scores = Mapping[str, Mapping[str, float | None]]
# The same statistics, added in another order.
TOLERANCE = 1e-6


def short_of_best(scores: Scores, metrics: Mapping[str, Metric]) -> dict[str, dict[str, float]]:
    """By metric what the reference scores, where that is not the best there is: {"value", "best"}.

    Then either the metric or the data is wrong: nobody can reach what it calls perfect.
    """
    found = {}
    for name, value in scores.get(REFERENCE, {}).items():
        best = metrics[name].best
        if best is not None and value is not None and abs(value - best) > TOLERANCE:
            found[name] = {"value": value, "best": best}
    return found


def perfect(scores: Scores, metrics: Mapping[str, Metric]) -> dict[str, list[str]]:
    """By metric the trivial answers that score the best there is: no arm can beat them."""
    return {
        name: names
        for name, metric in metrics.items()
        if metric.best is not None
        and (
            names := [
                floor
                for floor in trivial(scores)
                if (value := scores[floor].get(name)) is not None
                and abs(value - metric.best) <= TOLERANCE
            ]
        )
    }


def trivial(scores: Scores) -> list[str]:
    """The floors that say the same of every row, or give it back."""
    return [floor for floor in scores if floor not in (*LOOKED_UP, REFERENCE)]

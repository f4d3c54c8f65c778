"""Where an arm stands beside the floors: better than all of them or not, and how far on the way up.

Better than every floor is an intersection-union test (Berger 1982): each comparison at the full
level, since all of them must come out, and no correction.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from stages.floors import REFERENCE, flags
from stages.metrics.metric import Metric
from stages.verdicts.comparison import (
    HELPED,
    HURT,
    Pairing,
    Rows,
    compare,
    settle,
    settle_by_metric,
)
from stages.verdicts.figures import Figures
from stages.verdicts.skill import SIGN, Skill, skills_of

SHOWN = ("verdict", "value", "against_value", "delta", "low", "high", "p", "n", "reason")


@dataclass(frozen=True)
class Standing:
    """An arm beside the floors by one metric.

    beside: per floor its comparison with the arm, `value` the arm's score.
    best: the floor with the best score, None where none has one.
    unbeaten: the floors that the arm is not shown to be better than; `ahead` those shown better.
    """

    beside: Mapping[str, Mapping[str, Any]]
    best: str | None
    unbeaten: Sequence[str]
    ahead: Sequence[str]
    skill: Skill


def weigh(
    figures: Figures, arms: Sequence[str], trivial: Sequence[str], untouched: Sequence[str]
) -> dict[str, Any]:
    """All that is said of a study's floors, the reference among them, as plain data.

    arms: their `Standing` by arm and metric.
    against, metrics: the floors' own comparisons with the first untouched base, by floor.
    won: by metric the trivial answers shown to be better than that base, with their scores; a gain
        over it is then worth nothing by itself: silence, an echo or a constant has it too.
    short_of_best: see stages/floors/flags.py.
    """
    rows, metrics = figures.rows, figures.metrics
    floors = [floor for floor in trivial if floor != REFERENCE]
    scores = {floor: {name: figures.value(floor, name) for name in metrics} for floor in trivial}
    compared = beside_base(rows, floors, untouched[:1], metrics)
    return {
        "arms": standings(rows, arms, floors, metrics),
        "against": next(iter(untouched), None),
        "metrics": compared,
        "won": won(compared, flags.trivial(scores)),
        "short_of_best": flags.short_of_best(scores, metrics),
    }


def beside_base(
    rows: Mapping[str, Rows],
    floors: Sequence[str],
    base: Sequence[str],
    metrics: Mapping[str, Metric],
) -> dict[str, dict[str, Any]]:
    """By floor and metric its comparison with a base, as an arm has it, the floors as a family."""
    wanted = [
        Pairing(floor, arm, name)
        for name in metrics
        for floor in floors
        for arm in base
        if _knows(rows[floor], name)
    ]
    found: dict[str, dict[str, Any]] = {}
    compared = compare(rows, wanted, metrics) if wanted else {}
    for pairing, result in settle_by_metric(compared, metrics).items():
        found.setdefault(pairing.arm, {})[pairing.metric] = result
    return found


def won(compared: Mapping[str, Any], trivial: Sequence[str]) -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = {}
    for floor in trivial:
        for name, comparison in compared.get(floor, {}).items():
            if comparison["verdict"] == HELPED:
                found.setdefault(name, {})[floor] = comparison["value"]
    return found


def standings(
    rows: Mapping[str, Rows],
    arms: Iterable[str],
    floors: Sequence[str],
    metrics: Mapping[str, Metric],
) -> dict[str, dict[str, dict[str, Any]]]:
    """By arm and metric its `Standing`, as plain data; metrics that floors can't have are left out.

    `rows` has the row statistics of arms, floors and reference, by id.
    """
    sided = {
        name: metric
        for name, metric in metrics.items()
        if metric.direction in SIGN and any(_knows(rows[floor], name) for floor in floors)
    }
    wanted = [Pairing(arm, floor, name) for name in sided for arm in arms for floor in floors]
    compared = {
        key: settle({key: found}, metrics)[key]
        for key, found in (compare(rows, wanted, metrics) if wanted else {}).items()
    }
    skills = skills_of(rows, list(arms), floors, sided)
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for arm in arms:
        for name in sided:
            beside = {floor: compared[Pairing(arm, floor, name)] for floor in floors}
            standing = _standing(beside, sided[name], skills[arm, name])
            found.setdefault(arm, {})[name] = asdict(standing)
    return found


def _standing(beside: Mapping[str, Any], metric: Metric, skill: Skill) -> Standing:
    # A floor without a score (nothing to divide by) is none: nobody can be worse than it.
    known = {floor: c for floor, c in beside.items() if c["delta"] is not None}
    sign = SIGN[metric.direction]
    return Standing(
        beside={floor: {key: c[key] for key in SHOWN} for floor, c in beside.items()},
        best=max(known, key=lambda floor: sign * known[floor]["against_value"], default=None),
        unbeaten=[floor for floor, c in known.items() if c["verdict"] != HELPED],
        ahead=[floor for floor, c in known.items() if c["verdict"] == HURT],
        skill=skill,
    )


def _knows(rows: Rows, name: str) -> bool:
    """Whether a floor's rows hold a metric at all: nothing without a model can drift."""
    return any(row.get(name) for row in rows)

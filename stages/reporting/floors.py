"""Where an arm stands beside the floors, in a sentence and in a cell."""

from collections.abc import Mapping
from typing import Any

from stages.metrics import METRICS
from stages.reporting.tables import digits, number
from stages.verdicts.comparison import HELPED

# What each floor does, as an arm is worse than it.
DOES = {
    "empty": "saying nothing",
    "copy": "copying the input",
    "constant": "giving one training answer every time",
    "nearest": "looking up the nearest training row",
}
Standing = Mapping[str, Any]


def does(floor: str) -> str:
    return DOES.get(floor, f"always giving the constant “{floor}”")


def beside(standing: Standing | None, metric: str) -> str:
    """`worse than nearest (39.30)`, `not above copy (10.42)`; nothing for an arm above all."""
    if not standing or not standing["unbeaten"]:
        return ""
    floor = strongest(standing, metric)
    value = number(standing["beside"][floor]["against_value"], digits(METRICS[metric].unit))
    return f"{'worse than' if floor in standing['ahead'] else 'not above'} {floor} ({value})"


def sentence(
    standing: Standing | None, metric: str, verdict: str, waived: str | None = None
) -> str:
    """The same for the verdict in words, with the skill and what to do; for every arm.

    `verdict` is what the sentence said before; with a reason to waive the floors nobody is told
    what not to ship.
    """
    if standing is None or standing["best"] is None:
        return ""
    helped = verdict == HELPED
    if not standing["unbeaten"]:
        best = f"{does(standing['best'])} {at(standing, standing['best'], metric)}"
        return f"{'and' if helped else 'yet'} is better than every floor, the best being {best}"
    floor = strongest(standing, metric)
    said = f"{does(floor)} {at(standing, floor, metric)}"
    but = "but" if helped else "and"
    if floor not in standing["ahead"]:
        return f"{but} is not shown to be better than {said}"
    return f"{but} is worse than {said}" + ("" if waived else ": don't ship it")


def at(standing: Standing, floor: str, metric: str) -> str:
    """`(39.30; skill −0.44 [−0.47, −0.41])`: a floor's score and the arm's skill, if it has one."""
    value = number(standing["beside"][floor]["against_value"], digits(METRICS[metric].unit))
    known = standing["skill"]["value"] is not None
    return f"({value}; skill {skill(standing['skill'])})" if known else f"({value})"


def strongest(standing: Standing, metric: str) -> str:
    """The best of the floors that an arm does not beat; those shown better go first."""
    sign = -1 if METRICS[metric].direction == "lower" else 1
    among = standing["ahead"] or standing["unbeaten"]
    return max(among, key=lambda floor: sign * standing["beside"][floor]["against_value"])


def skill(found: Mapping[str, Any]) -> str:
    """`−0.44 [−0.47, −0.41]`; a dash where it is not defined."""
    if found["value"] is None or found["low"] is None:
        return number(found["value"], 2)
    low, high = (number(found[side], 2) for side in ("low", "high"))
    return f"{number(found['value'], 2)} [{low}, {high}]"

"""Small forest plots as plain numbers: where scores, intervals and floors lie on one axis.

Places are percents of the axis' width, so that a page draws them at any width with its own text.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from stages.reporting.tables import number

# What the axis leaves free at both ends, for half a mark.
MARGIN = 3.0
# What a unit can have. The interval of a difference, drawn from a score, may go beyond it.
BOUNDS = {"score 1-5": (1.0, 5.0), "share 0-1": (0.0, 1.0), "points 0-100": (0.0, 100.0)}
Axis = tuple[float, float]


def panel(
    row: Mapping[str, Any], titles: Mapping[str, str], floors: Mapping[str, float | None]
) -> dict[str, Any]:
    """One metric over all arms on the axis of its scores: `row` as the quality table has it.

    `titles` has the arms in the order of their lines, `floors` the scores of what needs no model.
    An arm's interval is that of its difference, drawn from the score that it is compared with.
    """
    entries = {arm: row["values"][arm] for arm in titles}
    axis = axis_of([*floors.values(), *(x for e in entries.values() for x in ends(e))], row["unit"])
    return {
        **{key: row[key] for key in ("name", "label", "direction", "n", "signature", "digits")},
        "lines": [
            {"title": title, "kind": "arm", **line(entries[arm], axis)}
            | {key: entries[arm][key] for key in ("value", "reason", "comparison", "beside")}
            for arm, title in titles.items()
        ],
        "base": base_of(entries.values(), axis),
        "floors": [
            {"name": name, "value": value, "at": place(value, axis)}
            for name, value in floors.items()
            if value is not None
        ],
        "best": best(floors, row["direction"], axis),
        "ticks": ticks(axis),
    }


def ends(entry: Mapping[str, Any]) -> list[float | None]:
    """An entry's score and, where it has one, its interval on the axis of scores."""
    found = entry["comparison"]
    if not found or found["low"] is None or found["against_value"] is None:
        return [entry["value"], None, None]
    return [entry["value"], *(found["against_value"] + found[side] for side in ("low", "high"))]


def line(entry: Mapping[str, Any], axis: Axis) -> dict[str, float | None]:
    """Places of an entry's score and interval; None for what there is not."""
    return dict(
        zip(("at", "low", "high"), (place(value, axis) for value in ends(entry)), strict=True)
    )


def base_of(entries: Iterable[Mapping[str, Any]], axis: Axis) -> float | None:
    """The place of the score that the arms are compared with, where it is the same for all."""
    scores = {e["comparison"]["against_value"] for e in entries if e["comparison"]}
    return place(scores.pop(), axis) if len(scores) == 1 else None


def best(floors: Mapping[str, float | None], direction: str, axis: Axis) -> dict[str, Any] | None:
    """The floor to beat; None where neither side is the better one."""
    known = {name: value for name, value in floors.items() if value is not None}
    if not known or direction == "none":
        return None
    name = (max if direction == "higher" else min)(known, key=lambda floor: known[floor])
    return {"name": name, "value": known[name], "at": place(known[name], axis)}


def axis_of(values: Sequence[float | None], unit: str) -> Axis:
    """Round ends around all values and the place where the unit begins, within what it can have."""
    least, most = BOUNDS.get(unit, (-math.inf, math.inf))
    known = [value for value in values if value is not None and math.isfinite(value)]
    known = [min(max(value, least), most) for value in known]
    begin = max(0.0, least)
    low, high = min([begin, *known]), max([begin, *known])
    if high == low:
        return low, low + 1.0
    step = nice((high - low) / 4)
    return math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step


def nice(width: float) -> float:
    """The next of 1, 2, 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(width))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= width * (1 - 1e-9))


def ticks(axis: Axis) -> list[dict[str, Any]]:
    """The numbers at both ends of the axis."""
    places = max(0, 1 - math.floor(math.log10(axis[1] - axis[0])))
    return [{"text": trimmed(number(value, places)), "at": place(value, axis)} for value in axis]


def trimmed(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text


def place(value: float | None, axis: Axis) -> float | None:
    """A value's place on the axis in percent of its width; at its end for one beyond it."""
    if value is None or not math.isfinite(value):
        return None
    share = min(max((value - axis[0]) / (axis[1] - axis[0]), 0.0), 1.0)
    return round(MARGIN + share * (100 - 2 * MARGIN), 2)

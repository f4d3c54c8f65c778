"""The headline metric slice by slice: like the quality table, with slices in its rows."""

from collections.abc import Iterable, Mapping
from typing import Any

from stages import paths, records
from stages.metrics import METRICS
from stages.reporting.tables import digits, number
from stages.verdicts.figures import Figures


def slices(
    study: str, slice_by: str | None, arms: Iterable[str], compared: Mapping[str, Any]
) -> dict[str, Any] | None:
    """Rows and caption of the table; None where the study has no slices or nothing to compare."""
    found = compared.get("slices")
    if not (slice_by and found):
        return None
    name = found["metric"]
    statistics = {arm: records.read(paths.row_statistics(study, arm)) for arm in arms}
    rows = []
    for part, comparisons in found["arms"].items():
        within = {
            arm: [row for row in rows if row.get("slice") == part]
            for arm, rows in statistics.items()
        }
        shown = {arm: found for arm, found in comparisons.items() if arm in within}
        rows.append(row_of(part, name, within, shown))
    return {"by": slice_by.replace("_", " "), "rows": rows, "caption": caption(name, found["arms"])}


def row_of(
    part: str, metric: str, within: Mapping[str, Any], comparisons: Mapping[str, Any]
) -> dict[str, Any]:
    """One slice over the arms, in the shape of a metric's row; `within` has the slice's rows."""
    scored = METRICS[metric]
    figures = Figures(within, {metric: scored})
    scores = {arm: figures.value(arm, metric) for arm in within}
    n = {arm: sum(1 for row in rows if row.get(metric)) for arm, rows in within.items()}
    places = digits(scored.unit)
    return {
        "label": part,
        "direction": "none",
        "signature": "",
        "digits": places,
        "n": max(n.values()),
        "could_show": could_show(comparisons.values(), places),
        "values": {
            arm: {
                "value": value,
                "reason": why_no_score(value, n[arm]),
                "n": n[arm],
                "comparison": comparisons.get(arm),
                "beside": "",
            }
            for arm, value in scores.items()
        },
    }


def why_no_score(value: float | None, n: int) -> str | None:
    """What stands in the place of a slice's score; None where it has one."""
    if value is not None:
        return None
    return f"nothing to divide by in these {n} rows" if n else "no row of this slice can be scored"


def could_show(comparisons: Iterable[Mapping[str, Any]], places: int) -> str:
    """The effects that could have shown at the least, over the arms: `0.412 to 0.530`."""
    every = [found["detectable"] for found in comparisons]
    effects = [effect for effect in every if effect is not None]
    if not effects:
        return "–"
    least, most = (number(side, places) for side in (min(effects), max(effects)))
    shown = least if least == most else f"{least} to {most}"
    blind = len(every) - len(effects)
    return f"{shown}; {blind} of {len(every)} arms: none" if blind else shown


def caption(metric: str, found: Mapping[str, Mapping[str, Any]]) -> str:
    """What the table holds, and how little a slice can show."""
    shown = METRICS[metric]
    every = [comparison for arms in found.values() for comparison in arms.values()]
    least = could_show(every, digits(shown.unit))
    tested = sum(1 for comparison in every if comparison["p"] is not None)
    blank = [part for part, arms in found.items() if all(c["delta"] is None for c in arms.values())]
    said = (
        f"Score by {shown.label}, difference to the base, its 95 % interval and verdict. Holm's "
        f"family is all arms in all slices with rows enough to test, {tested} of {len(every)} "
        "comparisons, so a slice shows less than all rows together. "
    )
    if blank:
        said += f"Nothing to score: {', '.join(blank)}. "
    if least == "–":
        return said + "No slice could have shown any difference, however large."
    return said + (
        "“Could show” is the smallest effect that a slice could have shown at 80 % power, from the "
        "arm where it is smallest to the one where it is largest; a dash is none, however large. "
        f"Over all slices: {least.split(';')[0]}."
    )

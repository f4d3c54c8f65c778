"""Charts of what runs by rewards show of themselves: a small one for each figure."""

from collections.abc import Mapping, Sequence
from typing import Any

import altair

from stages.reporting.charts import DASHES, INK, looks, running_mean, svg

HEIGHT = 130
# Above this many arms their bands are a fog.
BANDED = 3


def figure_chart(found: Mapping[str, Any], order: Sequence[str]) -> str:
    """One line per arm over the range that is expected, if any; bands where there are intervals.

    `found` is a figure of rewards.py. An arm looks the same in every chart of the report.
    """
    points = [
        {"arm": arm, **point, "drawn": drawn}
        for arm, own in found["series"].items()
        for point, drawn in zip(own, smoothed(own, found["noisy"]), strict=True)
    ]
    colour, dash = looks(list(found["series"]), order, "strokeDash", DASHES)
    base = altair.Chart(altair.Data(values=points))
    near = scale(found, [point["drawn"] for point in points])
    x = altair.X("step:Q", title="optimizer step", axis=altair.Axis(tickCount=5))
    y = altair.Y("drawn:Q", title=None, scale=near, axis=altair.Axis(tickCount=4))
    lines = base.mark_line(strokeWidth=2).encode(x=x, y=y, color=colour, strokeDash=dash)
    layers = [lines]
    if any(point["low"] is not None for point in points):
        layers = [lines, base.mark_point(filled=True, size=24).encode(x=x, y=y, color=colour)]
        if len(found["series"]) <= BANDED:
            around = base.transform_filter("datum.low !== null").mark_area(opacity=0.15)
            low = altair.Y("low:Q", title=None, scale=near)
            band = around.encode(x=x, y=low, y2="high:Q", color=colour)
            layers = [band, *layers]
    return svg(altair.layer(*[*expected(found), *layers]), HEIGHT)


def smoothed(points: Sequence[Mapping[str, Any]], noisy: bool) -> list[float]:
    values = [point["value"] for point in points]
    return running_mean(values) if noisy else values


def scale(found: Mapping[str, Any], values: Sequence[float]) -> Any:
    """As near as the values allow; around values that are all the same there is room."""
    if min(values) < max(values) or found["expected"]:
        return altair.Scale(zero=found["name"] == "lr")
    room = abs(values[0]) / 10
    return altair.Scale(domain=[values[0] - room, values[0] + room] if room else [0, 0.1])


def expected(found: Mapping[str, Any]) -> list[Any]:
    """The expected range as a grey band over the whole width."""
    if not found["expected"]:
        return []
    low, high = found["expected"]
    data = altair.Chart(altair.Data(values=[{"low": low, "high": high}]))
    shade = data.mark_rect(color=INK, opacity=0.18)
    return [shade.encode(y=altair.Y("low:Q", title=None), y2="high:Q")]

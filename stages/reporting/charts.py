"""Charts as SVG text: drawn offline, without a script in the page."""

from collections.abc import Sequence
from typing import Any

import altair

SMOOTHED_OVER = 5
INK = "#808080"
# In two columns: a row of many titles would make the picture wide and everything in it small.
LEGEND = {"title": None, "orient": "top", "columns": 2, "symbolOpacity": 1, "labelLimit": 400}
# A legend's symbols: a line must be long enough for its dashes to show. Sizes in square pixels.
SYMBOLS = {
    "strokeDash": {"symbolType": "stroke", "symbolSize": 900, "rowPadding": -8},
    "shape": {"symbolSize": 110},
}
# Okabe and Ito's palette (2008) and, chosen like them for their distance to all others, three more:
# told apart with any colour vision, in print and on a dark page.
COLOURS = [
    "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#B33333", "#CC1AE6",
    "#994D80",
]  # fmt: skip
# Nobody has to go by colour alone. Both are counted apart from the colours, so that more arms than
# colours still differ.
DASHES = [[1, 0], [6, 3], [2, 2], [9, 3, 2, 3]]
SHAPES = [
    "circle", "square", "triangle-up", "diamond", "cross", "triangle-down", "triangle-right",
    "triangle-left",
]  # fmt: skip
# Above this many lines the dots behind them are a fog.
DOTTED = 4


def training_curves(
    curves: dict[str, list[dict[str, float]]], order: Sequence[str] = ()
) -> str | None:
    """Loss over steps, one line per arm, a running mean over the dots; None without any.

    `order` has all arms of the report: an arm looks the same in every chart.
    """
    points = [
        {"arm": arm, "step": row["step"], "loss": row["loss"], "mean": mean}
        for arm, rows in curves.items()
        for row, mean in zip(rows, running_mean([r["loss"] for r in rows]), strict=True)
    ]
    if not points:
        return None
    drawn = [arm for arm, rows in curves.items() if rows]
    colour, dash = looks(drawn, order or drawn, "strokeDash", DASHES)
    base = altair.Chart(altair.Data(values=points))
    x = altair.X("step:Q", title="optimizer step")
    title = "training loss (nats per token)"
    y = altair.Y("mean:Q", title=title)
    lines = base.mark_line(strokeWidth=2).encode(x=x, y=y, color=colour, strokeDash=dash)
    if len(drawn) > DOTTED:
        return svg(lines, height=320)
    dots = base.mark_circle(size=12, opacity=0.35)
    return svg(dots.encode(x=x, y=altair.Y("loss:Q", title=title), color=colour) + lines)


def scatter(points: list[dict[str, Any]], x: str, y: str, order: Sequence[str]) -> str | None:
    """One point per arm, {"arm", "x", "y"}, with both axes named; None without any."""
    if not points:
        return None
    colour, shape = looks([point["arm"] for point in points], order, "shape", SHAPES)
    near = altair.Scale(zero=False, padding=12)
    dots = altair.Chart(altair.Data(values=points)).mark_point(size=110, filled=True, opacity=1)
    return svg(
        dots.encode(
            x=altair.X("x:Q", title=x, scale=near),
            y=altair.Y("y:Q", title=y, scale=near),
            color=colour,
            shape=shape,
        )
    )


def looks(shown: Sequence[str], order: Sequence[str], channel: str, among: list[Any]) -> list[Any]:
    """Colours of some arms and, on a second channel, their dashes or shapes.

    Both go by an arm's place in `order`. With equal legends the two are shown as one.
    """
    places = [order.index(arm) for arm in shown]
    legend = altair.Legend(**LEGEND, **SYMBOLS[channel])

    def encoded(kind: Any, choice: list[Any]) -> Any:
        own = [choice[place % len(choice)] for place in places]
        return kind("arm:N", scale=altair.Scale(domain=shown, range=own), legend=legend)

    second = {"strokeDash": altair.StrokeDash, "shape": altair.Shape}[channel]
    return [encoded(altair.Color, COLOURS), encoded(second, among)]


def differences(statistics: list[dict[str, Any]], metric: str) -> str | None:
    """Each arm's difference to its base by one metric, with its interval; None without any."""
    points = [
        {"arm": line["arm"], "value": line["delta"], "low": line["low"], "high": line["high"]}
        for line in statistics
        if line["metric"] == metric and line["low"] is not None
    ]
    return intervals(points, f"difference in {metric}, 95 % interval", [0])


def skills(points: list[dict[str, Any]], metric: str) -> str | None:
    """Each arm's way from the best floor (0) to the reference (1); None without any."""
    return intervals(points, f"skill by {metric}: 0 the best floor, 1 the reference", [0, 1])


def intervals(points: list[dict[str, Any]], title: str, marks: Sequence[float]) -> str | None:
    """A dot with its interval per arm, {"arm", "value", "low", "high"}, and dashed `marks`."""
    if not points:
        return None
    base = altair.Chart(altair.Data(values=points))
    arm = altair.Y("arm:N", title=None, sort=None, axis=altair.Axis(labelLimit=260))
    dots = base.mark_point(filled=True, opacity=1, size=70, color=COLOURS[0]).encode(
        x=altair.X("value:Q", title=title), y=arm
    )
    bars = base.mark_rule(strokeWidth=2, color=COLOURS[0]).encode(x="low:Q", x2="high:Q", y=arm)
    rules = altair.Chart(altair.Data(values=[{"x": mark} for mark in marks]))
    dashed = rules.mark_rule(strokeDash=[4, 4], color=INK).encode(x="x:Q")
    return svg(dashed + bars + dots, height=40 + 36 * len(points))


def running_mean(values: list[float]) -> list[float]:
    """Mean of each value and the few before it."""
    return [
        sum(values[max(0, i - SMOOTHED_OVER + 1) : i + 1]) / min(i + 1, SMOOTHED_OVER)
        for i in range(len(values))
    ]


def svg(chart: Any, height: int = 260) -> str:
    """Render a chart with a transparent ground and grey ink, legible on light and dark pages."""
    import vl_convert

    styled = (
        chart.properties(width=560, height=height, background="transparent")
        .configure_view(stroke=None)
        .configure_axis(
            labelColor=INK,
            labelFontSize=12,
            titleColor=INK,
            titleFontSize=12,
            gridColor=INK,
            gridOpacity=0.25,
            domainColor=INK,
        )
        .configure_legend(labelColor=INK, labelFontSize=12, titleColor=INK)
    )
    return vl_convert.vegalite_to_svg(styled.to_dict())

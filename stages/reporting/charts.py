"""Charts as SVG text: drawn offline, without a script in the page.

A page shows them at any width, so what they say in words is little: legends are the page's.
"""

from collections.abc import Sequence
from typing import Any

import altair

SMOOTHED_OVER = 5
INK = "#808080"
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
WIDTH = 340


def training_curves(
    curves: dict[str, list[dict[str, float]]], order: Sequence[str] = ()
) -> str | None:
    """Loss over steps, one line per arm, a running mean over the dots; None without any.

    Where the loss on dev was taken as well, it is points on a thin line of the same colour. `order`
    has all arms of the report: an arm looks the same in every chart.
    """
    points = [
        {"arm": arm, "step": row["step"], "loss": row["loss"], "mean": mean}
        | {"dev": row.get("dev_loss")}
        for arm, rows in curves.items()
        for row, mean in zip(rows, running_mean([r["loss"] for r in rows]), strict=True)
    ]
    if not points:
        return None
    drawn = [arm for arm, rows in curves.items() if rows]
    colour, dash = looks(drawn, order or drawn, "strokeDash", DASHES)
    base = altair.Chart(altair.Data(values=points))
    x = altair.X("step:Q", title="optimizer step", axis=altair.Axis(tickCount=5))
    y = altair.Y("mean:Q", title=None)
    lines = base.mark_line(strokeWidth=2).encode(x=x, y=y, color=colour, strokeDash=dash)
    if any(point["dev"] is not None for point in points):
        on_dev = base.transform_filter("datum.dev !== null").encode(
            x=x, y=altair.Y("dev:Q", title=None), color=colour
        )
        lines += on_dev.mark_line(strokeWidth=0.75) + on_dev.mark_point(filled=True, size=36)
    if len(drawn) > DOTTED:
        return svg(lines)
    dots = base.mark_circle(size=10, opacity=0.35)
    return svg(dots.encode(x=x, y=altair.Y("loss:Q", title=None), color=colour) + lines)


def legend(curves: dict[str, list[dict[str, float]]], order: Sequence[str]) -> list[dict[str, str]]:
    """How each arm's line is drawn: {"title", "colour", "dash"}, in the order of the lines."""
    return [
        {
            "title": arm,
            "colour": COLOURS[order.index(arm) % len(COLOURS)],
            "dash": " ".join(map(str, DASHES[order.index(arm) % len(DASHES)])),
        }
        for arm, rows in curves.items()
        if rows
    ]


def scatter(points: list[dict[str, Any]], order: Sequence[str]) -> str | None:
    """One point per arm, {"arm", "x", "y"}, with its number in the list; None without any."""
    if not points:
        return None
    colour, shape = looks([point["arm"] for point in points], order, "shape", SHAPES)
    near = altair.Scale(zero=False, padding=14)
    numbered = [{**point, "number": n} for n, point in enumerate(points, 1)]
    base = altair.Chart(altair.Data(values=numbered)).encode(
        x=altair.X("x:Q", title=None, scale=near, axis=altair.Axis(tickCount=5)),
        y=altair.Y("y:Q", title=None, scale=near, axis=altair.Axis(tickCount=5)),
    )
    dots = base.mark_point(size=70, filled=True, opacity=1).encode(color=colour, shape=shape)
    numbers = base.mark_text(dx=9, dy=-8, color=INK, fontSize=11).encode(text="number:N")
    return svg(dots + numbers)


def looks(shown: Sequence[str], order: Sequence[str], channel: str, among: list[Any]) -> list[Any]:
    """Colours of some arms and, on a second channel, their dashes or shapes.

    Both go by an arm's place in `order`.
    """
    places = [order.index(arm) for arm in shown]

    def encoded(kind: Any, choice: list[Any]) -> Any:
        own = [choice[place % len(choice)] for place in places]
        return kind("arm:N", scale=altair.Scale(domain=shown, range=own), legend=None)

    second = {"strokeDash": altair.StrokeDash, "shape": altair.Shape}[channel]
    return [encoded(altair.Color, COLOURS), encoded(second, among)]


def running_mean(values: list[float]) -> list[float]:
    """Mean of each value and the few before it."""
    return [
        sum(values[max(0, i - SMOOTHED_OVER + 1) : i + 1]) / min(i + 1, SMOOTHED_OVER)
        for i in range(len(values))
    ]


def svg(chart: Any, height: int = 190) -> str:
    """Render a chart with a transparent ground and grey ink, legible on light and dark pages."""
    import vl_convert

    styled = (
        chart.properties(width=WIDTH, height=height, background="transparent")
        .configure_view(stroke=None)
        .configure_axis(
            labelColor=INK,
            labelFontSize=11,
            titleColor=INK,
            titleFontSize=11,
            titleFontWeight="normal",
            gridColor=INK,
            gridOpacity=0.25,
            domainColor=INK,
        )
    )
    return vl_convert.vegalite_to_svg(styled.to_dict())

"""Charts as SVG text: drawn offline, without a script in the page."""

from typing import Any

import altair

SMOOTHED_OVER = 5
INK = "#808080"
# In two columns: a row of many titles would make the picture wide and everything in it small.
LEGEND = altair.Legend(title=None, orient="top", columns=2, symbolOpacity=1, labelLimit=400)
# Okabe and Ito's palette (2008): told apart with any colour vision, in print and on a dark page.
COLOURS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9"]


def training_curves(curves: dict[str, list[dict[str, float]]]) -> str | None:
    """Loss over steps, one line per arm, a running mean over the dots; None without any."""
    points = [
        {"arm": arm, "step": row["step"], "loss": row["loss"], "mean": mean}
        for arm, rows in curves.items()
        for row, mean in zip(rows, running_mean([r["loss"] for r in rows]), strict=True)
    ]
    if not points:
        return None
    table = altair.Data(values=points)
    scale = altair.Scale(range=COLOURS)
    colour = altair.Color("arm:N", scale=scale, legend=LEGEND)
    step = altair.X("step:Q", title="optimizer step")
    dots = altair.Chart(table).mark_circle(size=12, opacity=0.35)
    dots = dots.encode(
        x=step, y=altair.Y("loss:Q", title="training loss (nats per token)"), color=colour
    )
    lines = altair.Chart(table).mark_line(strokeWidth=2).encode(x=step, y="mean:Q", color=colour)
    return svg(dots + lines)


def differences(statistics: list[dict[str, Any]], metric: str) -> str | None:
    """Each arm's difference to its base by one metric, with its interval; None without any."""
    points = [
        {key: line[key] for key in ("arm", "delta", "low", "high")}
        for line in statistics
        if line["metric"] == metric and line["low"] is not None
    ]
    if not points:
        return None
    base = altair.Chart(altair.Data(values=points))
    arm = altair.Y("arm:N", title=None, sort=None, axis=altair.Axis(labelLimit=260))
    dots = base.mark_point(filled=True, opacity=1, size=70, color=COLOURS[0]).encode(
        x=altair.X("delta:Q", title=f"difference in {metric}, 95 % interval"), y=arm
    )
    bars = base.mark_rule(strokeWidth=2, color=COLOURS[0]).encode(x="low:Q", x2="high:Q", y=arm)
    zero = altair.Chart(altair.Data(values=[{"x": 0}])).mark_rule(strokeDash=[4, 4], color=INK)
    return svg(zero.encode(x="x:Q") + bars + dots, height=40 + 36 * len(points))


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

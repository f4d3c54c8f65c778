"""Charts as SVG text: drawn offline, without a script in the page."""

from typing import Any

import altair

SMOOTHED_OVER = 5
LEGEND = altair.Legend(title=None, orient="top", symbolOpacity=1, labelLimit=400)
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


def running_mean(values: list[float]) -> list[float]:
    """Mean of each value and the few before it."""
    return [
        sum(values[max(0, i - SMOOTHED_OVER + 1) : i + 1]) / min(i + 1, SMOOTHED_OVER)
        for i in range(len(values))
    ]


def svg(chart: Any) -> str:
    """Render a chart with a transparent ground and grey ink, legible on light and dark pages."""
    import vl_convert

    ink = "#808080"
    styled = (
        chart.properties(width=560, height=260, background="transparent")
        .configure_view(stroke=None)
        .configure_axis(
            labelColor=ink, titleColor=ink, gridColor=ink, gridOpacity=0.25, domainColor=ink
        )
        .configure_legend(labelColor=ink, titleColor=ink)
    )
    return vl_convert.vegalite_to_svg(styled.to_dict())

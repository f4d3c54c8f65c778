"""Figures along an answer, token by token, as small line charts: paths that a template draws."""

from collections.abc import Mapping, Sequence
from typing import Any

from stages.reporting.tables import number

# The plot in the chart's own units, about a pixel each on a phone; figures.css has the colours.
WIDTH, HEIGHT = 280, 90
# Shares have one scale, so that prompts compare; what has no bound is drawn up to its own maximum.
BOTH = "both"
TOPS = {"reference_p": 1.0, "code_share": 1.0}


def charts(
    along: Mapping[str, Sequence[float]], figures: Mapping[str, tuple[str, int]]
) -> list[dict[str, Any]]:
    """A chart per figure that was read at two tokens or more; `figures` has label and digits.

    Each has `label`, the `top` of its scale as text, how many `tokens`, `lines` with whose they are
    and their `path`, and `said`, the same in words.
    """
    read = {name: lines(along, name) for name in figures}
    return [
        chart(*figures[name], own, TOPS.get(name))
        for name, own in read.items()
        if own and all(len(values) > 1 for values in own.values())
    ]


def lines(along: Mapping[str, Sequence[float]], name: str) -> dict[str, Sequence[float]]:
    """The values of base and of tuned, or the one line of a figure that is of both."""
    keys = {"base": f"{name}_base", "tuned": f"{name}_tuned", BOTH: name}
    return {of: along[key] for of, key in keys.items() if key in along}


def chart(
    label: str, digits: int, own: Mapping[str, Sequence[float]], top: float | None
) -> dict[str, Any]:
    every = [value for values in own.values() for value in values]
    # All zeros lie on the axis
    top = top or max(every) or 1.0
    return {
        "label": label,
        "top": number(top, 0 if top == 1 else 1),
        "tokens": max(map(len, own.values())),
        "lines": [{"of": of, "path": path(values, top)} for of, values in own.items()],
        "said": "; ".join(worded(of, values, digits) for of, values in own.items()),
    }


def path(values: Sequence[float], top: float) -> str:
    """SVG path through the values, 0 at the bottom of the plot and `top` at its top."""
    step = WIDTH / (len(values) - 1)
    points = (f"{n * step:.1f} {HEIGHT * (1 - v / top):.1f}" for n, v in enumerate(values))
    return "M" + "L".join(points)


def worded(of: str, values: Sequence[float], digits: int) -> str:
    """`base: 0.500 on average, 0.000 to 1.000`; what is of both needs no name."""
    figures = sum(values) / len(values), min(values), max(values)
    mean, low, high = (number(value, digits) for value in figures)
    return f"{'' if of == BOTH else f'{of}: '}{mean} on average, {low} to {high}"

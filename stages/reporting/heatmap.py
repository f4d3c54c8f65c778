"""A metric by arm and slice as shades: a table whose cells say their figure as well."""

from collections.abc import Mapping
from typing import Any

from stages.metrics import METRICS
from stages.reporting.tables import number
from stages.verdicts.comparison import HELPED, HURT

SHADES = 6
MARKS = {HELPED: "▲", HURT: "▼"}


def heat_map(rows: list[dict[str, Any]], metric: str, titles: Mapping[str, str]) -> dict[str, Any]:
    """Arms by slices, the more of both downwards; shades go from the worst figure to the best.

    `rows` are those of the table by slices, `titles` the arms in their order.
    """
    entries = [row["values"][arm]["value"] for row in rows for arm in titles]
    known = [value for value in entries if value is not None]
    ends = (min(known), max(known)) if known else (0.0, 0.0)
    falls = METRICS[metric].direction == "lower"
    across = [{"label": row["label"], "n": row["n"]} for row in rows]
    down = [{"label": title, "n": None} for title in titles.values()]
    cells = [
        [cell(row["values"][arm], row["digits"], ends, falls) for row in rows] for arm in titles
    ]
    # A phone has room for few columns
    if len(across) > len(down):
        across, down, cells = down, across, [list(column) for column in zip(*cells, strict=True)]
    return {
        "label": METRICS[metric].label,
        "better": "better" if METRICS[metric].direction != "none" else "higher",
        "heads": across,
        "rows": [{**line, "cells": found} for line, found in zip(down, cells, strict=True)],
    }


def cell(
    entry: Mapping[str, Any], digits: int, ends: tuple[float, float], falls: bool
) -> dict[str, Any]:
    """A figure, its shade and the mark of a verdict that was reached."""
    found = entry["comparison"]
    verdict = found["verdict"] if found else ""
    return {
        # A digit less than in the table: a cell must fit a phone
        "text": number(entry["value"], max(0, digits - 1)).removeprefix("0") or "0",
        "value": entry["value"],
        "shade": shade(entry["value"], ends, falls),
        "mark": MARKS.get(verdict, ""),
        "verdict": verdict,
    }


def shade(value: float | None, ends: tuple[float, float], falls: bool) -> int | None:
    """0 for the worst of the map to SHADES - 1 for the best; None without a figure."""
    if value is None:
        return None
    low, high = ends
    share = (value - low) / (high - low) if high > low else 0.0
    return min(SHADES - 1, int((1 - share if falls else share) * SHADES))

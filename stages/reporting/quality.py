"""The quality table: metrics in rows, arms in columns, differences with interval and verdict."""

from collections.abc import Mapping
from typing import Any

# Of all other units three: shares, ratios, nats per token.
DIGITS = {"points 0-100": 2, "score 1-5": 2, "tokens": 1}

Quality = Mapping[str, Mapping[str, Mapping[str, Any]]]


def metric_row(name: str, quality: Quality, compared: Mapping[str, Any]) -> dict[str, Any]:
    """One metric over the arms: value, comparison with the arm's base, n and signature.

    `quality` has the scores by arm and metric, `compared` the comparisons by arm and metric.
    """
    first = next(iter(quality.values()))[name]
    values = {
        arm: {
            "value": metrics[name]["value"],
            "reason": metrics[name]["reason"],
            "n": metrics[name]["n"],
            "comparison": compared.get(arm, {}).get("metrics", {}).get(name),
        }
        for arm, metrics in quality.items()
    }
    kept = ("label", "direction", "unit", "n", "unscored", "signature")
    row = {key: first[key] for key in kept}
    return row | {"name": name, "digits": digits(first["unit"]), "values": values}


def digits(unit: str) -> int:
    """Digits after the point that a figure of this unit is shown with."""
    return DIGITS.get(unit, 3)


def statistics(
    rows: list[dict[str, Any]], arms: Mapping[str, Any], compared: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """One line per arm and metric with everything that its verdict rests on."""
    return [
        {
            "arm": arms[arm]["title"],
            "against": arms[found["against"]]["title"],
            "metric": row["label"],
            "digits": row["digits"],
            **found["metrics"][row["name"]],
        }
        for arm, found in compared.items()
        if arm in arms
        for row in rows
    ]


def unscored(quality: Quality, arms: Mapping[str, Any]) -> list[str]:
    """Why a metric has no value for an arm, or how many rows it left out of which arms' scores."""
    notes: dict[str, None] = {}
    for name, first in next(iter(quality.values())).items():
        every = {arm: metrics[name] for arm, metrics in quality.items()}
        alike = len({(m["reason"], m["n"], m["unscored"]) for m in every.values()}) == 1
        for arm, metric in every.items():
            label = first["label"] if alike else f"{first['label']}, {arms[arm]['title']}"
            rows = metric["unscored"] + metric["n"]
            left_out = f"{metric['unscored']} of {rows} rows unscored"
            if metric["reason"] or metric["unscored"]:
                notes[f"{label}: {metric['reason'] or left_out}"] = None
    return list(notes)

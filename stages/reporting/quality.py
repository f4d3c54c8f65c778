"""The quality table: metrics in rows, arms in columns, differences with interval and verdict."""

from collections.abc import Mapping
from typing import Any

from stages.reporting.bases import above, bases_of
from stages.reporting.floors import beside
from stages.reporting.tables import digits
from stages.verdicts.comparison import HELPED

Quality = Mapping[str, Mapping[str, Mapping[str, Any]]]


def metric_row(
    name: str,
    quality: Quality,
    compared: Mapping[str, Any],
    standings: Mapping[str, Mapping[str, Any]],
) -> dict[str, Any]:
    """One metric over the arms: value, comparison with the arm's base, n and signature.

    `quality` has the scores by arm and metric, `compared` the comparisons by arm and metric,
    `standings` where arms stand beside the floors.
    """
    first = next(iter(quality.values()))[name]
    values = {}
    for arm, metrics in quality.items():
        found = compared.get(arm, {}).get("metrics", {}).get(name)
        helped = found is not None and found["verdict"] == HELPED
        values[arm] = {
            **{key: metrics[name][key] for key in ("value", "reason", "n")},
            "comparison": found,
            "beside": beside(standings.get(arm, {}).get(name), name) if helped else "",
        }
    kept = ("label", "direction", "unit", "n", "unscored", "signature")
    row = {key: first[key] for key in kept}
    return row | {"name": name, "digits": digits(first["unit"]), "values": values}


def statistics(
    rows: list[dict[str, Any]],
    arms: Mapping[str, Mapping[str, Any]],
    floors: Mapping[str, Mapping[str, Any]],
    compared: Mapping[str, Any],
) -> list[dict[str, Any]]:
    """One line per arm and metric with everything that its verdict rests on, base by base.

    `head` is the base of the line and those below it, "" on all others. `compared` has the
    comparisons of arms and of `floors`.
    """
    titled = {**arms, **floors}
    bases = bases_of([name for name in compared if name in titled], arms)
    lines = [
        {
            "arm": titled[name]["title"],
            "against": titled[compared[name]["against"]]["title"],
            "metric": row["label"],
            "digits": row["digits"],
            "head": base,
            **compared[name]["metrics"][row["name"]],
        }
        for name, base in bases.items()
        for row in rows
        if row["name"] in compared[name]["metrics"]
    ]
    heads = above([line["head"] for line in lines])
    return [{**line, "head": heads.get(place, "")} for place, line in enumerate(lines)]


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

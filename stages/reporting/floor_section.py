"""The floors' own section of a report: their scores, each arm's skill, what they give away."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from stages.metrics import METRICS
from stages.reporting.floors import Standing, beside, does, skill
from stages.reporting.tables import digits, number

SHOWN = 40  # characters of a constant


def block(
    plan: Mapping[str, Any],
    compared: Mapping[str, Any],
    quality: Mapping[str, Any],
    card: Mapping[str, Any],
    arms: Mapping[str, Any],
) -> dict[str, Any]:
    """The floors' own section: their scores, each arm's skill by metric, what they give away."""
    names = [name for name in plan["floors"]["shown"] if name in quality]
    standings = compared["floors"]["arms"]
    return {
        "names": names,
        "rows": [
            scores_row(name, names, quality, compared["floors"]["metrics"])
            for name in plan["metrics"]
            if name in quality[names[0]]
        ],
        "skills": [
            {
                "label": METRICS[name].label,
                "direction": METRICS[name].direction,
                "best": best(standings, name),
                "cells": {arm: cell(standings.get(arm, {}).get(name), name) for arm in arms},
            }
            for name in plan["metrics"]
            if any(name in standings.get(arm, {}) for arm in arms)
        ],
        "notes": [*explained(plan, card), *flagged(compared["floors"], arms, names)],
    }


def as_arms(found: Mapping[str, Any], shown: Sequence[str]) -> dict[str, Any]:
    """The floors' comparisons with the base in the shape of arms', in the order of `shown`."""
    return {
        floor: {"against": found["against"], "metrics": found["metrics"][floor]}
        for floor in shown
        if floor in found["metrics"]
    }


def titled(names: Iterable[str]) -> dict[str, dict[str, str]]:
    """What floors are called where arms have titles."""
    return {name: {"title": name} for name in names}


def scores_row(
    metric: str,
    names: Sequence[str],
    quality: Mapping[str, Any],
    compared: Mapping[str, Any],
) -> dict[str, Any]:
    """One metric over the floors, in the shape of the quality table's rows."""
    entries = {name: quality[name][metric] for name in names}
    first = entries[names[0]]
    kept = {key: first[key] for key in ("label", "direction", "unit", "signature")}
    values = {
        name: {key: entry[key] for key in ("value", "reason", "n")}
        | {"comparison": compared.get(name, {}).get(metric), "beside": ""}
        for name, entry in entries.items()
    }
    n = max(entry["n"] for entry in entries.values())
    return {**kept, "name": metric, "n": n, "digits": digits(first["unit"]), "values": values}


def best(standings: Mapping[str, Any], metric: str) -> str:
    """The floor to beat by a metric, with its score."""
    every = [own[metric] for own in standings.values() if metric in own]
    found = next((standing for standing in every if standing["best"] is not None), None)
    if found is None:
        return "–"
    value = found["beside"][found["best"]]["against_value"]
    return f"{found['best']} ({number(value, digits(METRICS[metric].unit))})"


def cell(standing: Standing | None, metric: str) -> dict[str, str]:
    """An arm's skill by one metric, and what it is not better than."""
    if standing is None:
        return {"skill": "–", "beside": ""}
    return {"skill": skill(standing["skill"]), "beside": beside(standing, metric)}


def explained(plan: Mapping[str, Any], card: Mapping[str, Any]) -> list[str]:
    """What the floors are, which of them the study has not, and whether they may be passed over."""
    shown, constants = plan["floors"]["shown"], card["constants"]
    notes = [constant(name, constants[name], plan) for name in shown if name in constants]
    if "nearest" in shown:
        notes.append(
            f"nearest: the target of the most similar of {card['train_rows']} train inputs, by the "
            f"{card['similarity']}"
        )
    notes += [f"no {name}: {reason}" for name, reason in plan["floors"]["left_out"].items()]
    if plan["floors"]["waived"]:
        notes.append(f"an arm may be promoted below the floors: {plan['floors']['waived']}")
    return notes


def constant(name: str, text: str, plan: Mapping[str, Any]) -> str:
    """What a constant says; a train target only where the study publishes its rows."""
    if name != "constant" or name in plan["floors"]["own"]:
        return f"{name}: always “{shortened(text)}”"
    said = f"always “{shortened(text)}”, " if plan["publish"] == "all" else "always "
    return f"{name}: {said}the most frequent train target (of equals the most typical)"


def flagged(found: Mapping[str, Any], arms: Mapping[str, Any], shown: Sequence[str]) -> list[str]:
    """Metrics that a trivial answer wins, and those whose reference is not perfect."""
    base = arms.get(found["against"], {}).get("title", found["against"])
    won = [
        f"{METRICS[metric].label}: {scored(floors, metric, shown)} “{base}”, so that a gain over "
        "it is worth nothing by itself"
        for metric, floors in found["won"].items()
    ]
    return won + [
        f"{METRICS[metric].label}: the reference itself scores {wrong['value']:.4g} of "
        f"{wrong['best']:.4g}, so the metric or the data is wrong"
        for metric, wrong in found["short_of_best"].items()
    ]


def scored(floors: Mapping[str, float], metric: str, shown: Sequence[str]) -> str:
    """`empty 0.000, copy 0.000 beat`."""
    places = digits(METRICS[metric].unit)
    said = [f"{name} {number(floors[name], places)}" for name in shown if name in floors]
    return f"{', '.join(said)} {'beats' if len(said) == 1 else 'beat'}"


def headline_is_trivial(
    found: Mapping[str, Any], metric: str, arms: Mapping[str, Any], shown: Sequence[str]
) -> list[str]:
    """The warning that must come before any figure: the headline metric is won by nothing."""
    named = [does(floor) for floor in shown if floor in found["won"].get(metric, {})]
    if not named:
        return []
    base = arms.get(found["against"], {}).get("title", found["against"])
    return [
        f"By {METRICS[metric].label}, {' and '.join(named)} {'is' if len(named) == 1 else 'are'} "
        f"better than “{base}”: a gain over it is worth nothing by itself"
    ]


def shortened(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= SHOWN else f"{line[: SHOWN - 1]}…"

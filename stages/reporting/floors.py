"""What the floors say: of an arm in a sentence and in a cell, of a study in two tables."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from stages.metrics import METRICS
from stages.reporting.tables import digits, number

# What each floor does, as an arm is worse than it.
DOES = {
    "empty": "saying nothing",
    "copy": "copying the input",
    "constant": "giving one training answer every time",
    "nearest": "looking up the nearest training row",
}
SHOWN = 40  # characters of a constant
Standing = Mapping[str, Any]


def does(floor: str) -> str:
    return DOES.get(floor, f"always giving the constant “{floor}”")


def beside(standing: Standing | None, metric: str) -> str:
    """`worse than nearest (39.30)`, `not above copy (10.42)`; nothing for an arm above all."""
    if not standing or not standing["unbeaten"]:
        return ""
    floor = strongest(standing, metric)
    value = number(standing["beside"][floor]["against_value"], digits(METRICS[metric].unit))
    return f"{'worse than' if floor in standing['ahead'] else 'not above'} {floor} ({value})"


def sentence(standing: Standing | None, metric: str) -> str:
    """The same for the verdict in words, with the skill and what to do; for every arm."""
    if standing is None or standing["best"] is None:
        return ""
    if not standing["unbeaten"]:
        best = at(standing, standing["best"], metric)
        return f"and is better than every floor, the best being {does(standing['best'])} {best}"
    floor = strongest(standing, metric)
    if floor in standing["ahead"]:
        return f"but is worse than {does(floor)} {at(standing, floor, metric)}: don't ship it"
    return f"but is not shown to be better than {does(floor)} {at(standing, floor, metric)}"


def at(standing: Standing, floor: str, metric: str) -> str:
    """`(39.30; skill −0.44 [−0.47, −0.41])`: a floor's score and the arm's skill, if it has one."""
    value = number(standing["beside"][floor]["against_value"], digits(METRICS[metric].unit))
    known = standing["skill"]["value"] is not None
    return f"({value}; skill {skill(standing['skill'])})" if known else f"({value})"


def strongest(standing: Standing, metric: str) -> str:
    """The best of the floors that an arm does not beat; those shown better go first."""
    sign = -1 if METRICS[metric].direction == "lower" else 1
    among = standing["ahead"] or standing["unbeaten"]
    return max(among, key=lambda floor: sign * standing["beside"][floor]["against_value"])


def skill(found: Mapping[str, Any]) -> str:
    """`−0.44 [−0.47, −0.41]`; a dash where it is not defined."""
    if found["value"] is None or found["low"] is None:
        return number(found["value"], 2)
    low, high = (number(found[side], 2) for side in ("low", "high"))
    return f"{number(found['value'], 2)} [{low}, {high}]"


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
        "against": compared["floors"]["against"],
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
        "points": points(standings, plan["headline"], arms),
        "notes": [*explained(plan, card), *flagged(compared["floors"], arms)],
    }


def as_arms(found: Mapping[str, Any]) -> dict[str, Any]:
    """The floors' comparisons with the base in the shape of arms'."""
    return {
        floor: {"against": found["against"], "metrics": metrics}
        for floor, metrics in found["metrics"].items()
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
    found = next(own[metric] for own in standings.values() if metric in own)
    if found["best"] is None:
        return "–"
    value = found["beside"][found["best"]]["against_value"]
    return f"{found['best']} ({number(value, digits(METRICS[metric].unit))})"


def cell(standing: Standing | None, metric: str) -> dict[str, str]:
    """An arm's skill by one metric, and what it is not better than."""
    if standing is None:
        return {"skill": "–", "beside": ""}
    return {"skill": skill(standing["skill"]), "beside": beside(standing, metric)}


def points(
    standings: Mapping[str, Any], metric: str, arms: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Each arm's skill by the headline metric, for a chart."""
    found = {arm: standings.get(arm, {}).get(metric) for arm in arms}
    return [
        {"arm": arms[arm]["title"], "value": s["skill"]["value"]}
        | {side: s["skill"][side] for side in ("low", "high")}
        for arm, s in found.items()
        if s and s["skill"]["low"] is not None
    ]


def explained(plan: Mapping[str, Any], card: Mapping[str, Any]) -> list[str]:
    """What the floors are, which of them the study has not, and whether they may be passed over."""
    notes = [
        f"{name}: always “{shortened(text)}”"
        + (
            ", the most frequent train target (of equals the most typical)"
            if name == "constant"
            else ""
        )
        for name, text in card["constants"].items()
    ]
    if "nearest" in plan["floors"]["shown"]:
        notes.append(
            f"nearest: the target of the most similar of {card['train_rows']} train inputs, by the "
            f"{card['similarity']}"
        )
    notes += [f"no {name}: {reason}" for name, reason in plan["floors"]["left_out"].items()]
    if plan["floors"]["waived"]:
        notes.append(f"an arm may be promoted below the floors: {plan['floors']['waived']}")
    return notes


def flagged(found: Mapping[str, Any], arms: Mapping[str, Any]) -> list[str]:
    """Metrics that a trivial answer wins, and those whose reference is not perfect."""
    notes = []
    for arm, metrics in found["won"].items():
        for metric, floors in metrics.items():
            places = digits(METRICS[metric].unit)
            said = ", ".join(f"{name} {number(value, places)}" for name, value in floors.items())
            notes.append(
                f"{METRICS[metric].label}: {said} beat “{arms[arm]['title']}”, so that a gain over "
                "it is worth nothing by itself"
            )
    for metric, wrong in found["short_of_best"].items():
        notes.append(
            f"{METRICS[metric].label}: the reference itself scores {wrong['value']:.4g} of "
            f"{wrong['best']:.4g}, so the metric or the data is wrong"
        )
    return notes


def headline_is_trivial(
    found: Mapping[str, Any], metric: str, arms: Mapping[str, Any]
) -> list[str]:
    """The warning that must come before any figure: the headline metric is won by nothing."""
    return [
        f"By {METRICS[metric].label}, {' and '.join(map(does, metrics[metric]))} is better than "
        f"“{arms[arm]['title']}”: a gain over it is worth nothing by itself"
        for arm, metrics in found["won"].items()
        if metric in metrics and arm in arms
    ]


def shortened(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= SHOWN else f"{line[: SHOWN - 1]}…"

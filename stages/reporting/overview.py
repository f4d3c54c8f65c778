"""A study on the index page: what to do, verdict, forest plot of its headline metric, cost."""

from collections.abc import Mapping, Sequence
from typing import Any

from stages.metrics import METRICS
from stages.reporting import endings, floors, opening, verdict
from stages.reporting.forest import panel
from stages.reporting.leaderboard import ordered
from stages.reporting.tables import digits, number

Found = Mapping[str, Any]


def entry(
    plan: Found, results: Sequence[Found] | None, training: Mapping[str, Found]
) -> dict[str, Any]:
    """What the page shows of a study; `results` are its comparisons, promotion and test, if run.

    `training` has what its arms' runs recorded once.
    """
    described = {key: plan[key] for key in ("study", "title", "question")}
    # Results of an older version knew no floors
    if results is None or "floors" not in results[0]:
        blank = dict.fromkeys(("test", "advice", "panel", "facts"))
        return {**described, **blank, "verdict": "Not run yet.", "warnings": []}
    compared, promotion, test = results
    return {
        **described,
        "test": test,
        "verdict": verdict.sentence(plan, compared, promotion, test, training),
        "advice": opening.advice(plan, compared, promotion, test, training),
        "warnings": endings.warnings(plan["arms"], training),
        "panel": headline_panel(plan, compared, training),
        "facts": facts(plan, compared, promotion, test, training),
    }


def headline_panel(
    plan: Found, compared: Found, training: Mapping[str, Found]
) -> dict[str, Any] | None:
    """The headline metric over the arms that were compared, best first, and the floors."""
    name = plan["headline"]
    metric = METRICS[name]
    values = {
        arm: {"value": own["metrics"][name]["value"], "reason": None, "beside": ""}
        | {"comparison": own["metrics"][name]}
        for arm, own in compared["arms"].items()
        if arm in plan["arms"] and name in own["metrics"]
    }
    if not values:
        return None
    order = ordered({arm: entry["value"] for arm, entry in values.items()}, metric.direction)
    shown = {"name": name, "label": metric.label, "direction": metric.direction, "signature": ""}
    shown |= {"unit": metric.unit, "digits": digits(metric.unit), "values": values}
    trivial = {
        floor: own[name]["value"]
        for floor, own in compared["floors"]["metrics"].items()
        if name in own
    }
    n = max(entry["comparison"]["n"] for entry in values.values())
    titles = {
        arm: endings.titled(plan["arms"][arm]["title"], training.get(arm, {})) for arm in order
    }
    return panel({**shown, "n": n}, titles, trivial)


def facts(
    plan: Found, compared: Found, promotion: Found, test: Found, training: Mapping[str, Found]
) -> list[tuple[str, str]]:
    """Skill, looks at the test split, and what training took; what no run recorded is left out."""
    trained = [run for arm, run in training.items() if arm in plan["settings"]]
    tokens = [run["tokens"] for run in trained if run.get("tokens") is not None]
    seconds = [run["seconds"] for run in trained if run.get("seconds") is not None]
    found = [
        ("skill", skill(plan, compared, promotion)),
        ("looks at test", str(test["looks"])),
        ("arms trained", str(len(trained))),
    ]
    found += [("training tokens", number(sum(tokens), 0))] if tokens else []
    return found + ([("training time", duration(sum(seconds)))] if seconds else [])


def skill(plan: Found, compared: Found, promotion: Found) -> str:
    """The skill of the arm that the verdict speaks of, by the study's headline metric."""
    arm = verdict.spoken_of(plan, compared, promotion)
    standing = compared["floors"]["arms"].get(arm, {}).get(plan["headline"]) if arm else None
    return floors.skill(standing["skill"]) if standing else "–"


def duration(seconds: float) -> str:
    """`45 s`, `12 min`, `3.5 h`."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"

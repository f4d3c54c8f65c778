"""The first screen: what to do and why, who stands where on dev and test, what was not measured."""

from collections.abc import Iterable, Mapping
from typing import Any

from stages.metrics import METRICS
from stages.reporting import endings, floors, machines, verdict
from stages.reporting.forest import axis_of, place
from stages.verdicts.comparison import HELPED

# What is scored apart and may be off, by the scorer of its metrics.
APART = {
    "comet": "COMET (how people would rate the text)",
    "judge": "a judge's opinion",
    "drift": "drift from the base",
}


def advice(
    plan: Mapping[str, Any],
    compared: Mapping[str, Any],
    promotion: Mapping[str, Any],
    test: Mapping[str, Any],
    training: Mapping[str, Mapping[str, Any]],
) -> dict[str, str]:
    """What to do in a few words, and its tone: `yes`, `no` or `open`."""
    arm, metric = verdict.spoken_of(plan, compared, promotion), plan["headline"]
    if arm is None:
        return said("open", "Nothing to decide yet: no arm could be compared with a base.")
    title = f"“{plan['arms'][arm]['title']}”"
    if test["status"] == "opened":
        return after_test(title, metric, test, plan["floors"]["waived"])
    if promotion["rule"] is None:
        return said("open", "No recommendation: the study declares no rule for one.")
    standing = compared["floors"]["arms"].get(arm, {}).get(metric)
    if standing and standing["ahead"] and not plan["floors"]["waived"]:
        does = floors.does(floors.strongest(standing, metric))
        return said("no", f"Ship none of these arms: {does} does better.")
    if compared["arms"][arm]["metrics"][metric]["verdict"] != HELPED:
        return said("no", "Keep the base: no arm is shown to be better by the study's rule.")
    if endings.diverged(training.get(arm, {})):
        return said("no", f"Ship none of these arms: training diverged for the best, {title}.")
    if standing and standing["unbeaten"] and not plan["floors"]["waived"]:
        does = floors.does(floors.strongest(standing, metric))
        return said("no", f"Ship none of these arms: the best is not shown to beat {does}.")
    return said("no", "Ship none of these arms: none meets the rule that the study declared.")


def after_test(
    title: str, metric: str, test: Mapping[str, Any], waived: str | None
) -> dict[str, str]:
    """What the test split made of the arm that won on dev."""
    standing = test["floors"]["standing"].get(metric)
    if test["metrics"][metric]["verdict"] != HELPED:
        return said("open", f"Don't count on {title}: it won on dev, and test does not confirm it.")
    if standing and standing["unbeaten"] and not waived:
        return said("open", f"Don't count on {title}: on test it is not shown to beat the floors.")
    return said("yes", f"Take {title}: it won on dev, and test confirms it.")


def said(tone: str, text: str) -> dict[str, str]:
    return {"tone": tone, "text": text}


def ladder(board: Mapping[str, Any], spoken: str | None, test: Mapping[str, Any]) -> dict[str, Any]:
    """The arm that the verdict speaks of beside base and floors, by the headline metric.

    Rows have title, kind, score on dev and on test (None while that is closed) and their places;
    `board` is the leaderboard, `spoken` that arm.
    """
    opened = test["status"] == "opened"
    on_test = tested(test, board["name"]) if opened else {}
    rows = [
        {
            **{key: line[key] for key in ("title", "kind", "label", "alarm", "value")},
            "lead": line["who"] == spoken,
            "test": on_test.get(line["who"]),
        }
        for line in board["lines"]
        if line["kind"] != "arm" or line["who"] == spoken
    ]
    scores = [row[key] for row in rows for key in ("value", "test")]
    axis = axis_of(scores, METRICS[board["name"]].unit)
    for row in rows:
        row |= {"at": place(row["value"], axis), "test_at": place(row["test"], axis)}
    return {"rows": rows, "zero": place(max(axis[0], min(0.0, axis[1])), axis), "opened": opened}


def tested(test: Mapping[str, Any], metric: str) -> dict[str, float | None]:
    """Scores on test of the arm, its base and the floors, by name."""
    every = {**test["floors"]["quality"], **test["quality"]}
    return {who: own[metric]["value"] for who, own in every.items() if metric in own}


def not_measured(
    metrics: Iterable[str],
    settings: Mapping[str, Mapping[str, Any]],
    machined: Iterable[Mapping[str, Any]],
) -> list[str]:
    """What the figures say nothing about: scorers that are off, other seeds, a GPU.

    `machined` are records that say what they were computed on.
    """
    on = {METRICS[name].scorer for name in metrics if name in METRICS}
    notes = [text for scorer, text in APART.items() if scorer not in on]
    seeds = sorted({own["seed"] for own in settings.values()})
    if seeds:
        shown = ", ".join(map(str, seeds))
        notes.append(f"other seeds: one run per arm, seed {shown}")
    if not any(map(machines.is_gpu, machined)):
        notes.append("a GPU: all ran on CPUs")
    return notes

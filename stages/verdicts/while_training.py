"""Hypotheses about a run's rewards on dev while it trained: at a step, later on, task by task."""

from collections.abc import Mapping
from typing import Any

from stages.metrics.metric import SHARE, Metric, quotient
from stages.verdicts.comparison import Pairing, compare
from stages.verdicts.evidence import (
    Evidence,
    of_difference,
    of_rank,
    of_threshold,
    of_value,
    unknown,
)
from stages.verdicts.figures import Figures
from stages.verdicts.resampling import bootstrap_scores, group_numbers, sum_by_group
from stages.verdicts.significance import defined, interval, p_threshold

Declared = Mapping[str, Any]
Row = dict[str, Any]

PREFIX = "dev_reward_"
# Steps that a reason names; of more the first ones and the last.
NAMED = 12
REWARD = Metric(
    label="reward",
    direction="higher",
    unit=SHARE,
    statistics=lambda rows: [[row["reward"], 1.0] for row in rows],
    combine=quotient,
    signature=lambda: "unit:row",
)


def at_step(hypothesis: Declared, figures: Figures, _: Any) -> Evidence:
    """A score like any other: its rows are those that were answered at that very step."""
    arm, step = hypothesis["arm"], hypothesis["step"]
    if step == "last":
        step = max(figures.evaluated.get(arm, {}), default=0)
    if step not in figures.evaluated.get(arm, {}):
        return unknown(_without(figures, arm, step))
    rows = _rows(figures, arm, step, _task(hypothesis))
    if not rows:
        return unknown(f"no rows of {hypothesis['figure']} at step {step}")
    own = Figures({arm: rows}, {"reward": REWARD})
    found = of_value(own.value(arm, "reward"), hypothesis)
    found["numbers"]["step"] = step
    return of_threshold(found, own.replicates(arm, "reward"), share=True)


def later(hypothesis: Declared, figures: Figures, _: Any) -> Evidence:
    """The last evaluation beside the last one up to the step, row by row.

    The last and not the best after it: of several means the largest is too large by its noise.
    """
    arm, after = hypothesis["arm"], hypothesis["after"]
    steps = sorted(figures.evaluated.get(arm, {}))
    before = [step for step in steps if step <= after]
    if not before or before[-1] == steps[-1]:
        return unknown(_without(figures, arm, after, "after"))
    first, last = before[-1], steps[-1]
    sides = {side: _rows(figures, arm, side, _task(hypothesis)) for side in (last, first)}
    found = _paired(sides[last], sides[first])
    if not found["n"]:
        return unknown(f"no rows of {hypothesis['figure']} at both steps {first} and {last}")
    evidence = of_difference(found, hypothesis["expect"])
    return {**evidence, "numbers": {**evidence["numbers"], "step": last, "against_step": first}}


def weakest(hypothesis: Declared, figures: Figures, _: Any) -> Evidence:
    """The task's mean below that of each other task, over rows of their own: nothing is paired."""
    arm, task = hypothesis["arm"], hypothesis["task"]
    if not figures.evaluated.get(arm):
        return unknown(_without(figures, arm, 0))
    step = max(figures.evaluated[arm])
    rows = _rows(figures, arm, step, None)
    tasks = sorted({row["task"] for row in rows})
    if task not in tasks or len(tasks) == 1:
        return unknown(f"at step {step} there are rows of {', '.join(tasks)} alone")
    found = _apart(rows, task, tasks)
    if short := [other for other, one in found.items() if one["low"] is None]:
        return unknown(f"too few rows to compare it with {', '.join(short)}")
    evidence = of_rank(found, "worst", upwards=False)
    count = sum(row["task"] == task for row in rows)
    return {**evidence, "numbers": {**evidence["numbers"], "n": count, "step": step}}


def _task(hypothesis: Declared) -> str | None:
    """The task that a figure is about; None for all of them together."""
    return hypothesis["figure"].partition(PREFIX)[2] or None


def _rows(figures: Figures, arm: str, step: int, task: str | None) -> list[Row]:
    """The rows answered at a step, by id, with their groups of near-duplicates on dev."""
    groups = {row["id"]: row["group"] for row in figures.rows.get(arm, ())}
    rows = [
        {"id": key, "group": groups.get(key, key), "task": name, "reward": [value, 1.0]}
        for name, rewards in figures.evaluated[arm][step].items()
        for key, value in rewards.items()
        if task in (None, name)
    ]
    return sorted(rows, key=lambda row: row["id"])


def _paired(late: list[Row], early: list[Row]) -> dict[str, Any]:
    """Rows that were answered at one step alone are left without a score at the other."""
    known = {row["id"]: row for row in (*late, *early)}
    rows = {
        side: [
            {**known[key], "reward": own[key]["reward"] if key in own else None}
            for key in sorted(known)
        ]
        for side, own in (
            ("late", {row["id"]: row for row in late}),
            ("early", {row["id"]: row for row in early}),
        )
    }
    pairing = Pairing("late", "early", "reward")
    if not known:
        return {"n": 0}
    return compare(rows, [pairing], {"reward": REWARD})[pairing]


def _apart(rows: list[Row], task: str, tasks: list[str]) -> dict[str, dict[str, Any]]:
    """Per other task the difference of means, own minus other, with its interval and p.

    All tasks see the same draws of groups. Few groups of either side widen the interval.
    """
    groups = group_numbers([row["group"] for row in rows])
    vectors = [row["reward"] for row in rows]
    places = {one: [n for n, row in enumerate(rows) if row["task"] == one] for one in tasks}
    sums = {one: sum_by_group(vectors, own, groups) for one, own in places.items()}
    count = {one: len(set(groups[own].tolist())) for one, own in places.items()}
    drawn = bootstrap_scores(REWARD, sums)
    means = {one: float(REWARD.combine(own.sum(axis=0))) for one, own in sums.items()}
    found = {}
    for other in tasks:
        if other == task:
            continue
        deltas = defined(drawn[task] - drawn[other])
        few = min(count[task], count[other])
        bounds = None if deltas is None else interval(deltas, few)
        low, high = bounds or (None, None)
        p = 1.0 if bounds is None else p_threshold(deltas, 0.0, few, share=False)
        delta = means[task] - means[other]
        found[other] = {"value": means[task], "delta": delta, "low": low, "high": high, "p": p}
    return found


def _without(figures: Figures, arm: str, step: int, where: str = "at") -> str:
    """Why there is no evaluation at, or after, a step."""
    steps = sorted(figures.evaluated.get(arm, {}))
    if not steps:
        return f"no evaluation in the log of {arm}"
    ended = figures.value(arm, "training.steps")
    if ended is not None and (step >= ended if where == "after" else step > ended):
        return f"no evaluation {where} step {step}; the run ended at step {ended:.0f}"
    named = [str(one) for one in steps]
    named = named if len(named) <= NAMED else [*named[:3], "…", named[-1]]
    return f"no evaluation {where} step {step}; there are {', '.join(named)}"


GATHER = {"at_step": at_step, "later": later, "weakest": weakest}

"""How the reward went: what runs that are trained by rewards show of themselves, step by step."""

from collections.abc import Mapping, Sequence
from typing import Any

from stages.curves import rewarded
from stages.reporting.reward_rows import PREFIX, Bands, bands
from stages.reporting.tables import number

NEARLY_ZERO = 0.01
# In the order in which they are looked at: what they are called, and digits to show. The rewards of
# each task on dev follow the first.
FIGURES = {
    "dev_reward": ("reward on dev", 3),
    "reward": ("reward in training", 3),
    "completion_length": ("length of the answers, tokens", 0),
    "at_limit_share": ("share of answers at the limit", 3),
    "zero_variance_share": ("share of groups without variance", 3),
    "grad_norm": ("gradient norm", 3),
    "entropy": ("entropy, nats per token", 3),
    "dev_kl": ("KL from the start point, nats per token", 4),
    "seen_share": ("share of the training prompts seen", 3),
    "lr": ("learning rate", 8),
}
# What differs from batch to batch is drawn as a running mean.
NOISY = ("reward", "completion_length", "at_limit_share", "zero_variance_share", "grad_norm",
         "entropy")  # fmt: skip
Curves = Mapping[str, Sequence[Mapping[str, float]]]


def section(
    plan: Mapping[str, Any],
    arms: Mapping[str, Mapping[str, Any]],
    curves: Curves,
    training: Mapping[str, Mapping[str, Any]],
) -> dict[str, Any] | None:
    """The section's figures and tables; None where no arm was trained by rewards.

    `curves` and `training` have each arm's log and what its run recorded once.
    """
    own = {arm: rows for arm, rows in curves.items() if arm in arms and rewarded(rows)}
    if not own:
        return None
    titles = {arm: arms[arm]["title"] for arm in own}
    within = {arm: bands(plan["study"], arm) for arm in own}
    tasks = sorted({name for rows in own.values() for row in rows for name in row if of_dev(name)})
    names = ["dev_reward", *tasks, *(name for name in FIGURES if name != "dev_reward")]
    expected = plan.get("expected", {})
    taken = {name: series(name, own, within, titles) for name in names}
    figures = [figure(name, taken[name], expected.get(name)) for name in names if taken[name]]
    lines = [line(arm, own[arm], tasks, plan, training.get(arm, {})) for arm in own]
    heads = [head for head in lines[0] if any(one[head] != "–" for one in lines)]
    cells = [[one[head] for head in heads] for one in lines]
    return {
        "titles": list(titles.values()),
        "figures": figures,
        "heads": heads,
        "rows": list(zip(titles.values(), cells, strict=True)),
        "expects": any(one["expected"] for one in figures),
    }


def of_dev(name: str) -> bool:
    return name.startswith(f"{PREFIX}_")


def label(name: str) -> str:
    """What a figure is called; that of a task goes by the task's own name."""
    if name in FIGURES:
        return FIGURES[name][0]
    return f"{FIGURES[PREFIX][0]}: {name.removeprefix(f'{PREFIX}_')}"


def series(
    name: str, own: Curves, within: Mapping[str, Bands], titles: Mapping[str, str]
) -> dict[str, list[dict[str, Any]]]:
    """By title of arm where a figure was taken: step, value, and the interval where it has one."""
    found = {}
    for arm, rows in own.items():
        around = within[arm].get(name, {})
        points = []
        for row in rows:
            if name in row:
                low, high = around.get(int(row["step"]), (None, None))
                point = {"step": int(row["step"]), "value": row[name], "low": low, "high": high}
                points.append(point)
        if points:
            found[titles[arm]] = points
    return found


def figure(
    name: str, taken: dict[str, list[dict[str, Any]]], expected: Sequence[float] | None
) -> dict[str, Any]:
    """A figure of the arms that have it: what a chart draws, and the same in a few words."""
    digits = FIGURES.get(name, FIGURES[PREFIX])[1]
    return {
        "name": name,
        "label": label(name),
        "expected": list(expected) if expected else None,
        "said": f"{expected[0]:g} to {expected[1]:g}" if expected else "",
        "noisy": name in NOISY,
        "series": taken,
        "cells": {
            title: {
                "first": shown(points[0]["value"], digits),
                "last": shown(points[-1]["value"], digits),
                "least": shown(min(point["value"] for point in points), digits),
                "most": shown(max(point["value"] for point in points), digits),
                "outside": outside([point["value"] for point in points], expected),
            }
            for title, points in taken.items()
        },
    }


def shown(value: float, digits: int) -> str:
    """A figure with its digits; a tiny one, as a learning rate is, in powers of ten."""
    return f"{value:.2g}" if 0 < abs(value) < 0.001 else number(value, min(digits, 4))


def outside(values: Sequence[float], expected: Sequence[float] | None) -> str:
    """The share of the values beyond the range that a study expects; nothing without one."""
    if not expected:
        return ""
    beyond = sum(not expected[0] <= value <= expected[1] for value in values)
    return f"{100 * beyond / len(values):.0f} %"


def line(
    arm: str,
    rows: Sequence[Mapping[str, float]],
    tasks: Sequence[str],
    plan: Mapping[str, Any],
    run: Mapping[str, Any],
) -> dict[str, str]:
    """One arm's run in a few figures, by head; a dash for what its log does not have."""
    on_dev = {name: [row[name] for row in rows if name in row] for name in (PREFIX, *tasks)}
    seen = [row["seen_share"] for row in rows if "seen_share" in row]
    dead = nearly_zero([row["lr"] for row in rows if "lr" in row])
    moved = {
        label(name): f"{number(of[0], 3)} → {number(of[-1], 3)}" if of else "–"
        for name, of in on_dev.items()
        if name != PREFIX
    }
    return {
        "reward on dev before training": number(next(iter(on_dev[PREFIX]), None), 3),
        "at the last step": number(next(iter(on_dev[PREFIX][::-1]), None), 3),
        **moved,
        "steps": number(max((row["step"] for row in rows), default=None), 0),
        "steps below 1 % of the peak lr": "–" if dead is None else f"{100 * dead:.1f} %",
        "training prompts seen": f"{100 * seen[-1]:.1f} %" if seen else "–",
        "rules that tripped": rules(run, plan.get("settings", {}).get(arm, {}).get("rules") or {}),
    }


def nearly_zero(rates: Sequence[float]) -> float | None:
    """The share of steps that trained almost nothing; None without a rate above 0."""
    if not rates or max(rates) <= 0:
        return None
    return sum(rate < NEARLY_ZERO * max(rates) for rate in rates) / len(rates)


def rules(run: Mapping[str, Any], declared: Mapping[str, Any]) -> str:
    """`plateau at step 40 (stop): reward on dev 0.312`, for each that tripped."""
    tripped = [
        f"{one['rule']} at step {one['step']} ({one['action']}): "
        f"{label_of(one['figure'])} {one['value']:.3g}"
        for one in run.get("tripped") or []
    ]
    none = f"none of {len(declared)}" if declared else "–"
    return "; ".join(tripped) or none


def label_of(name: str) -> str:
    return label(name) if name in FIGURES or of_dev(name) else name.replace("_", " ")

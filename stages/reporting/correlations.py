"""Two figures of each arm against each other, for every hypothesis that they go together."""

from collections.abc import Mapping
from typing import Any

from stages.metrics import METRICS
from stages.recorded import COST, TRAINING
from stages.reporting.tables import digits, p_value

RECORDED = {"training": TRAINING, "cost": COST}
LOSSES = tuple(
    f"training.{name}" for name in ("first_loss", "last_loss_mean_of_10", "second_half_loss_mean")
)
LOSS_NOTE = (
    "Losses of different formats are means over different tokens: a lower one does not say that "
    "more was learnt."
)
NOTE = "A correlation over a few arms of one study says nothing about causes."


def correlations(
    declared: Mapping[str, Mapping[str, Any]],
    hypotheses: list[dict[str, Any]],
    arms: Mapping[str, Any],
    figures: Mapping[str, Mapping[str, Any]],
) -> dict[str, Any] | None:
    """The section's heading, notes and charts; None without such a hypothesis.

    `declared` has x, y and among by hypothesis, `figures` per arm its `quality` by metric and its
    records `training` and `cost`.
    """
    found = [
        of(hypothesis, declared[hypothesis["name"]], arms, figures)
        for hypothesis in hypotheses
        if hypothesis["name"] in declared
    ]
    if not found:
        return None
    losses = any(side in LOSSES for d in declared.values() for side in (d["x"], d["y"]))
    return {
        "heading": "Loss and quality" if losses else "Correlations",
        "note": f"{LOSS_NOTE} {NOTE}" if losses else NOTE,
        "found": found,
    }


def of(
    hypothesis: Mapping[str, Any],
    declared: Mapping[str, Any],
    arms: Mapping[str, Any],
    figures: Mapping[str, Mapping[str, Any]],
) -> dict[str, Any]:
    """One hypothesis with its points, {"arm", "x", "y"}: the arms for which both are known."""
    both = {
        arm: [value(figures[arm], declared[side]) for side in ("x", "y")]
        for arm in declared["among"] or arms
        if arm in arms
    }
    points = [
        {"arm": arms[arm]["title"], "x": x, "y": y}
        for arm, (x, y) in both.items()
        if x is not None and y is not None
    ]
    axes = {side: described(declared[side]) for side in ("x", "y")}
    return {**hypothesis, "points": points, "axes": axes, "said": said(hypothesis)}


def said(hypothesis: Mapping[str, Any]) -> str:
    """r, interval, number of arms and both p; the reason where there is no r."""
    numbers, evidence = hypothesis["numbers"], hypothesis["evidence"]
    if numbers["p"] is None:
        return evidence
    return f"{evidence}; p\u00a0{p_value(numbers['p'])}, adjusted {p_value(numbers['p_adjusted'])}"


def value(figures: Mapping[str, Any], figure: str) -> float | None:
    """A metric's score, or what a run recorded as `training.NAME` or `cost.NAME`; else None."""
    kind, _, name = figure.rpartition(".")
    found = figures[kind].get(name) if kind else figures["quality"].get(name, {}).get("value")
    return found if isinstance(found, int | float) else None


def described(figure: str) -> dict[str, Any]:
    """What to call a figure, with its unit, and the digits to show."""
    kind, _, name = figure.rpartition(".")
    if kind:
        known = {key: (label, places) for label, (key, places) in RECORDED[kind].items()}
        label, places = known.get(name, (name.replace("_", " "), 0))
        unit = ", nats per token" if figure in LOSSES else ""
        return {"label": f"{label}{unit}", "digits": places}
    if name not in METRICS:
        return {"label": name, "digits": 3}
    metric = METRICS[name]
    return {"label": f"{metric.label}, {metric.unit}", "digits": digits(metric.unit)}

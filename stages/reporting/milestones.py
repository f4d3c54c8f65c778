"""The loss at fixed steps of a training, and at its end beside that on dev: does it overfit?"""

from collections.abc import Mapping, Sequence
from typing import Any

from stages.curves import rewarded
from stages.recorded import TRAINING
from stages.reporting.tables import number

STEPS = (25, 50, 100, 1000)
OVER = 10  # steps whose mean is the loss at a step, that one the last: single steps are noise
DIGITS = 3
ON_DEV = {
    "on dev, last": TRAINING["last loss on dev"],
    "on dev, lowest": TRAINING["lowest loss on dev"],
    "lowest at step": TRAINING["lowest loss on dev, at step"],
}
Curve = Sequence[Mapping[str, float]]


def milestones(
    curves: Mapping[str, Curve],
    lengths: Mapping[str, int | None],
    training: Mapping[str, Mapping[str, Any]],
) -> dict[str, Any] | None:
    """A plain table with a column an arm; None where no arm was trained on answers.

    `curves` has the rows of an arm's log, `lengths` its `max_length` in tokens, `training` what its
    run recorded once. Losses are in nats per token.
    """
    own = {arm: [] if rewarded(curve) else curve for arm, curve in curves.items()}
    if not any(own.values()):
        return None
    runs = [training.get(arm, {}) if own[arm] else {} for arm in own]
    reached = [step for step in STEPS if any(len(curve) > step for curve in own.values())]
    rows = [
        ("longest row, tokens", [number(lengths.get(arm) if own[arm] else None, 0) for arm in own]),
        *((f"step {step:,}", [at(curve, step) for curve in own.values()]) for step in reached),
        ("last step", [number(run.get("last_loss_mean_of_10"), DIGITS) for run in runs]),
        *on_dev(runs),
    ]
    return {
        "caption": f"Training loss as the mean of the {OVER} steps up to each, and loss on part "
        "of dev. Overfitting shows as a loss on dev that has risen since its lowest while that of "
        "training falls; the gap between both is also how far the two splits differ.",
        "arms": list(own),
        "rows": rows,
        "notes": [],
    }


def at(curve: Curve, step: int) -> str:
    """The mean training loss of the steps up to `step`, or a dash where none is that far."""
    losses = [row["loss"] for row in curve[max(0, step - OVER) : step]]
    return number(sum(losses) / len(losses) if losses and step <= len(curve) else None, DIGITS)


def on_dev(runs: Sequence[Mapping[str, Any]]) -> list[tuple[str, list[str]]]:
    """Rows of the loss on dev, none where it was never taken."""
    if not any("last_dev_loss" in run for run in runs):
        return []
    risen = [
        run["last_dev_loss"] - run["best_dev_loss"] if "last_dev_loss" in run else None
        for run in runs
    ]
    recorded = [
        (label, [number(run.get(key), digits) for run in runs])
        for label, (key, digits) in ON_DEV.items()
    ]
    return [*recorded, ("risen since", [number(rise, DIGITS) for rise in risen])]

"""The loss at fixed steps of a training, and at its end beside that on dev: does it overfit?"""

from collections.abc import Mapping, Sequence
from typing import Any

from stages.curves import rewarded
from stages.reporting.tables import number

STEPS = (25, 50, 100, 1000)
OVER = 10  # steps whose mean is the loss at a step, that one the last: single steps are noise
DIGITS = 3
Curve = Sequence[Mapping[str, float]]


def milestones(
    curves: Mapping[str, Curve], lengths: Mapping[str, int | None]
) -> dict[str, Any] | None:
    """A plain table with a column an arm; None where no arm was trained on answers.

    `curves` has the rows of an arm's log, `lengths` its `max_length` in tokens. Losses are in nats
    per token.
    """
    own = {arm: [] if rewarded(curve) else curve for arm, curve in curves.items()}
    if not any(own.values()):
        return None
    reached = [step for step in STEPS if any(len(curve) > step for curve in own.values())]
    rows = [
        ("longest row, tokens", [number(lengths.get(arm) if own[arm] else None, 0) for arm in own]),
        *((f"step {step:,}", [at(curve, step) for curve in own.values()]) for step in reached),
        ("last step", [at(curve, len(curve)) for curve in own.values()]),
        *on_dev(list(own.values())),
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


def on_dev(curves: Sequence[Curve]) -> list[tuple[str, list[str]]]:
    """Rows of the loss on dev, none where it was never taken."""
    taken = [[(row["dev_loss"], row["step"]) for row in c if "dev_loss" in row] for c in curves]
    if not any(taken):
        return []
    lowest = [min(found) if found else (None, None) for found in taken]
    last = [found[-1][0] if found else None for found in taken]
    risen = [None if end is None else end - low for end, (low, _) in zip(last, lowest, strict=True)]
    return [
        ("on dev, last", [number(end, DIGITS) for end in last]),
        ("on dev, lowest", [number(low, DIGITS) for low, _ in lowest]),
        ("lowest at step", [number(step, 0) for _, step in lowest]),
        ("risen since", [number(rise, DIGITS) for rise in risen]),
    ]

"""Learning-rate schedules as shares of the peak, by transformers' formulas and without torch.

`train` lets transformers schedule; a test holds these numbers equal to what it does.
"""

import math
from collections.abc import Mapping
from typing import Any


def steps(plan: Mapping[str, Any], rows: int) -> tuple[int, int]:
    """(optimizer steps, warm-up steps) of a run over `rows` rows, by transformers' formulas.

    A plan has `max_steps` or `epochs`, `warmup_steps` or `warmup_ratio`.
    """
    per_epoch = math.ceil(math.ceil(rows / plan["batch_size"]) / plan["gradient_accumulation"])
    total = plan["max_steps"] if "max_steps" in plan else math.ceil(plan["epochs"] * per_epoch)
    if plan["schedule"] == "constant":
        return total, 0
    ratio = plan.get("warmup_ratio")
    return total, plan["warmup_steps"] if ratio is None else math.ceil(ratio * total)


def shares_of_peak(schedule: str, warmup_steps: int, max_steps: int) -> list[float]:
    """The learning rate of each optimizer step as a share of the peak, length `max_steps`."""
    return [_share(schedule, step, warmup_steps, max_steps) for step in range(max_steps)]


def _share(schedule: str, step: int, warmup: int, total: int) -> float:
    if schedule == "constant":
        return 1.0
    if step < warmup:
        return step / max(1, warmup)
    progress = (step - warmup) / max(1, total - warmup)
    return {
        "constant_with_warmup": 1.0,
        "linear": max(0.0, 1.0 - progress),
        "cosine": max(0.0, 0.5 * (1.0 + math.cos(math.pi * progress))),
    }[schedule]

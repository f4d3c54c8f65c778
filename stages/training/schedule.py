"""Learning-rate schedules as shares of the peak, by transformers' formulas and without torch.

`train` lets transformers schedule; a test holds these numbers equal to what it does.
"""

import math


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

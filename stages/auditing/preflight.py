"""What a training run will amount to, computed before it starts."""

from typing import Any

from stages.training.schedule import shares_of_peak, steps

NEARLY_ZERO = 0.01


def forecast(arm: dict[str, Any], rows: int, tokens: int) -> dict[str, Any]:
    """Steps, epochs and tokens that will be seen, and the share of steps below 1 % of the peak lr.

    A study once trained 70 of 200 steps with a learning rate of nearly zero and took the plateau
    for a limit of the model; this number shows it beforehand.
    """
    total, warmup = steps(arm, rows)
    seen = total * arm["batch_size"] * arm["gradient_accumulation"]
    shares = shares_of_peak(arm["schedule"], warmup, total)
    return {
        "steps": total,
        "rows_seen": seen,
        "epochs": round(seen / rows, 3),
        "tokens_seen": round(tokens * seen / rows),
        "steps_below_1_percent_of_peak_lr": round(
            sum(share < NEARLY_ZERO for share in shares) / len(shares), 4
        ),
    }

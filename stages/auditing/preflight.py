"""What a training run will amount to, computed before it starts."""

from typing import Any

from stages.training.schedule import shares_of_peak, steps

NEARLY_ZERO = 0.01
LOGIT_BYTES = 4  # float32


def forecast(arm: dict[str, Any], rows: int, tokens: int) -> dict[str, Any]:
    """Steps, epochs and tokens that will be seen, and the share of steps below 1 % of the peak lr.

    A study once took its plateau from step 130 of 200 on for the end of its learning rate, "the
    last 70 steps with an effectively zero rate". With its cosine and a warm-up over 0.1 the rate at
    step 130 is 33 % of the peak; 6 % of the steps lie below 1 % of it, the first and the last
    eleven. This number shows beforehand what of a run is lost to its schedule, and what is not.
    """
    total, warmup = steps(arm, rows)
    seen = total * arm["batch_size"] * arm["gradient_accumulation"]
    shares = shares_of_peak(arm["schedule"], warmup, total)
    return {
        "steps": total,
        "rows_seen": seen,
        "epochs": round(seen / rows, 3),
        "tokens_seen": round(tokens * seen / rows),
        "steps_below_1_percent_of_peak_lr": nearly_zero(shares),
    }


def forecast_rl(
    arm: dict[str, Any], rows: int, longest_prompt: int, vocabulary: int | None = None
) -> dict[str, Any]:
    """What a run by rewards amounts to over `rows` prompts, of `longest_prompt` tokens at most.

    An epoch is a pass over the prompts; those that don't fill a last step are left out, as TRL
    does. `completions_per_pass` are those of one forward pass with gradients; left out, a step's.
    The learning rate is that of the first step of each tenth, and of the last step of all.
    The logits are those of the answers alone, in MB of float32.
    """
    prompts, answer = arm["prompts_per_step"], arm["max_completion"]
    completions = prompts * arm["generations"]
    whole = max(prompts, rows // prompts * prompts)
    total, warmup = steps({**arm, "batch_size": prompts, "gradient_accumulation": 1}, whole)
    shares = shares_of_peak(arm["schedule"], warmup, total)
    in_pass = arm.get("completions_per_pass") or completions
    size = in_pass * answer * (vocabulary or 0) * LOGIT_BYTES / 1e6
    return {
        "steps": total,
        "prompts_per_step": prompts,
        "generations": arm["generations"],
        "completions_per_step": completions,
        "prompts_seen": total * prompts,
        "epochs": round(total * prompts / rows, 3),
        "lr": arm["lr"],
        "lr_by_tenths": by_tenths(shares),
        "steps_below_1_percent_of_peak_lr": nearly_zero(shares),
        "most_tokens_generated": total * completions * answer,
        "most_tokens_in_a_pass": in_pass * (longest_prompt + answer),
        **({"logits_mb": round(size)} if vocabulary else {}),
    }


def by_tenths(shares: list[float]) -> list[float]:
    """What the first step of each tenth has, and the last step of all."""
    places = [*(n * len(shares) // 10 for n in range(10)), -1]
    return [round(shares[place], 4) for place in places]


def nearly_zero(shares: list[float]) -> float:
    """The share of steps that train almost nothing."""
    return round(sum(share < NEARLY_ZERO for share in shares) / len(shares), 4)

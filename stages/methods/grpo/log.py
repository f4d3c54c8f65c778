"""A run's log: one row per optimizer step, and what was measured on dev behind it."""

from collections.abc import Iterable, Mapping
from typing import Any

# By our names TRL's
FIGURES = {
    "reward": "reward",
    "completion_length": "completions/mean_length",
    "at_limit_share": "completions/clipped_ratio",
    "zero_variance_share": "frac_reward_zero_std",
    "entropy": "entropy",
    "kl": "kl",
}
TASK = ("rewards/", "/mean")


def curve(history: Iterable[Mapping[str, Any]], prompts: int) -> list[dict[str, Any]]:
    """Rows by step out of the trainer's log history; step 0 has only what was measured on dev.

    reward, reward_TASK: mean over the step's answers. completion_length in tokens. at_limit_share:
    of the answers, those without a stop token. zero_variance_share: of the groups, those whose
    answers were all rewarded alike, so that nothing is learnt from them. entropy: nats per token.
    seen_share: of the `prompts`, those asked so far. `tokens_per_second` covers the whole step.
    """
    history = list(history)
    dev = {entry["step"]: entry for entry in history if "dev_reward" in entry}
    rows = [_dev(dev[0])] if 0 in dev else []
    seen: set[str] = set()
    for entry in history:
        if "loss" not in entry:
            continue
        seen |= set(entry["asked"])
        row = _step(entry) | {"seen_share": round(len(seen) / prompts, 6)}
        rows.append(row | (_dev(dev[row["step"]]) if row["step"] in dev else {}))
    return rows


def _step(entry: Mapping[str, Any]) -> dict[str, Any]:
    start, end = TASK
    tasks = {
        f"reward_{name.removeprefix(start).removesuffix(end)}": value
        for name, value in entry.items()
        if name.startswith(start) and name.endswith(end)
    }
    figures = {name: entry.get(theirs) for name, theirs in FIGURES.items()}
    measured = {name: round(v, 6) for name, v in (figures | tasks).items() if v is not None}
    return {
        "step": entry["step"],
        "loss": round(entry["loss"], 6),
        "lr": entry["learning_rate"],
        "grad_norm": round(entry["grad_norm"], 6),
        "tokens": entry["tokens"],
        "seconds": round(entry["seconds"], 4),
        "tokens_per_second": round(entry["tokens"] / entry["seconds"], 1),
        **measured,
    }


def _dev(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value for name, value in entry.items() if name == "step" or name.startswith("dev_")
    }

"""How a run ended: which of its states is kept, and the run in figures."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file

from stages import made
from stages.methods.grpo import rules
from stages.methods.grpo.dev_reward import measured
from stages.training import checkpoints, finishing
from stages.training.divergence import DivergedError
from stages.training.finishing import Kept


def kept(plan: dict[str, Any], trainer: Any, scratch: Path, diverged: DivergedError | None) -> Kept:
    """The last sealed checkpoint of a run that diverged, else the best or the last state."""
    if not diverged:
        return finishing.kept(plan, trainer, scratch, None)
    # The weights of the step before may be what the loss was no number with
    checkpoint = checkpoints.latest(scratch, diverged.step - 1)
    while checkpoint and not finite(checkpoint):
        checkpoint = checkpoints.latest(scratch, step_of(checkpoint))
    return Kept(checkpoint, step_of(checkpoint)) if checkpoint else Kept(None, 0)


def finite(checkpoint: Path) -> bool:
    return all(bool(torch.isfinite(t).all()) for t in load_file(checkpoint / made.WEIGHTS).values())


def step_of(checkpoint: Path) -> int:
    return int(checkpoint.name.split("-")[1])


def facts(
    plan: dict[str, Any],
    trainer: Any,
    rows: list[dict[str, Any]],
    kept: Kept,
    diverged: DivergedError | None,
    tripped: Sequence[dict[str, Any]],
) -> dict[str, Any]:
    """The run in figures: rewards before and after, speed, size, time, and what rules tripped."""
    steps = [row for row in rows if row["step"]]
    end = rules.stops(tripped)
    named = {**plan, "stop": {"figure": f"rule {end['rule']}"}} if end else plan
    found = finishing.facts(named, trainer, steps, kept, diverged)
    # A policy's loss is next to nothing at each step, by its definition
    found = {name: value for name, value in found.items() if "loss" not in name}
    on_dev = measured(rows)
    best = max(on_dev, key=lambda row: row["dev_reward"], default=None)
    if best:
        found |= {
            "first_dev_reward": on_dev[0]["dev_reward"],
            "last_dev_reward": on_dev[-1]["dev_reward"],
            "best_dev_reward": best["dev_reward"],
            "best_dev_reward_step": best["step"],
            "last_dev_kl": on_dev[-1]["dev_kl"],
        }
    if steps:
        found |= {"seen_share": steps[-1]["seen_share"]}
    return found | {"tripped": list(tripped), "start_from": plan["start_from"]}

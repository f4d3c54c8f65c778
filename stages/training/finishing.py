"""How a run ended: which of its states is kept, and the run in figures."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stages import records
from stages.machine import machine
from stages.model import loading
from stages.training import checkpoints
from stages.training.divergence import DivergedError

BEST, STEP = "best", "step.json"
FINISHED, DIVERGED = "finished", "diverged"


@dataclass(frozen=True)
class Kept:
    """The state that is answered with: a folder as PEFT saves it, and the step it is of.

    No folder: a run diverged before its first checkpoint, so that its state is step 0, the base.
    """

    folder: Path | None
    step: int


def kept(plan: dict[str, Any], trainer: Any, scratch: Path, diverged: DivergedError | None) -> Kept:
    """The last sealed checkpoint of a run that diverged, else the best or the last state."""
    if diverged:
        # The weights of the step before may be what the loss was infinite with
        checkpoint = checkpoints.latest(scratch, before=diverged.step - 1)
        return Kept(checkpoint, int(checkpoint.name.split("-")[1]) if checkpoint else 0)
    if plan.get("keep") == BEST:
        return Kept(scratch / BEST, records.read_json(scratch / BEST / STEP))
    trainer.model.save_pretrained(scratch / "last")
    return Kept(scratch / "last", trainer.state.global_step)


def facts(
    plan: dict[str, Any],
    trainer: Any,
    curve: list[dict[str, Any]],
    kept: Kept,
    diverged: DivergedError | None,
) -> dict[str, Any]:
    """The run in figures: the last losses, speed, size, time, and on what machine."""
    trainable, total = trainer.model.get_nb_trainable_parameters()
    on_dev = [(row["dev_loss"], row["step"]) for row in curve if row.get("dev_loss") is not None]
    found = {
        "method": plan["method"],
        "status": DIVERGED if diverged else FINISHED,
        "steps": len(curve),
        "planned_steps": trainer.state.max_steps,
        "kept_step": kept.step,
        "tokens": sum(row["tokens"] for row in curve),
        "seconds": round(sum(row["seconds"] for row in curve), 1),
        "trainable_parameters": trainable,
        "total_parameters": total,
        "peak_memory_mb": loading.peak_memory(),
        **machine(),
    }
    if curve:
        last = [row["loss"] for row in curve[-10:]]
        speeds = sorted(row["tokens_per_second"] for row in curve)
        found |= {
            "first_loss": curve[0]["loss"],
            "last_loss_mean_of_10": round(sum(last) / len(last), 6),
            "tokens_per_second_median": speeds[len(speeds) // 2],
        }
    if on_dev:
        lowest, step = min(on_dev)
        found |= {"best_dev_loss": lowest, "best_dev_loss_step": step}
        found |= {"last_dev_loss": on_dev[-1][0]}
    if not diverged and len(curve) < trainer.state.max_steps:
        found["stopped_early"] = f"{plan['stop']['figure']} at step {len(curve)}"
    return found | ({"reason": str(diverged), "diverged_at": diverged.step} if diverged else {})


def announce(plan: dict[str, Any], kept: Kept, diverged: DivergedError) -> str:
    """What a run that diverged says of itself, so that nobody passes over it."""
    state = f"its checkpoint of step {kept.step}" if kept.step else "the base, as it was at step 0"
    return (
        f"{plan['arm']} DIVERGED: {diverged}. It is a row of its study like every other: what is "
        f"answered with is {state}, it is marked so, and it can't be promoted. "
        "Lower lr or max_grad_norm, or warm up for longer"
    )

"""How a run ended: which of its states is kept, and the run in figures."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from peft import set_peft_model_state_dict
from safetensors.torch import load_file

from stages import made, records
from stages.machine import machine
from stages.model import loading
from stages.training import checkpoints
from stages.training.divergence import DivergedError

BEST, STEP = "best", "step.json"
FINISHED, DIVERGED = "finished", "diverged"


@dataclass(frozen=True)
class Kept:
    """The state that is answered with: a folder as PEFT saves it, and the step it is of.

    No folder: it is the base, for a run diverged before its first checkpoint or was best before its
    first step that moved anything.
    """

    folder: Path | None
    step: int


def kept(plan: dict[str, Any], trainer: Any, scratch: Path, diverged: DivergedError | None) -> Kept:
    """The last sealed checkpoint of a run that diverged, else the best or the last state."""
    if diverged:
        # The weights of the step before may be what the loss was infinite with
        before = diverged.step - 1
        while checkpoint := checkpoints.latest(scratch, before):
            before = int(checkpoint.name.split("-")[1])
            if not _moved(checkpoint):
                return Kept(None, before)
            if _answers(trainer, checkpoint):
                return Kept(checkpoint, before)
        return Kept(None, 0)
    if plan.get("keep") == BEST:
        folder = scratch / BEST
        return Kept(folder if _moved(folder) else None, records.read_json(folder / STEP))
    trainer.model.save_pretrained(scratch / "last")
    return Kept(scratch / "last", trainer.state.global_step)


def check(trainer: Any) -> None:
    """Raise DivergedError where the last step left what no loss behind it could show."""
    trained = [p for p in trainer.model.parameters() if p.requires_grad]
    if bad := sum(not weights.isfinite().all() for weights in trained):
        raise DivergedError(f"{bad} tensors are not finite", trainer.state.global_step)


def _moved(folder: Path) -> bool:
    """Whether an adapter changes anything: LoRA's B starts at zero, as does a warm-up's rate."""
    halves = {n: t for n, t in load_file(folder / made.WEIGHTS).items() if "lora_B" in n}
    return any(tensor.any() for tensor in halves.values())


@torch.no_grad()
def _answers(trainer: Any, folder: Path) -> bool:
    """Whether what is next said of a plain prompt is a number: `predict` refuses it otherwise."""
    set_peft_model_state_dict(trainer.model, load_file(folder / made.WEIGHTS))
    ids = trainer.processing_class(loading.PROMPT, return_tensors="pt").input_ids
    ids = ids[:, [*range(ids.shape[1]), -1]].to(trainer.model.device)
    summed, _ = trainer.model(input_ids=ids, attention_mask=torch.ones_like(ids), labels=ids)
    return bool(torch.isfinite(summed))


def on_dev(state: Any) -> list[dict[str, Any]]:
    """The entries of a run's log that have its dev loss."""
    return [entry for entry in state.log_history if "dev_loss" in entry]


def facts(
    plan: dict[str, Any],
    trainer: Any,
    curve: list[dict[str, Any]],
    kept: Kept,
    diverged: DivergedError | None,
) -> dict[str, Any]:
    """The run in figures: the last losses, speed, size, time, and on what machine."""
    trainable, total = trainer.model.get_nb_trainable_parameters()
    measured = [(entry["dev_loss"], entry["step"]) for entry in on_dev(trainer.state)]
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
    if measured:
        lowest, step = min(measured)
        found |= {"best_dev_loss": lowest, "best_dev_loss_step": step}
        found |= {"last_dev_loss": measured[-1][0]}
    if not diverged and len(curve) < trainer.state.max_steps:
        found["stopped_early"] = f"{plan['stop']['figure']} at step {len(curve)}"
    return found | ({"reason": str(diverged), "diverged_at": diverged.step} if diverged else {})


def announce(plan: dict[str, Any], kept: Kept, diverged: DivergedError) -> str:
    """What a run that diverged says of itself, so that nobody passes over it."""
    state = f"its checkpoint of step {kept.step}" if kept.folder else "the base, untouched"
    return (
        f"{plan['arm']} DIVERGED: {diverged}. It is a row of its study like every other: what is "
        f"answered with is {state}, it is marked so, and it can't be promoted. "
        "Lower lr or max_grad_norm, or warm up for longer"
    )

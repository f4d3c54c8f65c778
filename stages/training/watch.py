"""What a run shows and leaves behind: a progress bar, a log of each step."""

import time
from typing import Any

import torch
from tqdm import tqdm
from transformers import TrainerCallback


def now() -> float:
    """Seconds, once a GPU has done what it was given: its kernels run behind the program's back."""
    if torch.cuda.is_available():
        torch.cuda.synchronize()
    return time.perf_counter()


class Watch(TrainerCallback):
    """Time each step and draw a bar with the current loss."""

    def __init__(self, name: str):
        self.name = name
        self.bar: tqdm | None = None
        self.started = 0.0
        self.seconds: dict[int, float] = {}

    def on_train_begin(self, args, state, control, **_):
        self.bar = tqdm(
            total=state.max_steps, initial=state.global_step, desc=self.name, unit="step"
        )

    def on_step_begin(self, args, state, control, **_):
        self.started = now()

    def on_step_end(self, args, state, control, **_):
        self.seconds[state.global_step] = now() - self.started

    def on_log(self, args, state, control, logs=None, **_):
        if "loss" in (logs or {}):
            # The log entry is kept in the checkpoint, so a resumed run has the whole curve.
            state.log_history[-1]["seconds"] = self.seconds.get(state.global_step)
            self.bar.update(state.global_step - self.bar.n)
            self.bar.set_postfix_str(f"loss {logs['loss']:.3f}")

    def on_train_end(self, args, state, control, **_):
        self.bar.close()


def curve(history: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One row per step out of the trainer's log history; tokens/s covers the optimizer step.

    `dev_loss` is there for the steps behind which it was measured.
    """
    on_dev = {entry["step"]: entry["dev_loss"] for entry in history if "dev_loss" in entry}
    rows = []
    for entry in history:
        if "loss" not in entry:
            continue
        row = {
            "step": entry["step"],
            "loss": round(entry["loss"], 6),
            "lr": entry["learning_rate"],
            "grad_norm": round(entry["grad_norm"], 6),
            "tokens": entry["tokens"],
            "seconds": round(entry["seconds"], 4),
            "tokens_per_second": round(entry["tokens"] / entry["seconds"], 1),
        }
        step = entry["step"]
        rows.append(row | ({"dev_loss": on_dev[step]} if step in on_dev else {}))
    return rows

"""The loss on a fixed part of dev while training goes on, and the weights where it was lowest."""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from transformers import TrainerCallback

from stages.model.tokens import Encoded
from stages.training import finishing


class DevLoss(TrainerCallback):
    """Log `dev_loss`, in nats per supervised token, every so many steps; keep the best weights.

    They are kept outside the checkpoints: the best may be older than the oldest of those. A run
    that resumes comes by the same values again, and so by the same best.
    """

    def __init__(self, trainer: Any, settings: Mapping[str, int], dev: Mapping[str, Encoded]):
        self.trainer = trainer
        self.every = settings["every"]
        self.rows = part(dev, settings["rows"])

    def on_step_end(self, args, state, control, **_):
        if state.global_step % self.every and state.global_step != state.max_steps:
            return
        value = round(self.measure(), 6)
        earlier = [entry["dev_loss"] for entry in state.log_history if "dev_loss" in entry]
        state.log_history.append({"dev_loss": value, "step": state.global_step})
        # A value that is no number is about to be reported as divergence
        if value < min(earlier, default=float("inf")):
            self.keep(Path(args.output_dir), state.global_step)

    @torch.no_grad()
    def measure(self) -> float:
        """Mean loss over the rows' supervised tokens, without dropout."""
        model = self.trainer.model
        # Not eval(): bitsandbytes would repack 4-bit weights, and no gradient passes them any more
        dropouts = [m for m in model.modules() if isinstance(m, torch.nn.Dropout) and m.training]
        for dropout in dropouts:
            dropout.eval()
        total, count = 0.0, 0
        for batch in self.batches():
            summed, supervised = model(**batch)
            total, count = total + float(summed), count + int(supervised)
        for dropout in dropouts:
            dropout.train()
        return total / count

    def batches(self):
        size = self.trainer.args.train_batch_size
        for start in range(0, len(self.rows), size):
            rows = self.rows[start : start + size]
            batch = self.trainer.data_collator(
                [{"input_ids": row.input_ids, "labels": row.labels} for row in rows]
            )
            yield self.trainer._prepare_inputs(batch)

    def keep(self, scratch: Path, step: int) -> None:
        made = scratch / "best.partial"
        shutil.rmtree(made, ignore_errors=True)
        self.trainer.model.save_pretrained(made)
        (made / finishing.STEP).write_text(json.dumps(step), encoding="utf-8")
        shutil.rmtree(scratch / finishing.BEST, ignore_errors=True)
        made.rename(scratch / finishing.BEST)


def part(dev: Mapping[str, Encoded], wanted: int) -> list[Encoded]:
    """Rows evenly spaced over dev by id, those of similar length together."""
    keys = sorted(key for key, row in dev.items() if row.supervised)
    wanted = min(wanted, len(keys))
    chosen = [dev[keys[place * len(keys) // wanted]] for place in range(wanted)]
    return sorted(chosen, key=lambda row: len(row.input_ids))

"""The loss on a fixed part of dev while training goes on, and the weights where it was lowest."""

import json
import math
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from transformers import TrainerCallback

from stages.command import UserError
from stages.model.tokens import Encoded
from stages.training import finishing
from stages.training.divergence import DivergedError

# In eval mode bitsandbytes repacks these on a CPU, and no gradient passes through them any more
FOUR_BIT = ("Linear4bit", "bitsandbytes")


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
        if state.global_step % self.every == 0 or state.global_step == state.max_steps:
            self.log(state)

    def log(self, state: Any) -> None:
        """Measure where the run stands, unless that was done; DivergedError if it is no number."""
        earlier = {entry["step"]: entry["dev_loss"] for entry in finishing.on_dev(state)}
        if state.global_step in earlier:
            return
        value = round(self.measure(), 6)
        if not math.isfinite(value):
            raise DivergedError(f"the dev loss is {value}", state.global_step)
        state.log_history.append({"dev_loss": value, "step": state.global_step})
        if value < min(earlier.values(), default=math.inf):
            self.keep(Path(self.trainer.args.output_dir), state.global_step)

    @torch.no_grad()
    def measure(self) -> float:
        """Mean loss over the rows' supervised tokens, without dropout, which would also draw."""
        model = self.trainer.model
        # Not eval(), for 4-bit layers; and each by itself, for attention drops out by its own flag
        changed = [part for part in model.modules() if part.training and not _four_bit(part)]
        for part in changed:
            part.training = False
        total, count = 0.0, 0
        for batch in self.batches():
            summed, supervised = model(**batch)
            total, count = total + float(summed), count + int(supervised)
        for part in changed:
            part.training = True
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


def _four_bit(part: torch.nn.Module) -> bool:
    kind = type(part)
    return (kind.__name__, kind.__module__.split(".")[0]) == FOUR_BIT


def part(dev: Mapping[str, Encoded], wanted: int) -> list[Encoded]:
    """Rows evenly spaced over dev by id, those of similar length together."""
    keys = sorted(key for key, row in dev.items() if row.supervised)
    if not keys:
        raise UserError("dev_loss: no dev row has a token that bears loss; raise max_length")
    wanted = min(wanted, len(keys))
    chosen = [dev[keys[place * len(keys) // wanted]] for place in range(wanted)]
    return sorted(chosen, key=lambda row: len(row.input_ids))

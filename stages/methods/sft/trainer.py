"""Supervised fine-tuning: TRL's SFTTrainer with three of its hooks used, on faster layers.

- The loss projects only supervised positions to the vocabulary (loss.py); on a CPU, TRL projects
  all of them.
- Batches hold rows of similar length (batches.py).
- A non-finite loss or gradient ends the run at that step.
- Layers are those of `training/lora.py`.
"""

import types
import warnings
from collections.abc import Sequence
from typing import Any

import torch
from datasets import Dataset
from transformers import set_seed
from transformers.trainer_callback import PrinterCallback, ProgressCallback
from trl import SFTConfig, SFTTrainer

from stages.methods.sft.batches import SimilarLengths
from stages.methods.sft.loss import supervised_loss
from stages.model.tokens import Encoded
from stages.training import schedule
from stages.training.divergence import DivergedError
from stages.training.lora import adapt, check_head, keep_float32

# Names of settings that TRL and peft still use, and transformers renames in its next version.
warnings.filterwarnings("ignore", message=".*is deprecated and will be removed in v6")


class Trainer(SFTTrainer):
    """SFTTrainer over rows with `input_ids`, `labels` and `length`."""

    def __init__(self, model: Any, lengths: list[int], **arguments: Any):
        check_head(model.get_base_model())
        super().__init__(model=model, **arguments)
        self.lengths = lengths
        self.tokens = 0
        keep_float32(self.model)
        base = self.model.get_base_model()
        base.forward = types.MethodType(supervised_loss, base)

    def _get_train_sampler(self, train_dataset: Any = None) -> SimilarLengths:
        return SimilarLengths(self.lengths, self.args.train_batch_size, self.args.seed)

    def compute_loss(self, model, inputs, return_outputs=False, num_items_in_batch=None):
        total, count = model(**inputs)
        self.tokens += int(inputs["attention_mask"].sum())
        loss = total / (count if num_items_in_batch is None else num_items_in_batch)
        if not torch.isfinite(loss):
            raise DivergedError(f"the loss is {loss.item()}", self.state.global_step + 1)
        return (loss, None) if return_outputs else loss

    def log(self, logs: dict[str, float], start_time: float | None = None) -> None:
        norm = logs.get("grad_norm")
        # Logged after each step and before a checkpoint is saved, so a bad one is never kept.
        if norm is not None and not torch.isfinite(torch.tensor(float(norm))):
            raise DivergedError(f"the gradient norm is {norm}", self.state.global_step)
        super().log({**logs, "tokens": self.tokens}, start_time)
        self.tokens = 0


def build(
    plan: dict[str, Any],
    model: Any,
    rows: Sequence[Encoded],
    tokenizer: Any,
    output: str,
    callbacks: list,
) -> Trainer:
    """The trainer for one arm's encoded rows."""
    set_seed(plan["seed"])
    trainer = Trainer(
        adapt(model, plan),
        lengths=[len(row.input_ids) for row in rows],
        args=arguments(plan, len(rows), output),
        train_dataset=Dataset.from_list(
            [{"input_ids": row.input_ids, "labels": row.labels} for row in rows]
        ),
        processing_class=tokenizer,
        callbacks=callbacks,
    )
    # Both print a line a step; our own callback draws one bar instead.
    trainer.remove_callback(ProgressCallback)
    trainer.remove_callback(PrinterCallback)
    return trainer


def arguments(plan: dict[str, Any], rows: int, output: str) -> SFTConfig:
    """TRL's settings, all that matter set by name: its defaults change the loss and hide NaN."""
    total, warmup = schedule.steps(plan, rows)
    settings = SFTConfig(
        output_dir=output,
        max_steps=total,
        per_device_train_batch_size=plan["batch_size"],
        gradient_accumulation_steps=plan["gradient_accumulation"],
        gradient_checkpointing=plan["gradient_checkpointing"],
        learning_rate=plan["lr"],
        lr_scheduler_type=plan["schedule"],
        warmup_steps=warmup,
        max_grad_norm=plan["max_grad_norm"],
        weight_decay=plan["weight_decay"],
        optim=plan["optimizer"],
        seed=plan["seed"],
        data_seed=plan["seed"],
        # The model is loaded in its compute type; autocast on top would only cast again.
        bf16=False,
        fp16=False,
        max_length=None,
        packing=False,
        completion_only_loss=False,  # the labels column is the mask (tokens.py)
        dataset_kwargs={"skip_prepare_dataset": True},
        save_strategy="steps",
        save_steps=plan["save_steps"],
        save_total_limit=2,
        logging_steps=1,
        logging_nan_inf_filter=False,
        include_num_input_tokens_seen="no",
        disable_tqdm=True,
        report_to="none",
        eval_strategy="no",
        dataloader_pin_memory=torch.cuda.is_available(),
    )
    # One process, one device: transformers would spread batches over all GPUs that it sees, and
    # train on another batch size than the plan's. Arms are what to spread, not batches.
    settings._setup_devices  # noqa: B018 - reading it is what counts the GPUs
    settings._n_gpu = 1
    return settings

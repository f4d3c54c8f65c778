"""TRL's GRPOTrainer with answers by our own generation loop, and an end at what is no number.

TRL's batch counts completions; a plan counts prompts and the answers to each (knobs.py).
"""

import shutil
import warnings
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from unittest.mock import patch

import torch
from datasets import Dataset
from peft import get_peft_model_state_dict
from transformers.trainer_callback import PrinterCallback, ProgressCallback
from trl import GRPOConfig, GRPOTrainer
from trl.trainer import grpo_trainer

from stages.command import UserError
from stages.methods.grpo.player import Player
from stages.methods.grpo.rewarding import Row, trl_rewards
from stages.methods.grpo.token_logs import token_logs
from stages.training import schedule
from stages.training.divergence import DivergedError
from stages.training.lora import check_head, keep_float32

# TRL says so of `rollout_func`; a test holds what it gives to what `predict` would answer.
warnings.filterwarnings("ignore", message="You are using 'rollout_func'")


class Trainer(GRPOTrainer):
    """GRPOTrainer over rows with `id` and `prompt`."""

    def __init__(self, name: str, **arguments: Any):
        check_head(arguments["model"].get_base_model())
        super().__init__(**arguments)
        self.name = name
        self.tokens = 0
        self.asked: list[str] = []
        keep_float32(self.model)

    def _get_per_token_logps_and_entropies(
        self, model, input_ids, attention_mask, logits_to_keep, compute_aux_loss=False, **rest
    ):
        """TRL's own projects every place of every row and keeps the logits, 14 GB for 3 here."""
        if compute_aux_loss:
            return super()._get_per_token_logps_and_entropies(
                model, input_ids, attention_mask, logits_to_keep, compute_aux_loss=True, **rest
            )
        unwrapped = self.accelerator.unwrap_model(model)
        at = self.args.temperature
        logs, entropy = token_logs(unwrapped, input_ids, attention_mask, logits_to_keep, at)
        return logs, entropy, None

    def compute_loss(self, model, inputs, return_outputs=False, num_items_in_batch=None):
        loss = super().compute_loss(model, inputs, return_outputs, num_items_in_batch)
        self.tokens += int(inputs["prompt_mask"].sum() + inputs["completion_mask"].sum())
        if not torch.isfinite(loss):
            raise DivergedError(f"the loss is {loss.item()}", self.state.global_step + 1)
        return loss

    def _save_checkpoint(self, model, trial):
        super()._save_checkpoint(model, trial)
        # With a KL in the loss, TRL copies the start point beside the adapter: `start_at` has it
        saved = Path(self.args.output_dir) / f"checkpoint-{self.state.global_step}"
        shutil.rmtree(saved / "ref", ignore_errors=True)

    def _prepare_inputs(self, generation_batch):
        # TRL would mix the answers to all prompts of a step. In their order, a batch has all those
        # to one prompt, which is then read once (token_logs.py); the step's sum is the same.
        with patch.object(grpo_trainer, "shuffle_sequence_dict", lambda batch: batch):
            return super()._prepare_inputs(generation_batch)

    def _calculate_rewards(self, inputs, *arguments):
        self.asked += dict.fromkeys(row["id"] for row in inputs)
        return super()._calculate_rewards(inputs, *arguments)

    def log(self, logs: dict[str, float], start_time: float | None = None) -> None:
        norm = logs.get("grad_norm")
        # Logged after each step and before a checkpoint is saved, so a bad one is never kept.
        if norm is not None and not torch.isfinite(torch.tensor(float(norm))):
            raise DivergedError(f"the gradient norm is {norm}", self.state.global_step)
        # The prompts stay in the log, so that a resumed run knows what was seen before.
        super().log({**logs, "tokens": self.tokens, "asked": self.asked}, start_time)
        self.tokens, self.asked = 0, []


def build(
    plan: Mapping[str, Any],
    adapted: Any,
    player: Player,
    rows: Sequence[Row],
    output: str,
    callbacks: list,
) -> Trainer:
    """The trainer of one arm; `adapted` is what is trained, `player` what answers."""
    by_id = {row.id: row for row in rows}
    tokenizer = player.tokenizer
    vllm = plan["rollout"]["engine"] == "vllm"
    trainer = Trainer(
        plan["arm"],
        model=adapted,
        reward_funcs=trl_rewards(by_id, plan["rewards"]),
        args=arguments(plan, len(rows), output),
        train_dataset=Dataset.from_list([{"id": row.id, "prompt": row.prompt} for row in rows]),
        processing_class=tokenizer,
        callbacks=callbacks,
        rollout_func=None if vllm else rollout(plan, player, rows),
    )
    # Both print a line a step; our own callback draws one bar instead.
    trainer.remove_callback(ProgressCallback)
    trainer.remove_callback(PrinterCallback)
    return trainer


def rollout(plan: Mapping[str, Any], player: Player, rows: Sequence[Row]) -> Any:
    """TRL's `rollout_func`: answers of the weights as they stand, each prompt as it comes."""
    encoded = {str(row.prompt): row.prompt_ids for row in rows}

    def answer(prompts: list[Any], trainer: Trainer) -> dict[str, Any]:
        player.follow(get_peft_model_state_dict(trainer.model))
        ids = [encoded[str(prompt)] for prompt in prompts]
        answers = player.answer(ids, plan["rollout"], len(ids))
        return {"prompt_ids": ids, "completion_ids": answers, "logprobs": None}

    return answer


def arguments(plan: Mapping[str, Any], rows: int, output: str) -> GRPOConfig:
    """TRL's settings, all that matter set by name."""
    total, warmup = schedule.steps(plan, rows)
    rollout, objective = plan["rollout"], plan["objective"]
    check_engine(rollout["engine"])
    settings = GRPOConfig(
        output_dir=output,
        max_steps=total,
        # Completions, where a plan counts prompts; whole groups in each batch
        per_device_train_batch_size=plan["batch_size"] * rollout["generations"],
        gradient_accumulation_steps=plan["gradient_accumulation"],
        # All answers of a step are given before it, by the same weights: nothing is off-policy
        steps_per_generation=plan["gradient_accumulation"],
        num_iterations=1,
        num_generations=rollout["generations"],
        max_completion_length=rollout["max_new_tokens"],
        temperature=rollout["temperature"],
        top_p=rollout["top_p"],
        use_vllm=rollout["engine"] == "vllm",
        vllm_mode="colocate",
        loss_type=objective["loss"],
        scale_rewards=objective["scale_rewards"],
        beta=objective["beta"],
        epsilon=objective["clip"],
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
        save_strategy="steps",
        save_steps=plan["save_steps"],
        save_total_limit=2,
        logging_steps=1,
        logging_nan_inf_filter=False,
        log_completions=False,
        disable_tqdm=True,
        report_to="none",
        eval_strategy="no",
        dataloader_pin_memory=torch.cuda.is_available(),
    )
    # One process, one device, as in supervised training.
    settings._setup_devices  # noqa: B018 - reading it is what counts the GPUs
    settings._n_gpu = 1
    return settings


def check_engine(engine: str) -> None:
    if engine == "vllm" and not (torch.cuda.is_available() and find_spec("vllm")):
        lacking = "no GPU" if not torch.cuda.is_available() else "vllm is not installed"
        raise UserError(
            f"rollout.engine: vllm, but there is {lacking} here; `engine: loop` answers without it"
        )

"""The loss hook against references: same loss, same gradients, same course as plain TRL."""

import pytest
import torch
from peft import LoraConfig
from transformers import AutoModelForCausalLM, TrainerCallback, set_seed
from trl import SFTConfig, SFTTrainer

from stages.formats import FORMATS
from stages.methods.sft import trainer as sft
from stages.model.loading import load_base
from stages.model.tokens import Encoded, encode, load_tokenizer
from stages.training.lora import add_adapter
from tests.conftest import toy_rows

PLAN = {
    "seed": 7,
    "lr": 1e-2,
    "schedule": "constant",
    "warmup_steps": 0,
    "max_steps": 6,
    "batch_size": 4,
    "gradient_accumulation": 2,
    "gradient_checkpointing": False,
    "max_grad_norm": 1.0,
    "weight_decay": 0.0,
    "optimizer": "adamw_torch",
    "save_steps": 100,
    "lora": {"r": 4, "alpha": 8, "dropout": 0.0, "target_modules": "all-linear"},
}


def dataset(tokenizer, loss_on: str) -> list[Encoded]:
    examples = [
        {"id": str(number), "input": row["en"], "target": row["ja"]}
        for number, row in enumerate(toy_rows(48))
    ]
    return [
        encode(tokenizer, {**e, **FORMATS["chat"](e, "Translate.")}, loss_on, 384) for e in examples
    ]


def load(folder, dtype):
    return AutoModelForCausalLM.from_pretrained(folder, dtype=dtype)


@pytest.mark.parametrize("loss_on", ["all", "completion"])
def test_loss_and_gradients_are_those_of_the_full_logits(toy_base, tmp_path, loss_on):
    tokenizer = load_tokenizer(toy_base)
    data = dataset(tokenizer, loss_on)
    trainer = sft.build(PLAN, load(toy_base, torch.float32), data, tokenizer, str(tmp_path), [])
    batch = next(iter(trainer.get_train_dataloader()))
    # LoRA's B starts at zero, where half of the gradients vanish: move it first.
    with torch.no_grad():
        for name, parameter in trainer.model.named_parameters():
            if "lora_B" in name:
                parameter.normal_(std=0.02)
    loss = trainer.compute_loss(trainer.model, dict(batch))
    loss.backward()
    ours = {n: p.grad.clone() for n, p in trainer.model.named_parameters() if p.requires_grad}
    trainer.model.zero_grad()

    base = trainer.model.get_base_model()
    hidden = base.model(input_ids=batch["input_ids"], attention_mask=batch["attention_mask"])
    logits = base.lm_head(hidden.last_hidden_state)[:, :-1]
    reference = torch.nn.functional.cross_entropy(
        logits.reshape(-1, logits.shape[-1]), batch["labels"][:, 1:].reshape(-1), ignore_index=-100
    )
    reference.backward()
    assert loss.item() == pytest.approx(reference.item(), rel=1e-5)
    for name, parameter in trainer.model.named_parameters():
        if parameter.requires_grad:
            torch.testing.assert_close(ours[name], parameter.grad, rtol=1e-3, atol=1e-6)


def test_losses_follow_plain_trl_to_bf16_accuracy(toy_base, tmp_path):
    tokenizer = load_tokenizer(toy_base)
    data = dataset(tokenizer, "completion")
    ours = sft.build(
        PLAN, load(toy_base, torch.bfloat16), data, tokenizer, str(tmp_path / "ours"), []
    )
    ours.train()

    class SameBatches(SFTTrainer):
        def _get_train_sampler(self, train_dataset=None):
            return sft.SimilarLengths(ours.lengths, PLAN["batch_size"], PLAN["seed"])

    set_seed(PLAN["seed"])
    plain = SameBatches(
        load(toy_base, torch.bfloat16),
        args=SFTConfig(
            output_dir=str(tmp_path / "plain"),
            max_steps=PLAN["max_steps"],
            per_device_train_batch_size=PLAN["batch_size"],
            gradient_accumulation_steps=PLAN["gradient_accumulation"],
            learning_rate=PLAN["lr"],
            lr_scheduler_type="constant",
            max_grad_norm=1.0,
            seed=PLAN["seed"],
            bf16=False,
            gradient_checkpointing=False,
            logging_steps=1,
            report_to="none",
        ),
        train_dataset=ours.train_dataset,
        processing_class=tokenizer,
        peft_config=LoraConfig(
            r=4, lora_alpha=8, target_modules="all-linear", task_type="CAUSAL_LM"
        ),
    )
    plain.train()
    losses = [
        [entry["loss"] for entry in trainer.state.log_history if "loss" in entry]
        for trainer in (ours, plain)
    ]
    assert len(losses[0]) == PLAN["max_steps"]
    assert losses[1][-1] < 0.97 * losses[1][0], "the run must move, or agreement says nothing"
    assert losses[0] == pytest.approx(losses[1], rel=2**-7)


def test_adapter_weights_stay_float32_beside_a_bf16_base(toy_base, tmp_path):
    model = add_adapter(load(toy_base, torch.bfloat16), PLAN["lora"], checkpointing=False)
    kinds = {p.dtype for p in model.parameters() if p.requires_grad}
    assert kinds == {torch.float32}
    assert {p.dtype for p in model.parameters() if not p.requires_grad} == {torch.bfloat16}


def test_trained_weights_are_float32_on_a_4_bit_base_too(toy_base, tmp_path):
    """TRL casts them to bf16 there, where an update of 5e-6 to a weight of 0.02 is lost."""
    tokenizer = load_tokenizer(toy_base)
    model = load_base(toy_base, "nf4", "bf16")
    plan = {**PLAN, "lr": 5e-6, "max_steps": 3}
    trainer = sft.build(plan, model, dataset(tokenizer, "all"), tokenizer, str(tmp_path), [])
    trained = {n: p for n, p in trainer.model.named_parameters() if p.requires_grad}
    assert {p.dtype for p in trained.values()} == {torch.float32}
    before = {name: p.detach().clone() for name, p in trained.items() if "lora_A" in name}
    trainer.train()
    moved = [(trained[name] != old).float().mean().item() for name, old in before.items()]
    assert min(moved) > 0.9


def test_gradients_pass_through_a_4_bit_base(toy_base, tmp_path):
    """bitsandbytes can lose them on a CPU: losses still fall, by the last layers alone."""
    tokenizer = load_tokenizer(toy_base)
    norms = []
    for quantize in ("none", "nf4"):
        model = load_base(toy_base, quantize, "bf16")
        folder = str(tmp_path / quantize)
        trainer = sft.build(PLAN, model, dataset(tokenizer, "all"), tokenizer, folder, [])
        batch = next(iter(trainer.get_train_dataloader()))
        trainer.compute_loss(trainer.model, dict(batch)).backward()
        gradients = {n: p.grad.norm() for n, p in trainer.model.named_parameters() if "lora_B" in n}
        norms.append(gradients)
    for name, norm in norms[0].items():
        assert 0.5 < norms[1][name] / norm < 2, name


def test_gradient_checkpointing_gives_the_same_losses(toy_base, tmp_path):
    tokenizer = load_tokenizer(toy_base)
    data = dataset(tokenizer, "all")
    losses = []
    for checkpointing in (False, True):
        plan = {**PLAN, "max_steps": 3, "gradient_checkpointing": checkpointing}
        model = load(toy_base, torch.float32)
        trainer = sft.build(plan, model, data, tokenizer, str(tmp_path / str(checkpointing)), [])
        trainer.train()
        losses.append([e["loss"] for e in trainer.state.log_history if "loss" in e])
    assert losses[0] == pytest.approx(losses[1], rel=1e-4)


def test_weight_poisoned_in_mid_run_ends_it_at_that_step(toy_base, tmp_path):
    tokenizer = load_tokenizer(toy_base)
    data = dataset(tokenizer, "all")
    model = load(toy_base, torch.float32)
    trainer = sft.build(PLAN, model, data, tokenizer, str(tmp_path), [Poison(at=3)])
    with pytest.raises(sft.DivergedError, match="the loss is nan at step 4"):
        trainer.train()


class Poison(TrainerCallback):
    """Puts a NaN into a trained weight after one step."""

    def __init__(self, at: int):
        self.at = at

    def on_step_end(self, args, state, control, model=None, **_):
        if state.global_step == self.at:
            weight = next(p for p in model.parameters() if p.requires_grad)
            weight.data.view(-1)[0] = float("nan")

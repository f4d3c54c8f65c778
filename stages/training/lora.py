"""A base with LoRA layers that is ready to be trained, whatever it learns from.

LoRA's products are added in place (linear.py). On a CPU, short rows take plain attention
(attention.py), what a batch's rows begin with is read once (beginnings.py), and memory is kept from
step to step (memory.py).
"""

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from peft import LoraConfig, get_peft_model
from peft.tuners.lora import LoraLayer

from stages.command import UserError
from stages.training.attention import choose_attention
from stages.training.beginnings import can_share
from stages.training.linear import compute_low
from stages.training.memory import keep_freed_memory


def adapt(model: Any, plan: Mapping[str, Any]) -> Any:
    """Wrap a base in the LoRA layers that an arm's plan asks for."""
    if model.device.type == "cpu":
        keep_freed_memory()
        choose_attention(model)
        model.shares_beginnings = can_share(model)
    return add_adapter(model, plan["lora"], plan["gradient_checkpointing"])


def add_adapter(model: Any, lora: dict[str, Any], checkpointing: bool) -> Any:
    """Wrap a base in LoRA layers with float32 weights."""
    targets = lora["target_modules"]
    config = LoraConfig(
        r=lora["r"],
        lora_alpha=lora["alpha"],
        lora_dropout=lora["dropout"],
        target_modules=targets,
        task_type="CAUSAL_LM",
    )
    if isinstance(targets, list):
        check_targets(model, targets)
    adapted = get_peft_model(model, config, autocast_adapter_dtype=True)
    for layer in adapted.modules():
        if isinstance(layer, LoraLayer):
            compute_low(layer)
    if checkpointing:
        # Without it no gradient reaches the adapters behind frozen, checkpointed layers.
        adapted.enable_input_require_grads()
    return adapted


def check_targets(model: Any, targets: Sequence[str]) -> None:
    """Raise UserError unless every target names a linear layer: PEFT skips one that names none."""
    linear = [name for name, part in model.named_modules() if isinstance(part, torch.nn.Linear)]
    absent = [
        target
        for target in targets
        if not any(name == target or name.endswith(f".{target}") for name in linear)
    ]
    if absent:
        ends = sorted({name.rsplit(".", 1)[-1] for name in linear})
        raise UserError(
            f"lora.target_modules: the base has no linear layer {', '.join(absent)}; "
            f"it has {', '.join(ends)}"
        )


def keep_float32(model: Any) -> None:
    """Undo TRL's cast of a 4-bit base's adapters to bf16, where small updates would be lost."""
    for parameter in model.parameters():
        if parameter.requires_grad:
            parameter.data = parameter.data.float()


@torch.no_grad()
def check_head(model: Any) -> None:
    """Raise UserError where a model's logits are not plainly its head times its last hidden state.

    Some architectures scale, cap or shift them; a loss that takes the head by itself would then
    train another model.
    """
    ids = torch.arange(1, 5, device=model.device)[None]
    # In training mode: a forward in eval mode lets bitsandbytes repack 4-bit weights for a CPU's
    # inference, after which no gradient passes through them, and nothing says so.
    model.train()
    out = model(input_ids=ids, output_hidden_states=True)
    ours, theirs = out.hidden_states[-1] @ model.get_output_embeddings().weight.T, out.logits
    finite = theirs.isfinite().all()  # a damaged base is reported at its first loss
    if finite and not torch.allclose(ours.float(), theirs.float(), rtol=2**-6, atol=2**-6):
        raise UserError(
            f"{type(model).__name__} changes its logits behind the head (scaling, capping or a "
            "bias), which training does not support; choose another base"
        )

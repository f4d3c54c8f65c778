"""LoRA layers that compute in the base's type and pass over their activations as little as can be.

The float32 weights of an adapter are what the optimizer updates: bf16 ones would lose small steps.
"""

from typing import Any

import torch
from peft.tuners import lora
from torch.nn import functional


class LowPrecisionLinear(torch.nn.Linear):
    """A linear layer with a float32 weight that computes in its input's type.

    PEFT instead lifts the activations to float32, which costs a third of the training speed on
    a CPU.
    """

    def forward(self, input: torch.Tensor) -> torch.Tensor:
        return functional.linear(input, self.weight.to(input.dtype))


class AdaptedProduct(torch.autograd.Function):
    """`rows` (n, inputs) times a frozen weight (outputs, inputs), plus scale * B A of them.

    `down` (rank, inputs) is LoRA's A and `up` (outputs, rank) its B. Products are in the type of
    the rows. LoRA's part is added inside its product, forward and backward, where autograd would
    pass over the activations three more times each way.
    """

    @staticmethod
    def forward(ctx, rows, weight, bias, down, up, scale: float):
        down, up = down.to(rows.dtype), (up * scale).to(rows.dtype)
        inner = rows @ down.T
        ctx.save_for_backward(rows, weight, down, up, inner)
        ctx.scale = scale
        return functional.linear(rows, weight, bias).addmm_(inner, up.T)

    @staticmethod
    def backward(ctx, upstream):
        rows, weight, down, up, inner = ctx.saved_tensors
        to_inner = upstream @ up
        to_rows = None
        if ctx.needs_input_grad[0]:
            to_rows = (upstream @ weight).addmm_(to_inner, down)
        to_up = (upstream.T @ inner).float().mul_(ctx.scale)
        return to_rows, None, None, (to_inner.T @ rows).float(), to_up, None


class AdaptedLinear(lora.Linear):
    """PEFT's LoRA layer over a plain linear one, without dropout, while its adapter is on."""

    def forward(self, x: torch.Tensor, *args: Any, **kwargs: Any) -> torch.Tensor:
        if self.disable_adapters or self.merged:
            return super().forward(x, *args, **kwargs)
        (name,) = self.active_adapters
        out = AdaptedProduct.apply(
            x.reshape(-1, x.shape[-1]),
            self.base_layer.weight,
            self.base_layer.bias,
            self.lora_A[name].weight,
            self.lora_B[name].weight,
            self.scaling[name],
        )
        return out.view(*x.shape[:-1], -1)


def compute_low(layer: Any) -> None:
    """Let a LoRA layer with float32 weights compute in its input's type."""
    layer.cast_input_dtype_enabled = False
    for part in (*layer.lora_A.values(), *layer.lora_B.values()):
        part.__class__ = LowPrecisionLinear
    # A quantized base unpacks its own weight, and dropout gives LoRA rows of its own.
    dropped = any(isinstance(part, torch.nn.Dropout) for part in layer.lora_dropout.values())
    if type(layer) is lora.Linear and type(layer.base_layer) is torch.nn.Linear and not dropped:
        layer.__class__ = AdaptedLinear

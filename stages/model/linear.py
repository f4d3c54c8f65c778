"""Matrix products laid out once for generation on a CPU, LoRA's included.

torch lays a weight out anew for oneDNN in every call, which at one token a row costs as much as the
product; PEFT adds two small products and two sums for each layer. Here layers that read the same
input share one product, and LoRA's A is among its rows: y, h = x [W, A]^T, then y + h B^T. The
adapter stays apart from the base's weights: merging would round it away.

What is no plain layer in this sense (quantized, DoRA, on a GPU) keeps its own forward.
"""

from collections.abc import Iterator
from functools import partial
from typing import Any

import torch
from peft.tuners import lora
from peft.tuners.tuners_utils import BaseTunerLayer
from torch import nn

# Names of siblings that are given the same input, in the order in which they are called. A name
# only proposes it: an input that is another object gets a product of its own.
SIBLINGS = (("q_proj", "k_proj", "v_proj"), ("gate_proj", "up_proj"), ("w1", "w3"))


def lay_out(model: Any) -> None:
    """Give the model's plain layers a laid out copy of their weights, once.

    The copy takes as much memory again. What the weights are afterwards no longer matters, so this
    is for a model that is not trained.
    """
    if getattr(model, "laid_out", False) or not torch.backends.mkldnn.is_available():
        return
    model.laid_out = True
    for layers in list(_groups(model)):
        product = Product(layers)
        for place, layer in enumerate(layers):
            layer.forward = partial(product, place)


def _groups(parent: nn.Module) -> Iterator[list[nn.Module]]:
    """Plain layers by the input that they share; most are alone."""
    layers = {name: child for name, child in parent.named_children() if _is_plain(child)}
    for names in SIBLINGS:
        if all(name in layers for name in names):
            group = [layers.pop(name) for name in names]
            if all(_base(layer).in_features == _base(group[0]).in_features for layer in group):
                yield group
            else:
                yield from ([layer] for layer in group)
    yield from ([layer] for layer in layers.values())
    for child in parent.children():
        if not _is_plain(child) and not isinstance(child, BaseTunerLayer):
            yield from _groups(child)


def _base(layer: Any) -> nn.Linear:
    return layer.base_layer if isinstance(layer, BaseTunerLayer) else layer


def _is_plain(layer: nn.Module) -> bool:
    """A linear layer in main memory, by itself or under one LoRA adapter of the common kind."""
    if "forward" in vars(layer):
        return False
    if isinstance(layer, BaseTunerLayer):
        names = layer.active_adapters
        if type(layer) is not lora.Linear or len(names) != 1 or list(layer.lora_A) != list(names):
            return False
        common = not (layer.lora_variant or layer.merged or layer.fan_in_fan_out)
        up = layer.lora_B[names[0]]
        if not common or up.bias is not None or up.weight.dtype != _base(layer).weight.dtype:
            return False
    base = _base(layer)
    return type(base) is nn.Linear and base.weight.device.type == "cpu"


class Product:
    """The product that layers with the same input share."""

    def __init__(self, layers: list[Any]):
        bases = [_base(layer) for layer in layers]
        self.sizes = [base.out_features for base in bases]
        self.adapted = [layer for layer in layers if isinstance(layer, lora.Linear)]
        downs = [layer.lora_A[layer.active_adapters[0]].weight for layer in self.adapted]
        rows = torch.cat([base.weight for base in bases] + downs).detach()
        self.weight = torch.ops.mkldnn._reorder_linear_weight(rows, None)
        self.bias = _stacked_bias(bases, len(rows))
        self.up = _stacked_up(layers, self.sizes) if self.adapted else None
        self.input: torch.Tensor | None = None
        self.outputs: tuple[torch.Tensor, ...] = ()

    def __call__(self, place: int, x: torch.Tensor) -> torch.Tensor:
        """The output of the layer at `place`: (..., its features) from x (..., features)."""
        if x is not self.input:
            self.input, self.outputs = x, self._outputs(x)
        output = self.outputs[place]
        if place == len(self.sizes) - 1:
            self.input, self.outputs = None, ()
        return output

    def _outputs(self, x: torch.Tensor) -> tuple[torch.Tensor, ...]:
        flat = x.reshape(-1, x.shape[-1])
        both = torch.ops.mkldnn._linear_pointwise(flat, self.weight, self.bias, "none", [], "")
        width = sum(self.sizes)
        y = both[:, :width]
        if self.up is not None and not self.adapted[0].disable_adapters:
            y.addmm_(both[:, width:], self.up)
        return y.view(*x.shape[:-1], width).split(self.sizes, dim=-1)


def _stacked_bias(bases: list[nn.Linear], rows: int) -> torch.Tensor | None:
    """The layers' biases one after the other, and zero for LoRA's rows: (rows,)."""
    if all(base.bias is None for base in bases):
        return None
    biases = [
        base.weight.new_zeros(base.out_features) if base.bias is None else base.bias.detach()
        for base in bases
    ]
    stacked = torch.cat(biases)
    return nn.functional.pad(stacked, (0, rows - len(stacked)))


def _stacked_up(layers: list[Any], sizes: list[int]) -> torch.Tensor:
    """Every adapted layer's B^T with its scaling, on the diagonal: (ranks, outputs)."""
    blocks = []
    for layer, size in zip(layers, sizes, strict=True):
        if isinstance(layer, lora.Linear):
            name = layer.active_adapters[0]
            blocks.append(layer.lora_B[name].weight.detach().T * layer.scaling[name])
        else:
            blocks.append(_base(layer).weight.new_empty(0, size))
    return torch.block_diag(*blocks).contiguous()

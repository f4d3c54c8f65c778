"""The LoRA layer against PEFT's own: same outputs and gradients, and PEFT's where it must be."""

import copy

import pytest
import torch
from peft import LoraConfig, get_peft_model
from peft.tuners import lora
from torch import nn

from stages.training.linear import AdaptedLinear, compute_low


class Two(nn.Module):
    """Two layers, one with a bias; the first sees an input without gradient."""

    def __init__(self):
        super().__init__()
        self.first, self.second = nn.Linear(24, 16, bias=False), nn.Linear(16, 24)

    def forward(self, x):
        return self.second(self.first(x))


def adapted(dropout=0.0, dtype=torch.float32):
    torch.manual_seed(3)
    config = LoraConfig(
        r=4, lora_alpha=10, lora_dropout=dropout, target_modules=["first", "second"]
    )
    model = get_peft_model(Two().to(dtype), config, autocast_adapter_dtype=True)
    for name, parameter in model.named_parameters():
        if "lora_B" in name:
            parameter.data.normal_(std=0.1)
    return model


def layers(model):
    return [part for part in model.modules() if isinstance(part, lora.LoraLayer)]


@pytest.mark.parametrize(
    ("dtype", "tolerance"), [(torch.float32, 1e-5), (torch.bfloat16, 2**-6)], ids=["fp32", "bf16"]
)
def test_outputs_and_gradients_are_pefts(dtype, tolerance):
    theirs = adapted(dtype=dtype)
    ours = copy.deepcopy(theirs)
    for layer in layers(ours):
        compute_low(layer)
    assert {type(layer) for layer in layers(ours)} == {AdaptedLinear}
    rows = torch.randn(2, 5, 24).to(dtype)
    results = []
    for model in (ours, theirs):
        out = model(rows)
        (out.float() ** 2).sum().backward()
        gradients = [p.grad for p in model.parameters() if p.requires_grad]
        assert {gradient.dtype for gradient in gradients} == {torch.float32}
        results.append([out.detach(), *gradients])
    for one, other in zip(*results, strict=True):
        scale = other.float().abs().max().item()
        torch.testing.assert_close(one, other, rtol=tolerance, atol=tolerance * scale)


def test_layer_with_dropout_stays_pefts():
    model = adapted(dropout=0.5)
    for layer in layers(model):
        compute_low(layer)
    assert {type(layer) for layer in layers(model)} == {lora.Linear}


def test_adapter_can_be_switched_off():
    model = adapted()
    rows = torch.randn(3, 24)
    with model.disable_adapter():
        bare = model(rows)
    for layer in layers(model):
        compute_low(layer)
    with torch.no_grad(), model.disable_adapter():
        torch.testing.assert_close(model(rows), bare)
    assert not torch.allclose(model(rows), bare)

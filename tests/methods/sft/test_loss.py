"""The chunked cross-entropy against torch's own, and the check that it may be used."""

import pytest
import torch
from torch.nn import functional
from transformers import AutoModelForCausalLM

from stages.command import UserError
from stages.methods.sft import loss
from stages.training.lora import check_head


@pytest.mark.parametrize("rows", [1, 7, loss.CHUNK, loss.CHUNK + 3])
@pytest.mark.parametrize(
    ("dtype", "tolerance"), [(torch.float32, 1e-5), (torch.bfloat16, 2**-7)], ids=["fp32", "bf16"]
)
def test_loss_and_gradient_are_torchs(rows, dtype, tolerance):
    torch.manual_seed(rows)
    weight = torch.randn(101, 16).to(dtype)
    targets = torch.randint(0, 101, (rows,))
    sides = [torch.randn(rows, 16).to(dtype).requires_grad_(True)]
    sides.append(sides[0].detach().clone().requires_grad_(True))
    ours = loss.CrossEntropy.apply(sides[0], weight, targets)
    logits = (sides[1] @ weight.T).float()
    reference = functional.cross_entropy(logits, targets, reduction="sum")
    (ours / 3).backward()
    (reference / 3).backward()
    assert ours.item() == pytest.approx(reference.item(), rel=tolerance)
    gradients = [side.grad.float() for side in sides]
    scale = gradients[1].abs().max().item()
    torch.testing.assert_close(*gradients, rtol=tolerance, atol=tolerance * scale)


def test_no_supervised_position_is_a_loss_of_zero():
    hidden = torch.randn(0, 16, requires_grad=True)
    total = loss.CrossEntropy.apply(hidden, torch.randn(9, 16), torch.zeros(0, dtype=torch.long))
    total.backward()
    assert total.item() == 0 and hidden.grad.shape == (0, 16)


def test_model_that_scales_its_logits_is_refused(toy_base):
    model = AutoModelForCausalLM.from_pretrained(toy_base, dtype=torch.float32)
    check_head(model)
    plain = model.forward

    def scaled(**inputs):
        out = plain(**inputs)
        out.logits = 30 * torch.tanh(out.logits * 2 / 30)
        return out

    model.forward = scaled
    with pytest.raises(UserError, match="changes its logits behind the head"):
        check_head(model)

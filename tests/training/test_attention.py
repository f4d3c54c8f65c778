"""Plain attention over short rows against torch's: same answers, same gradients, same models."""

import pytest
import torch
from torch.nn import functional
from transformers import AutoModelForCausalLM

from stages.training import attention
from tests.training.test_hybrid_base import hybrid

TYPES = [(torch.float32, 1e-5), (torch.bfloat16, 2**-6)]


def both(ours, reference, tensors, tolerance):
    """Outputs and gradients of two functions of the same tensors agree."""
    results = []
    for function in (ours, reference):
        leaves = [tensor.clone().requires_grad_(True) for tensor in tensors]
        out = function(*leaves)
        out.backward(torch.linspace(-1, 1, out.numel()).view(out.shape).to(out.dtype))
        results.append([out.detach(), *(leaf.grad for leaf in leaves)])
    for one, other in zip(*results, strict=True):
        scale = other.float().abs().max().item()
        torch.testing.assert_close(one, other, rtol=tolerance, atol=tolerance * scale)


@pytest.mark.parametrize(("dtype", "tolerance"), TYPES, ids=["fp32", "bf16"])
@pytest.mark.parametrize("groups", [1, 2, 6])
def test_output_and_gradients_are_torchs(groups, dtype, tolerance):
    torch.manual_seed(groups)
    tensors = [torch.randn(3, heads, 11, 8).to(dtype) for heads in (6, groups, groups)]
    seen = torch.ones(3, 1, 11, 11, dtype=torch.bool).tril()
    seen[1, ..., 7:] = False  # a row of 7 tokens, padded on the right

    def reference(query, key, value):
        repeats = query.shape[1] // key.shape[1]
        key, value = (part.repeat_interleave(repeats, 1) for part in (key, value))
        return functional.scaled_dot_product_attention(query, key, value, seen)

    both(
        lambda *parts: attention.ShortAttention.apply(*parts, seen, 8**-0.5),
        reference,
        tensors,
        tolerance,
    )


def hidden_states(model, name, ids, mask):
    model.set_attn_implementation(name)
    return model.base_model(input_ids=ids, attention_mask=mask).last_hidden_state


@pytest.mark.parametrize("make", ["toy", "hybrid"])
def test_models_see_the_same_by_either(make, toy_base):
    if make == "toy":
        model = AutoModelForCausalLM.from_pretrained(toy_base, dtype=torch.float32)
    else:
        model = hybrid()
    ids = torch.randint(5, 60, (3, 9), generator=torch.Generator().manual_seed(1))
    mask = torch.ones_like(ids)
    mask[0, 6:] = 0
    for given in (None, mask):
        kept = mask.bool() if given is not None else torch.ones_like(mask).bool()
        by_torch, by_length = (
            hidden_states(model, name, ids, given)[kept] for name in ("sdpa", attention.NAME)
        )
        torch.testing.assert_close(by_length, by_torch, rtol=1e-4, atol=1e-5)


def test_it_generates_from_a_cache_as_before(toy_base):
    model = AutoModelForCausalLM.from_pretrained(toy_base, dtype=torch.float32)
    ids = torch.tensor([[5, 6, 7, 8]])
    answers = []
    for name in ("sdpa", attention.NAME):
        model.set_attn_implementation(name)
        answers.append(model.generate(ids, max_new_tokens=8, do_sample=False).tolist())
    assert answers[0] == answers[1]


@pytest.mark.parametrize(
    ("length", "plain"), [(attention.SHORT, True), (attention.SHORT + 1, False)]
)
def test_scores_of_long_rows_are_never_held(length, plain, monkeypatch):
    called = []
    monkeypatch.setattr(
        attention, "sdpa_attention_forward", lambda *parts, **options: called.append(parts)
    )
    query = torch.randn(1, 2, length, 4)
    attention.by_length(torch.nn.Module(), query, query, query, None)
    assert bool(called) != plain


def test_what_is_not_plain_attention_goes_to_torch():
    query = torch.randn(1, 2, 5, 4)
    module = torch.nn.Module()
    mask = torch.ones(1, 1, 5, 5, dtype=torch.bool)
    assert attention.fits(module, query, query, query, mask, 0.0, {})
    assert not attention.fits(module, query, query, query, mask, 0.1, {})
    assert not attention.fits(module, query, query, query, mask.float(), 0.0, {})
    assert not attention.fits(module, query, query, query, None, 0.0, {"is_causal": False})
    assert not attention.fits(module, query[:, :, :1], query, query, None, 0.0, {})
    for name in ("softcap", "position_bias"):
        assert not attention.fits(module, query, query, query, mask, 0.0, {name: 1.0})

"""Laid out layers against transformers' and PEFT's own forward."""

import copy

import pytest
import torch
from peft import LoraConfig, get_peft_model
from transformers import LlamaConfig, LlamaForCausalLM

from stages.model.linear import Product, lay_out

SIZES = {
    "vocab_size": 97,
    "hidden_size": 48,
    "intermediate_size": 80,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "tie_word_embeddings": True,
}
IDS = torch.tensor([[3, 14, 15, 92, 65], [35, 89, 79, 3, 23]])


def base(dtype: torch.dtype = torch.float32, **options) -> LlamaForCausalLM:
    torch.manual_seed(3)
    model = LlamaForCausalLM(LlamaConfig(**{**SIZES, **options})).eval()
    for name, parameter in model.named_parameters():
        torch.nn.init.normal_(parameter, std=0.2, mean=float("norm" in name))
    return model.to(dtype)


def adapted(dtype: torch.dtype = torch.float32, **lora):
    settings = {"r": 4, "lora_alpha": 6, "target_modules": "all-linear", "task_type": "CAUSAL_LM"}
    options = {"attention_bias": True} if lora.pop("biased", False) else {}
    model = get_peft_model(
        base(dtype, **options),
        LoraConfig(**{**settings, **lora}),
        autocast_adapter_dtype=False,
    )
    for name, parameter in model.named_parameters():
        if "lora_" in name:
            torch.nn.init.normal_(parameter, std=0.3)
    return model.eval()


def products(model) -> int:
    calls = [vars(module).get("forward") for module in model.modules()]
    return len({id(call.func) for call in calls if isinstance(getattr(call, "func", 0), Product)})


@torch.inference_mode()
def logits(model) -> torch.Tensor:
    return model(IDS).logits


def test_a_base_computes_the_same_with_one_product_for_each_shared_input():
    plain = base(attention_bias=True, mlp_bias=True)
    fast = copy.deepcopy(plain)
    lay_out(fast)
    # q, k, v as one; o; gate and up as one; down; and the vocabulary
    assert products(fast) == 2 * 4 + 1
    torch.testing.assert_close(logits(fast), logits(plain), rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize(
    "lora",
    [
        {},
        {"biased": True},
        {"use_rslora": True},
        {"target_modules": ["q_proj", "v_proj", "down_proj"]},
        {"rank_pattern": {"k_proj": 2}, "alpha_pattern": {"up_proj": 3}},
    ],
)
def test_plain_lora_computes_what_peft_computes_and_can_be_switched_off(lora):
    own = adapted(**lora)
    fast = copy.deepcopy(own)
    lay_out(fast)
    assert products(fast) == 2 * 4 + 1
    torch.testing.assert_close(logits(fast), logits(own), rtol=1e-4, atol=1e-3)
    with fast.disable_adapter(), own.disable_adapter():
        off = logits(fast)
        torch.testing.assert_close(off, logits(own), rtol=1e-4, atol=1e-3)
    assert not torch.allclose(off, logits(fast), atol=0.1)
    torch.testing.assert_close(logits(fast), logits(own), rtol=1e-4, atol=1e-3)


def test_in_bf16_it_is_no_further_from_exact_than_pefts_forward():
    own = adapted(torch.bfloat16)
    exact = logits(copy.deepcopy(own).float())
    fast = copy.deepcopy(own)
    lay_out(fast)
    ours, theirs = ((logits(model).float() - exact).square().mean() for model in (fast, own))
    assert ours < 1.3 * theirs


@pytest.mark.parametrize("lora", [{"use_dora": True}, {"lora_bias": True, "biased": True}])
def test_other_kinds_of_lora_keep_pefts_forward(lora):
    own = adapted(**{**lora, "target_modules": ["q_proj", "o_proj"]})
    fast = copy.deepcopy(own)
    lay_out(fast)
    wrapped = fast.get_base_model().model.layers[0].self_attn
    assert "forward" not in vars(wrapped.q_proj) and "forward" not in vars(wrapped.o_proj)
    torch.testing.assert_close(logits(fast), logits(own), rtol=1e-4, atol=1e-3)


def test_a_layer_saved_whole_is_the_adapters_and_can_be_switched_off():
    own = adapted(target_modules=["q_proj"], modules_to_save=["down_proj"])
    for name, parameter in own.named_parameters():
        if "modules_to_save" in name:
            torch.nn.init.normal_(parameter, std=0.3)
    fast = copy.deepcopy(own)
    lay_out(fast)
    torch.testing.assert_close(logits(fast), logits(own), rtol=1e-4, atol=1e-3)
    with fast.disable_adapter(), own.disable_adapter():
        torch.testing.assert_close(logits(fast), logits(own), rtol=1e-4, atol=1e-3)


def test_siblings_with_other_inputs_get_products_of_their_own():
    layer = base().model.layers[0].self_attn
    plain = copy.deepcopy(layer)
    lay_out(layer)
    one, other = torch.randn(2, 3, 48).unbind()
    with torch.inference_mode():
        for name, x in (("q_proj", one), ("k_proj", other), ("v_proj", one)):
            ours, theirs = (getattr(attention, name)(x) for attention in (layer, plain))
            torch.testing.assert_close(ours, theirs, rtol=1e-4, atol=1e-5)

"""A base that mixes convolutions and attention (LFM2) trains and answers like any other."""

import pytest
import torch
from transformers import Lfm2Config, Lfm2ForCausalLM

from stages.command import UserError
from stages.model.generation import generate, picker
from stages.training.lora import add_adapter, check_head

LORA = {"r": 2, "alpha": 4, "dropout": 0.0}
STOPS = {3, 17, 40, *range(60, 72)}


def hybrid(seed=0):
    """Two convolutions and two attention layers with weights large enough to say various things."""
    torch.manual_seed(seed)
    config = Lfm2Config(
        hidden_size=64,
        intermediate_size=128,
        num_hidden_layers=4,
        num_attention_heads=4,
        num_key_value_heads=2,
        vocab_size=100,
        layer_types=["conv", "full_attention", "conv", "full_attention"],
        eos_token_id=2,
        pad_token_id=0,
        bos_token_id=1,
    )
    model = Lfm2ForCausalLM(config).eval()
    with torch.no_grad():
        for weights in model.parameters():
            if weights.ndim > 1:
                weights.normal_(0, 0.25)
    return model


@pytest.mark.parametrize("seed", range(4))
def test_rows_that_end_early_leave_the_others_answers_alone(seed):
    model = hybrid(seed)
    prompts = [[5, 6, 7, 8, 9], [11, 12], [20, 21, 22], [30]]
    answers = generate(model, prompts, 12, STOPS, picker({"temperature": 0}))
    assert len({len(answer) for answer in answers}) > 1
    for prompt, answer in zip(prompts, answers, strict=True):
        ids = torch.tensor([prompt])
        alone = model.generate(
            ids, max_new_tokens=12, do_sample=False, pad_token_id=0, eos_token_id=sorted(STOPS)
        )
        assert answer == alone[0, len(prompt) :].tolist()


def test_its_head_suits_the_loss():
    check_head(hybrid())


def test_target_that_names_no_layer_is_refused_with_those_that_do():
    """PEFT skips such a name: an adapter for q, k, v and o would silently lack the last."""
    with pytest.raises(UserError) as raised:
        add_adapter(hybrid(), {**LORA, "target_modules": ["q_proj", "o_proj"]}, False)
    assert "no linear layer o_proj; it has" in str(raised.value)
    assert "out_proj" in str(raised.value)


def test_target_with_its_parent_reaches_attention_alone():
    targets = ["q_proj", "k_proj", "v_proj", "self_attn.out_proj"]
    adapted = add_adapter(hybrid(), {**LORA, "target_modules": targets}, False)
    names = [name for name, _ in adapted.named_parameters() if "lora_A" in name]
    assert len(names) == 8 and not any("conv" in name for name in names)

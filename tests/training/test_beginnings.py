"""Rows that share their beginning against rows that don't: same hidden states, same gradients."""

import pytest
import torch
from torch.nn import functional
from transformers import AutoModelForCausalLM, MistralConfig, MistralForCausalLM

from stages.methods.grpo.token_logs import token_logs
from stages.methods.sft.loss import supervised_loss
from stages.model.tokens import IGNORED
from stages.training import attention, beginnings
from stages.training.lora import adapt
from tests.training.test_hybrid_base import hybrid

LORA = {"lora": {"r": 2, "alpha": 4, "dropout": 0.0, "target_modules": "all-linear"}}
START = [5, 6, 7, 8, 9, 10, 11, 12, 13, 14]
# Three rows of two, six and one place behind what they begin with, padded to the longest
OWN = [[20, 21], [22, 23, 24, 25, 26, 27], [28]]
LENGTH = len(START) + max(map(len, OWN))


def tensors(rows, empty):
    return torch.tensor([[*row, *[empty] * (LENGTH - len(row))] for row in rows])


IDS = tensors([START + own for own in OWN], 0)
MASK = tensors([[1] * (len(START) + len(own)) for own in OWN], 0)
LABELS = tensors([[IGNORED] * len(START) + own for own in OWN], IGNORED)


def wanted(first: int) -> torch.Tensor:
    """All places of the rows from the first on that are no padding."""
    return MASK.bool() & (torch.arange(LENGTH) >= first)


def loaded(toy_base):
    model = AutoModelForCausalLM.from_pretrained(toy_base, dtype=torch.float32)
    attention.choose_attention(model)
    return model


@pytest.mark.parametrize(
    ("rows", "mask", "first", "expected"),
    [
        pytest.param(IDS, MASK, 10, 10, id="all that they begin with"),
        pytest.param(IDS, MASK, 4, 4, id="up to what is wanted of it"),
        pytest.param(IDS, MASK, 0, 0, id="nothing where all is wanted"),
        pytest.param(IDS, MASK, LENGTH, 0, id="nothing where nothing is"),
        pytest.param(IDS[:1], MASK[:1], 10, 0, id="one row shares with nobody"),
        pytest.param(IDS[[1, 1]], MASK[[1, 1]], 14, 14, id="the same row twice"),
        pytest.param(IDS.flip(1), MASK.flip(1), 10, 0, id="padded on the left"),
        pytest.param(
            torch.cat([IDS, IDS.new_ones(3, attention.SHORT)], 1),
            torch.cat([MASK, MASK.new_zeros(3, attention.SHORT)], 1),
            10,
            0,
            id="long rows",
        ),
    ],
)
def test_beginning(rows, mask, first, expected):
    places = mask.bool() & (torch.arange(rows.shape[1]) >= first)
    assert beginnings.beginning(rows, mask, places) == expected


def test_beginning_ends_where_a_row_is_padded():
    short = MASK.clone()
    short[2, 6:] = 0
    assert beginnings.beginning(IDS, short, wanted(10) & short.bool()) == 6


@pytest.mark.parametrize("first", [10, 9, 8])
def test_hidden_states_are_those_of_rows_by_themselves(toy_base, first):
    model = loaded(toy_base)
    found = []
    for model.shares_beginnings in (False, True):
        found.append(beginnings.read(model, IDS, MASK, wanted(first)).detach())
    assert beginnings.beginning(IDS, MASK, wanted(first)) == first >= beginnings.WORTH
    torch.testing.assert_close(*found, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("checkpointing", [False, True])
def test_loss_and_gradients_are_the_same(toy_base, checkpointing):
    model = adapt(loaded(toy_base), {**LORA, "gradient_checkpointing": checkpointing})
    causal = model.get_base_model()
    assert causal.shares_beginnings
    if checkpointing:
        model.gradient_checkpointing_enable({"use_reentrant": False})
    for name, weights in model.named_parameters():
        if "lora_B" in name:
            weights.data.normal_(0, 0.1)
    model.train()
    calls, results = [], []
    read_once = beginnings.read_once
    for causal.shares_beginnings in (False, True):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(beginnings, "read_once", lambda *x: calls.append(x) or read_once(*x))
            total, count = supervised_loss(causal, IDS, MASK, LABELS)
        model.zero_grad()
        total.backward()
        gradients = [w.grad.clone() for w in model.parameters() if w.requires_grad]
        results.append([total.detach(), count, *gradients])
    assert len(calls) == 1 and any(gradient.any() for gradient in results[1][2:])
    for one, other in zip(*results, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("left", [0, 3])
@pytest.mark.parametrize("right", [0, 2])
def test_answers_to_one_prompt_read_it_once(toy_base, monkeypatch, left, right):
    """As rewards train: one prompt, several answers, padded for those of longer prompts."""
    model = adapt(loaded(toy_base), {**LORA, "gradient_checkpointing": False})
    ids, mask = (functional.pad(one, (left, right)) for one in (IDS, MASK))
    answered = LENGTH - len(START) + right
    read_once, shared = beginnings.read_once, []
    monkeypatch.setattr(beginnings, "read_once", lambda *x: shared.append(x[2]) or read_once(*x))
    found, entropy = token_logs(model, ids, mask, answered, temperature=0.7)
    assert shared == [len(START) - 1]  # the place before an answer says its first token
    with torch.no_grad():
        logs = (model(input_ids=ids, attention_mask=mask).logits / 0.7).log_softmax(-1)
    logs, kept = logs[:, -answered - 1 : -1], mask[:, -answered:].bool()
    wanted = logs.gather(-1, ids[:, -answered:, None]).squeeze(-1)
    torch.testing.assert_close(found[kept], wanted[kept], rtol=1e-4, atol=1e-5)
    spread = -(logs.exp() * logs).sum(-1)
    torch.testing.assert_close(entropy[kept], spread[kept], rtol=1e-4, atol=1e-5)
    assert not found[~kept].any() and not entropy[~kept].any()


@pytest.mark.parametrize("groups", [1, 2])
@pytest.mark.parametrize("shared", [1, 5])
def test_attention_behind_a_beginning_is_that_of_whole_rows(groups, shared):
    rows, length, width = 3, 4, 8
    torch.manual_seed(shared)
    parts = [torch.randn(1, n, shared + rows * length, width) for n in (4, groups, groups)]
    leaves = [[part.clone().requires_grad_(True) for part in parts] for _ in range(2)]
    ours = attention.behind(*leaves[0], width**-0.5, shared, rows)

    def whole(part):
        first = part[:, :, :shared].expand(rows, -1, -1, -1)
        own = part[0, :, shared:].unflatten(1, (rows, length)).transpose(0, 1)
        return torch.cat([first, own], dim=2)

    seen = attention.causal(shared + length)
    query, key, value = map(whole, leaves[1])
    out = attention.ShortAttention.apply(query, key, value, seen, width**-0.5).transpose(1, 2)
    theirs = torch.cat([out[0, :shared], out[:, shared:].flatten(0, 1)])[None]
    torch.testing.assert_close(ours, theirs, rtol=1e-5, atol=1e-6)
    weight = torch.randn_like(ours)
    for result in (ours, theirs):
        (result * weight).sum().backward()
    for one, other in zip(*leaves, strict=True):
        torch.testing.assert_close(one.grad, other.grad, rtol=1e-4, atol=1e-5)


def window():
    """Layers that see a few places back, which nothing here could tell from rows this short."""
    config = MistralConfig(
        vocab_size=64, hidden_size=16, intermediate_size=32, num_hidden_layers=1, sliding_window=4,
        num_attention_heads=2, num_key_value_heads=1,
    )  # fmt: skip
    config.layer_types = ["sliding_attention"]
    return MistralForCausalLM(config)


@pytest.mark.parametrize("make", [hybrid, window])
def test_layers_that_do_not_see_all_before_them_share_nothing(make):
    model = make()
    attention.choose_attention(model)
    assert not beginnings.can_share(model)


def test_model_shares_only_where_it_was_seen_to_come_to_the_same(toy_base, monkeypatch):
    model = loaded(toy_base)
    assert beginnings.can_share(model)
    with monkeypatch.context() as patch:
        patch.setattr(attention, "causal", lambda length: torch.ones(1, 1, length, length).bool())
        assert not beginnings.can_share(model)
    with monkeypatch.context() as patch:
        patch.setattr(attention, "is_plain", lambda *_: False)
        assert not beginnings.can_share(model)
    model.set_attn_implementation("sdpa")
    assert not beginnings.can_share(model)

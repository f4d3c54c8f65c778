"""Attention that suits short rows on a CPU.

torch's flash attention never holds a row's scores, but on a CPU its backward pass takes several
times as long as plain products where rows have tens of tokens. Rows up to SHORT take plain
products and keep their scores; longer ones go to torch as before, so memory stays linear in length.
"""

from typing import Any

import torch
from transformers import AttentionInterface
from transformers.integrations.sdpa_attention import sdpa_attention_forward
from transformers.masking_utils import AttentionMaskInterface, sdpa_mask

NAME = "by_length"
SHORT = 256


class ShortAttention(torch.autograd.Function):
    """Softmax attention by plain products.

    `query` (batch, heads, length, width); `key` and `value` (batch, groups, length, width), each
    shared by heads / groups heads in a row; `seen` (batch or 1, 1, length, length), False where a
    query must not look. Scores and their softmax are in the query's type, as in transformers'
    eager attention.
    """

    @staticmethod
    def forward(ctx, query, key, value, seen, scale: float):
        batch, heads, length, width = query.shape
        groups = key.shape[1]
        # The heads that share a key stand below each other in one product.
        query = query.reshape(batch * groups, -1, width)
        key, value = (part.reshape(batch * groups, length, width) for part in (key, value))
        scores = torch.bmm(query, key.transpose(1, 2)).view(batch, heads, length, length)
        # Added, as torch fills a mask that heads share far more slowly.
        hidden = scores.new_zeros(seen.shape).masked_fill_(~seen, torch.finfo(scores.dtype).min)
        weights = torch.add(hidden, scores, alpha=scale, out=scores).softmax(-1)
        weights = weights.view(batch * groups, -1, length)
        ctx.save_for_backward(query, key, value, weights)
        ctx.scale = scale
        return torch.bmm(weights, value).view(batch, heads, length, width)

    @staticmethod
    def backward(ctx, upstream):
        query, key, value, weights = ctx.saved_tensors
        batch, heads, length, width = upstream.shape
        upstream = upstream.reshape(query.shape)
        to_weights = torch.bmm(upstream, value.transpose(1, 2))
        to_scores = torch._softmax_backward_data(to_weights, weights, -1, weights.dtype)
        to_scores.mul_(ctx.scale)
        return (
            torch.bmm(to_scores, key).view(batch, heads, length, width),
            torch.bmm(to_scores.transpose(1, 2), query).view(batch, -1, length, width),
            torch.bmm(weights.transpose(1, 2), upstream).view(batch, -1, length, width),
            None,
            None,
        )


def by_length(module, query, key, value, attention_mask, dropout=0.0, scaling=None, **options):
    """Attend as one of transformers' attention functions: (batch, length, heads, width), None."""
    if not fits(module, query, key, value, attention_mask, dropout, options):
        return sdpa_attention_forward(
            module, query, key, value, attention_mask, dropout, scaling, **options
        )
    length, width = query.shape[2:]
    if attention_mask is None:
        attention_mask = torch.ones(1, 1, length, length, dtype=torch.bool).tril()
    scale = width**-0.5 if scaling is None else scaling
    out = ShortAttention.apply(query, key, value, attention_mask, scale)
    return out.transpose(1, 2).contiguous(), None


def fits(module, query, key, value, mask, dropout: float, options: dict[str, Any]) -> bool:
    """Whether it is plain attention over short rows, to themselves and nothing cached."""
    causal = options.get("is_causal")
    if causal is None:
        causal = getattr(module, "is_causal", True)
    return (
        query.shape[2] == key.shape[2] <= SHORT
        and query.shape[3] == value.shape[3]
        and (causal if mask is None else mask.dtype == torch.bool)
        and not dropout
        and all(options.get(name) is None for name in ("position_bias", "softcap", "cache"))
    )


AttentionInterface.register(NAME, by_length)
AttentionMaskInterface.register(NAME, sdpa_mask)


def choose_attention(model: Any) -> None:
    """Let a model that attends by torch's kernels choose by the length of its rows."""
    if model.config._attn_implementation == "sdpa":
        model.set_attn_implementation(NAME)

"""Attention that suits short rows on a CPU.

torch's flash attention never holds a row's scores, but on a CPU its backward pass takes several
times as long as plain products where rows have tens of tokens. Rows up to SHORT take plain
products and keep their scores; longer ones go to torch as before, so memory stays linear in length.

What all rows of a batch begin with may stand once before them (beginnings.py): each row then
attends to that and to itself.
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

    `query` (batch, heads, length, width); `key` and `value` (batch, groups, keys, width), each
    shared by heads / groups heads in a row; `seen` (batch or 1, 1, length, keys), False where a
    query must not look. Scores and their softmax are in the query's type, as in transformers'
    eager attention.
    """

    @staticmethod
    def forward(ctx, query, key, value, seen, scale: float):
        batch, heads, length, width = query.shape
        groups, keys = key.shape[1:3]
        # The heads that share a key stand below each other in one product.
        query = query.reshape(batch * groups, -1, width)
        key, value = (part.reshape(batch * groups, keys, width) for part in (key, value))
        scores = torch.bmm(query, key.transpose(1, 2)).view(batch, heads, length, keys)
        # Added, as torch fills a mask that heads share far more slowly.
        hidden = scores.new_zeros(seen.shape).masked_fill_(~seen, torch.finfo(scores.dtype).min)
        weights = torch.add(hidden, scores, alpha=scale, out=scores).softmax(-1)
        weights = weights.view(batch * groups, -1, keys)
        ctx.save_for_backward(query, key, value, weights)
        ctx.scale = scale
        return torch.bmm(weights, value).view(batch, heads, length, width)

    @staticmethod
    def backward(ctx, upstream):
        query, key, value, weights = ctx.saved_tensors
        batch, heads, length, width = upstream.shape
        keys = key.shape[1]
        upstream = upstream.reshape(query.shape)
        to_weights = torch.bmm(upstream, value.transpose(1, 2))
        to_scores = torch._softmax_backward_data(to_weights, weights, -1, weights.dtype)
        to_scores.mul_(ctx.scale)
        return (
            torch.bmm(to_scores, key).view(batch, heads, length, width),
            torch.bmm(to_scores.transpose(1, 2), query).view(batch, -1, keys, width),
            torch.bmm(weights.transpose(1, 2), upstream).view(batch, -1, keys, width),
            None,
            None,
        )


def by_length(
    module, query, key, value, attention_mask, dropout=0.0, scaling=None, beginning=None, **options
):
    """Attend as one of transformers' attention functions: (batch, length, heads, width), None.

    With a `beginning`, (its tokens, rows behind it), the batch is one: the beginning and then rows
    of equal length one after the other.
    """
    scale = query.shape[-1] ** -0.5 if scaling is None else scaling
    if beginning is not None:
        if not is_plain(query, value, dropout, options):
            raise ValueError("this attention is not plain: rows can't share their beginning")
        return behind(query, key, value, scale, *beginning), None
    if not fits(module, query, key, value, attention_mask, dropout, options):
        return sdpa_attention_forward(
            module, query, key, value, attention_mask, dropout, scaling, **options
        )
    if attention_mask is None:
        attention_mask = causal(query.shape[2])
    out = ShortAttention.apply(query, key, value, attention_mask, scale)
    return out.transpose(1, 2).contiguous(), None


def behind(query, key, value, scale: float, shared: int, rows: int) -> torch.Tensor:
    """Attention of a beginning to itself, and of each row to the beginning and itself.

    `query`, `key`, `value` (1, heads or groups, shared + rows * length, width); returns (1, the
    same, heads, width).
    """
    first = [part[:, :, :shared] for part in (query, key, value)]
    own = [
        part[0, :, shared:].unflatten(1, (rows, -1)).transpose(0, 1) for part in (query, key, value)
    ]
    keys, values = (
        torch.cat([before.expand(rows, -1, -1, -1), behind], dim=2)
        for before, behind in zip(first[1:], own[1:], strict=True)
    )
    length = own[0].shape[2]
    seen = causal(shared + length)[:, :, shared:]
    outs = (
        ShortAttention.apply(*first, causal(shared), scale),
        ShortAttention.apply(own[0], keys, values, seen, scale),
    )
    return torch.cat([out.transpose(1, 2).flatten(0, 1) for out in outs])[None]


def causal(length: int) -> torch.Tensor:
    """What each place may look at, itself and those before it: (1, 1, length, length)."""
    return torch.ones(1, 1, length, length, dtype=torch.bool).tril()


def fits(module, query, key, value, mask, dropout: float, options: dict[str, Any]) -> bool:
    """Whether it is plain attention over short rows, to themselves and nothing cached."""
    forward_only = options.get("is_causal")
    if forward_only is None:
        forward_only = getattr(module, "is_causal", True)
    return (
        query.shape[2] == key.shape[2] <= SHORT
        and (forward_only if mask is None else mask.dtype == torch.bool)
        and is_plain(query, value, dropout, options)
    )


def is_plain(query, value, dropout: float, options: dict[str, Any]) -> bool:
    return (
        query.shape[3] == value.shape[3]
        and not dropout
        and all(options.get(name) is None for name in ("position_bias", "softcap", "cache"))
    )


AttentionInterface.register(NAME, by_length)
AttentionMaskInterface.register(NAME, sdpa_mask)


def choose_attention(model: Any) -> None:
    """Let a model that attends by torch's kernels choose by the length of its rows."""
    if model.config._attn_implementation == "sdpa":
        model.set_attn_implementation(NAME)

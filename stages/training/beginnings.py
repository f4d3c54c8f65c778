"""What all rows of a batch begin with, read once in a training step.

The rows of a study begin alike: with a chat's opening and an instruction, or, where one prompt is
answered several times, with all of the prompt. Behind causal attention the hidden states there are
the same in each row, and their gradient is the sum of the rows' gradients. So the beginning stands
once before the rows, and each row attends to it and to itself: the same step but for rounding.
"""

from typing import Any

import torch

from stages.training.attention import NAME, SHORT

WORTH = 8  # tokens; for fewer, attention in two parts takes as long as it saves
FULL = "full_attention"  # transformers' name of a layer that looks at all that is before it
NEAR = 0.05  # how far rounding may take hidden states apart, as a share of their norm


def read(model: Any, ids: torch.Tensor, mask: torch.Tensor, wanted: torch.Tensor) -> torch.Tensor:
    """The last hidden states of a causal LM at the wanted places: (places, width), row by row.

    `ids`, `mask` and `wanted`: (batch, length); places with mask 0 are padding.
    """
    shared = beginning(ids, mask, wanted) if getattr(model, "shares_beginnings", False) else 0
    if shared < WORTH:
        out = model.base_model(input_ids=ids, attention_mask=mask, use_cache=False)
        return out.last_hidden_state[wanted]
    return read_once(model, ids, shared)[wanted[:, shared:]]


def read_once(model: Any, ids: torch.Tensor, shared: int) -> torch.Tensor:
    """The last hidden states behind the first `shared` places, which are read once.

    `ids` (batch, length) are padded on the right, if at all: there, nothing looks at padding that
    anybody asks for. Returns (batch, length - shared, width).
    """
    batch, length = ids.shape
    places = torch.arange(length, device=ids.device)
    flat = torch.cat([ids[0, :shared], ids[:, shared:].flatten()])[None]
    positions = torch.cat([places[:shared], places[shared:].repeat(batch)])[None]
    out = model.base_model(
        input_ids=flat,
        position_ids=positions,
        # Left out, transformers would take positions that start anew for packed rows
        attention_mask=torch.ones_like(flat),
        use_cache=False,
        beginning=(shared, batch),
    )
    return out.last_hidden_state[0, shared:].unflatten(0, (batch, length - shared))


def beginning(ids: torch.Tensor, mask: torch.Tensor, wanted: torch.Tensor) -> int:
    """How many places at the beginning all rows have alike and nobody wants; 0 for one row.

    0 as well for rows that are long, or padded on the left.
    """
    if len(ids) == 1 or ids.shape[1] > SHORT or bool((mask[:, 1:] > mask[:, :-1]).any()):
        return 0
    alike = (ids == ids[:1]).all(dim=0) & mask.bool().all(dim=0) & ~wanted.any(dim=0)
    return int(alike.long().cumprod(dim=0).sum()) if bool(wanted.any()) else 0


@torch.no_grad()
def can_share(model: Any) -> bool:
    """Whether rows of this model may share their beginning: tried on two rows.

    Not where layers mix neighbours without attention, see only so far back, or attend otherwise.
    """
    config = model.config
    layers = getattr(config, "layer_types", None) or [FULL]
    if config._attn_implementation != NAME or {*layers} != {FULL}:
        return False
    ids = torch.tensor([[1, 2, 3, 4, 5, 6], [1, 2, 3, 4, 7, 8]], device=model.device)
    # In training mode, as in lora.check_head: in eval mode bitsandbytes repacks 4-bit weights
    model.train()
    plain = model.base_model(input_ids=ids, use_cache=False).last_hidden_state[:, 4:].float()
    try:
        ours = read_once(model, ids, 4).float()
    except (TypeError, ValueError):
        return False
    return bool((ours - plain).norm() <= NEAR * plain.norm())

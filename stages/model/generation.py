"""Generate answers in batches, in an order and in batches that depend on nothing but the data.

transformers' `generate` keeps a finished row in its batch until the longest row is done, which
doubles the work where answers differ in length; this loop drops finished rows from the key-value
cache, reads once what all prompts of a batch begin with, and lays the weights out for a CPU. Tests
hold its greedy answers equal to `generate`'s, in bf16 but for ties.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from transformers import set_seed

from stages.model.caching import empty_cache, has_room
from stages.model.linear import lay_out

Pick = Callable[[torch.Tensor], torch.Tensor]


@dataclass(frozen=True)
class Prompt:
    id: str
    input_ids: list[int]


def batches(prompts: list[Prompt], size: int) -> list[list[Prompt]]:
    """Cut prompts, longest first, into batches of similar length.

    Longest first, so that a lack of memory shows in the first minute and not in the last.
    """
    ordered = sorted(prompts, key=lambda prompt: (-len(prompt.input_ids), prompt.id))
    return [ordered[i : i + size] for i in range(0, len(ordered), size)]


def answer(
    model: Any, tokenizer: Any, batch: list[Prompt], decode: dict[str, Any], seed: int
) -> tuple[list[dict[str, Any]], float]:
    """Answer one batch. Returns rows (id, text, tokens_in, tokens_out, hit_limit) and seconds.

    `tokens_out` counts the tokens before the stop token; `hit_limit` says that there was none.
    The seed is set per batch, so that a resumed run samples what an uninterrupted one would.
    """
    set_seed(seed)
    stops = stop_tokens(model, tokenizer)
    prompts = [prompt.input_ids for prompt in batch]
    started = time.perf_counter()
    answers = generate(model, prompts, decode["max_new_tokens"], stops, picker(decode))
    seconds = time.perf_counter() - started
    rows = []
    for prompt, ids in zip(batch, answers, strict=True):
        stopped = ids[-1] in stops
        kept = ids[:-1] if stopped else ids
        rows.append(
            {
                "id": prompt.id,
                "text": tokenizer.decode(kept, skip_special_tokens=True).strip(),
                "tokens_in": len(prompt.input_ids),
                "tokens_out": len(kept),
                "hit_limit": not stopped,
            }
        )
    return rows, seconds


def stop_tokens(model: Any, tokenizer: Any) -> set[int]:
    """The tokens that end an answer: the tokenizer's, and those that the base itself names."""
    named = model.generation_config.eos_token_id
    named = named if isinstance(named, list) else [named]
    return {tokenizer.eos_token_id, *(token for token in named if token is not None)}


def picker(decode: dict[str, Any]) -> Pick:
    """How the next token is chosen from logits (rows, vocabulary) -> (rows,)."""
    if decode["temperature"] == 0:
        return lambda logits: logits.max(dim=-1).indices
    return lambda logits: _sample(logits.float() / decode["temperature"], decode["top_p"])


def _sample(logits: torch.Tensor, top_p: float) -> torch.Tensor:
    """Nucleus sampling (Holtzman et al., 2020): from the fewest tokens whose mass reaches top_p."""
    probabilities, order = logits.softmax(dim=-1).sort(dim=-1, descending=True)
    before = probabilities.cumsum(dim=-1) - probabilities
    drawn = torch.multinomial(probabilities.masked_fill(before >= top_p, 0.0), 1)
    return order.gather(-1, drawn).squeeze(-1)


@torch.inference_mode()
def generate(
    model: Any, prompts: list[list[int]], limit: int, stops: set[int], pick: Pick
) -> list[list[int]]:
    """Continue each prompt by up to `limit` tokens; an answer ends with its stop token, if any."""
    lay_out(model)
    ends = torch.tensor(sorted(stops), device=model.device)
    ids, mask, positions, cache = _prefill(model, prompts)
    going = torch.arange(len(prompts), device=model.device)
    answers: list[list[int]] = [[] for _ in prompts]
    for left in range(limit, 0, -1):
        logits = model(
            input_ids=ids,
            attention_mask=mask,
            position_ids=positions,
            past_key_values=cache,
            use_cache=True,
        ).logits[:, -1]
        ids = pick(logits)
        for row, token in zip(going.tolist(), ids.tolist(), strict=True):
            answers[row].append(token)
        unfinished = ~torch.isin(ids, ends)
        if left == 1 or not unfinished.any():
            break
        positions = positions + 1
        if not unfinished.all():
            keep = _without_gaps(unfinished)
            # Meant for beam search, but convolution layers have no other way to drop rows.
            cache.reorder_cache(keep)
            ids, mask, positions, going = ids[keep], mask[keep], positions[keep], going[keep]
        ids = ids[:, None]
        mask = torch.cat([mask, mask.new_ones(len(mask), 1)], dim=-1)
    return answers


def _without_gaps(unfinished: torch.Tensor) -> torch.Tensor:
    """The unfinished rows' places, the last ones where others finished: few rows have to move."""
    count = int(unfinished.sum())
    keep = torch.arange(count, device=unfinished.device)
    keep[~unfinished[:count]] = count + unfinished[count:].nonzero().squeeze(-1)
    return keep


def _prefill(
    model: Any, prompts: list[list[int]]
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, Any]:
    """Read all but each prompt's last token. Returns these last tokens and their positions, both
    (rows, 1), the mask of all tokens, (rows, tokens), and the filled cache.

    The loop's first step is then like every other, and nothing here is projected on the vocabulary.
    What all prompts begin with is read once. It can't be where layers count tokens by their place
    in the row (convolutions, windows), since padding follows it.
    """
    cache = empty_cache(model.config)
    shared = _shared_start(prompts) if has_room(cache) else 0
    ids, mask = _left_padded([prompt[shared:] for prompt in prompts], model.device)
    mask = torch.cat([mask.new_ones(len(prompts), shared), mask], dim=-1)
    positions = (mask.cumsum(dim=-1) - 1).clamp(min=0)
    if shared:
        start = torch.tensor([prompts[0][:shared]], device=model.device)
        _read(model, start, mask[:1, :shared], positions[:1, :shared], cache)
        cache.batch_repeat_interleave(len(prompts))
    if ids.shape[1] > 1:
        _read(model, ids[:, :-1], mask[:, :-1], positions[:, shared:-1], cache)
    return ids[:, -1:], mask, positions[:, -1:], cache


def _shared_start(prompts: list[list[int]]) -> int:
    """How many tokens all prompts begin with, each keeping one of its own; 0 for a single one."""
    if len(prompts) == 1:
        return 0
    first, last = min(prompts), max(prompts)
    most = min(map(len, prompts)) - 1
    return next((n for n in range(most) if first[n] != last[n]), most)


def _read(
    model: Any, ids: torch.Tensor, mask: torch.Tensor, positions: torch.Tensor, cache: Any
) -> None:
    """Fill the cache, without the vocabulary projection.

    Projecting the last column of a long batch is slow on a CPU: torch copies the head's frozen
    weights once per row (4 GB here).
    """
    causal = model.get_base_model() if hasattr(model, "get_base_model") else model
    causal.base_model(
        input_ids=ids,
        attention_mask=mask,
        position_ids=positions,
        past_key_values=cache,
        use_cache=True,
    )


def _left_padded(prompts: list[list[int]], device: Any) -> tuple[torch.Tensor, torch.Tensor]:
    """Prompts as (rows, longest), padded on the left, and their attention mask."""
    width = max(map(len, prompts))
    ids = [[0] * (width - len(prompt)) + prompt for prompt in prompts]
    mask = [[0] * (width - len(prompt)) + [1] * len(prompt) for prompt in prompts]
    return torch.tensor(ids, device=device), torch.tensor(mask, device=device)

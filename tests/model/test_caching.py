"""The cache with room against transformers' own, and what it leaves alone."""

import torch
from transformers import DynamicCache, Lfm2Config, LlamaConfig

from stages.model.caching import BLOCK, empty_cache, has_room

LLAMA = LlamaConfig(num_hidden_layers=2)
HYBRID = Lfm2Config(num_hidden_layers=2, layer_types=["conv", "full_attention"])


def states(rows: int, tokens: int) -> tuple[torch.Tensor, torch.Tensor]:
    return torch.randn(rows, 2, tokens, 4), torch.randn(rows, 2, tokens, 4)


def test_it_holds_what_transformers_cache_holds():
    torch.manual_seed(0)
    ours, theirs = empty_cache(LLAMA), DynamicCache(config=LLAMA)

    def update(rows: int, tokens: int) -> None:
        for layer in range(2):
            new = states(rows, tokens)
            kept = [cache.update(*new, layer) for cache in (ours, theirs)]
            for a, b in zip(*kept, strict=True):
                torch.testing.assert_close(a, b, rtol=0, atol=0)
        assert ours.get_seq_length() == theirs.get_seq_length()
        assert ours.get_mask_sizes(1, 0) == theirs.get_mask_sizes(1, 0)

    update(1, 5)
    for cache in (ours, theirs):
        cache.batch_repeat_interleave(6)
    update(6, 3)
    update(6, 1)
    for cache in (ours, theirs):
        cache.reorder_cache(torch.tensor([0, 5, 2, 4]))
    for _ in range(BLOCK + 2):
        update(4, 1)
    for cache in (ours, theirs):
        cache.reorder_cache(torch.tensor([3]))
    update(1, 2)


def test_a_hybrids_convolutions_keep_their_cache():
    assert has_room(empty_cache(LLAMA)) and not has_room(empty_cache(HYBRID))
    theirs = DynamicCache(config=HYBRID)
    assert type(empty_cache(HYBRID).layers[0]) is type(theirs.layers[0])

"""A key-value cache with room to grow, whose rows can leave one by one.

transformers' own copies every key and value at each token, and again for each row that leaves.
"""

from typing import Any

import torch
from transformers import DynamicCache
from transformers.cache_utils import DynamicLayer

# Tokens that room is made for at a time
BLOCK = 32


def empty_cache(config: Any) -> DynamicCache:
    """A cache for a model; layers that are no plain attention (windows, convolutions) stay as they
    are."""
    cache = DynamicCache(config=config)
    cache.layers = [
        RoomyLayer() if type(layer) is DynamicLayer else layer for layer in cache.layers
    ]
    return cache


def has_room(cache: DynamicCache) -> bool:
    """Are all its layers plain attention?"""
    return all(isinstance(layer, RoomyLayer) for layer in cache.layers)


class RoomyLayer(DynamicLayer):
    """Keys and values as views of (rows, heads, room, features)."""

    def update(
        self, key_states: torch.Tensor, value_states: torch.Tensor, *args: Any, **kwargs: Any
    ) -> tuple[torch.Tensor, torch.Tensor]:
        if not self.is_initialized:
            self.lazy_initialization(key_states, value_states)
            self.stored = (key_states[:, :, :0], value_states[:, :, :0])
            self.length = 0
        start, self.length = self.length, self.length + key_states.shape[2]
        if self.length > self.stored[0].shape[2]:
            self.stored = tuple(_with_room(held, start, self.length) for held in self.stored)
        for held, new in zip(self.stored, (key_states, value_states), strict=True):
            held[:, :, start : self.length] = new
        return self._view()

    def reorder_cache(self, beam_idx: torch.Tensor) -> None:
        """Keep these rows; those that stay in their place are not copied."""
        if not self.is_initialized:
            return
        places = torch.arange(len(beam_idx), device=beam_idx.device)
        moved = (beam_idx != places).nonzero().squeeze(-1)
        for held in self.stored:
            held[moved, :, : self.length] = held[beam_idx[moved], :, : self.length]
        self.stored = tuple(held[: len(beam_idx)] for held in self.stored)
        self._view()

    def batch_repeat_interleave(self, repeats: int) -> None:
        if not self.is_initialized:
            return
        self.stored = tuple(held.repeat_interleave(repeats, dim=0) for held in self.stored)
        self._view()

    def _view(self) -> tuple[torch.Tensor, torch.Tensor]:
        self.keys, self.values = (held[:, :, : self.length] for held in self.stored)
        return self.keys, self.values


def _with_room(held: torch.Tensor, used: int, wanted: int) -> torch.Tensor:
    rows, heads, _, features = held.shape
    grown = held.new_empty(rows, heads, wanted + BLOCK, features)
    grown[:, :, :used] = held[:, :, :used]
    return grown

"""A copy of the policy that answers: laid out for generation, and given the trained weights anew.

What is trained keeps float32 adapters and layers that pass gradients; what answers has the compute
type's and, on a CPU, weights laid out once for all tokens of a batch. So there are two of them, and
a probe can never change what is trained (a 4-bit layer on a CPU repacks itself in eval mode, after
which no gradient passes).
"""

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import torch
from peft import get_peft_model, set_peft_model_state_dict

from stages.model.generation import Pick, generate, picker, stop_tokens
from stages.model.linear import Product
from stages.model.loading import load_base

Weights = Mapping[str, torch.Tensor]


class Player:
    """The base under an adapter of the same form as the trained one."""

    def __init__(self, plan: Mapping[str, Any], base: Path, config: Any, tokenizer: Any):
        model = load_base(base, plan["quantize"], plan["precision"])
        self.model = get_peft_model(model, config, autocast_adapter_dtype=False).eval()
        for weights in self.model.parameters():
            if weights.requires_grad:
                weights.data = weights.data.to(model.dtype)
            weights.requires_grad_(False)
        self.tokenizer = tokenizer
        self.stops = stop_tokens(model, tokenizer)

    def follow(self, weights: Weights) -> None:
        """Take on an adapter's weights; what was laid out of the former ones is dropped."""
        for layer in self.model.modules():
            forward = vars(layer).get("forward")
            if isinstance(forward, partial) and isinstance(forward.func, Product):
                del layer.forward
        self.model.laid_out = False
        set_peft_model_state_dict(self.model, weights)

    def answer(
        self, prompts: list[list[int]], decode: Mapping[str, Any], size: int
    ) -> list[list[int]]:
        """Token ids of an answer to each prompt, the stop token included, in batches of `size`.

        `decode` has max_new_tokens, temperature (0 is greedy) and top_p.
        """
        order = sorted(range(len(prompts)), key=lambda place: -len(prompts[place]))
        answers: list[list[int]] = [[] for _ in prompts]
        for start in range(0, len(order), size):
            places = order[start : start + size]
            chosen = [prompts[place] for place in places]
            found = generate(self.model, chosen, decode["max_new_tokens"], self.stops, pick(decode))
            for place, ids in zip(places, found, strict=True):
                answers[place] = ids
        return answers

    def text(self, ids: list[int]) -> str:
        """An answer as `predict` would write it."""
        return self.tokenizer.decode(ids, skip_special_tokens=True).strip()

    @torch.inference_mode()
    def next_logs(self, prompts: list[list[int]], answers: Sequence[list[int]]) -> list[Any]:
        """Per row the log-probabilities of every token at each place of its answer.

        Each (tokens of the answer, vocabulary), in float32; row by row, for that is large.
        """
        found = []
        causal = self.model.get_base_model()
        for prompt, ids in zip(prompts, answers, strict=True):
            row = torch.tensor([[*prompt, *ids]], device=self.model.device)
            hidden = causal.base_model(input_ids=row, use_cache=False).last_hidden_state[0]
            at = hidden[len(prompt) - 1 : -1]
            logits = at @ causal.get_output_embeddings().weight.T
            found.append(logits.float().log_softmax(dim=-1))
        return found


def pick(decode: Mapping[str, Any]) -> Pick:
    """As `predict` picks; without a nucleus by the Gumbel trick, which sorts no vocabulary."""
    if decode["temperature"] == 0 or decode["top_p"] < 1:
        return picker(dict(decode))
    return lambda logits: _drawn(logits.float() / decode["temperature"])


def _drawn(logits: torch.Tensor) -> torch.Tensor:
    """A token of each row by its probability: argmax of logits plus Gumbel noise (rows,)."""
    noise = torch.empty_like(logits).exponential_().log_().neg_()
    return logits.add_(noise).argmax(dim=-1)

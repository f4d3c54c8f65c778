"""Log-probabilities of given tokens and the entropy beside them, in little memory.

Only places that a token was answered at are projected to the vocabulary, in chunks whose logits are
taken once more on the way back: kept, they would be most of a step's memory.
"""

from typing import Any

import torch

from stages.training import beginnings

CHUNK = 1024


class TokenLogs(torch.autograd.Function):
    """(log-probability, entropy) of each row, both (rows,) in nats and float32.

    `hidden` (rows, width) under a frozen head (vocabulary, width), divided by a temperature;
    `targets` (rows,). No gradient passes through the entropy, nor into the head.
    """

    @staticmethod
    def forward(ctx, hidden, weight, targets, temperature: float):
        logs = hidden.new_empty(len(hidden), dtype=torch.float32)
        entropy = torch.empty_like(logs)
        normalizers = torch.empty_like(logs)
        for start in range(0, len(hidden), CHUNK):
            part = slice(start, start + CHUNK)
            logits = _logits(hidden[part], weight, temperature)
            reached = logits.gather(-1, targets[part, None]).squeeze(-1)
            normalizers[part] = logits.logsumexp(dim=-1)
            logs[part] = reached - normalizers[part]
            weights = (logits - normalizers[part, None]).exp_()
            entropy[part] = normalizers[part] - weights.mul_(logits).sum(dim=-1)
        ctx.save_for_backward(hidden, weight, targets, normalizers)
        ctx.temperature = temperature
        ctx.mark_non_differentiable(entropy)
        return logs, entropy

    @staticmethod
    def backward(ctx, upstream, _):
        hidden, weight, targets, normalizers = ctx.saved_tensors
        gradient = torch.empty_like(hidden)
        for start in range(0, len(hidden), CHUNK):
            part = slice(start, start + CHUNK)
            logits = _logits(hidden[part], weight, ctx.temperature)
            # d log p(target) / d logits is 1 at the target, less the softmax
            slope = logits.sub_(normalizers[part, None]).exp_().neg_()
            slope.scatter_add_(-1, targets[part, None], slope.new_ones(len(slope), 1))
            slope *= (upstream[part] / ctx.temperature)[:, None]
            gradient[part] = slope.to(weight.dtype) @ weight
        return gradient, None, None, None


def _logits(hidden: torch.Tensor, weight: torch.Tensor, temperature: float) -> torch.Tensor:
    return (hidden @ weight.T).float().div_(temperature)


def token_logs(
    model: Any, ids: torch.Tensor, mask: torch.Tensor, answered: int, temperature: float
) -> tuple[torch.Tensor, torch.Tensor]:
    """Log-probability and entropy at the last `answered` places of each row: (rows, answered) each.

    `ids` and `mask` (rows, length); where the mask is 0 both are 0.
    """
    causal = model.get_base_model()
    targets, kept = ids[:, -answered:], mask[:, -answered:].bool()
    wanted = torch.zeros_like(ids, dtype=torch.bool)
    wanted[:, -answered - 1 : -1] = kept
    # TRL pads a prompt on the left up to the longest one of the step, and so all of its answers
    used = mask.any(dim=0).nonzero().flatten()
    within = slice(int(used[0]), int(used[-1]) + 1)
    hidden = beginnings.read(causal, ids[:, within], mask[:, within], wanted[:, within])
    found = TokenLogs.apply(
        hidden, causal.get_output_embeddings().weight, targets[kept], temperature
    )
    empty = [hidden.new_zeros(kept.shape, dtype=torch.float32) for _ in found]
    logs, entropy = (one.masked_scatter(kept, two) for one, two in zip(empty, found, strict=True))
    return logs, entropy

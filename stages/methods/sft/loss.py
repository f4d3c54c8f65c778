"""Next-token cross-entropy over supervised positions alone, in little memory.

The vocabulary projection is a fifth of a small model's work, and its logits are most of a step's
memory. Positions without loss are not projected at all; the others go through in chunks whose
gradient is taken on the spot, so that no logits are kept for the backward pass.
"""

import torch

from stages.model.tokens import IGNORED
from stages.training import beginnings

CHUNK = 1024


class CrossEntropy(torch.autograd.Function):
    """Summed cross-entropy of `hidden` (rows, width) under a frozen head, targets (rows,).

    Logits are taken in the head's type and the loss in float32, as transformers does. The head
    gets no gradient: adapters leave it frozen.
    """

    @staticmethod
    def forward(ctx, hidden: torch.Tensor, weight: torch.Tensor, targets: torch.Tensor):
        gradient = torch.empty_like(hidden)
        total = hidden.new_zeros((), dtype=torch.float32)
        for start in range(0, len(hidden), CHUNK):
            rows, wanted = hidden[start : start + CHUNK], targets[start : start + CHUNK, None]
            logits = (rows @ weight.T).float()
            logits -= logits.amax(dim=-1, keepdim=True)
            reached = logits.gather(-1, wanted)
            # In place: logits are a step's largest tensor, and its exponentials are taken once.
            weights = logits.exp_()
            normalizer = weights.sum(dim=-1, keepdim=True)
            total += (normalizer.log() - reached).sum()
            if not ctx.needs_input_grad[0]:
                continue
            # d loss / d logits is the softmax, less one at the target.
            slope = weights.div_(normalizer)
            slope.scatter_add_(-1, wanted, slope.new_full((1, 1), -1.0).expand_as(wanted))
            gradient[start : start + CHUNK] = slope.to(weight.dtype) @ weight
        ctx.save_for_backward(gradient)
        return total

    @staticmethod
    def backward(ctx, upstream: torch.Tensor):
        (gradient,) = ctx.saved_tensors
        return (gradient.float() * upstream).to(gradient.dtype), None, None


def supervised_loss(self, input_ids, attention_mask, labels, **_):
    """Forward of a causal LM that returns (summed loss, supervised tokens).

    `input_ids`, `attention_mask`, `labels`: (batch, length); labels are IGNORED where no loss
    falls. Takes the place of a model's `forward`, so `self` is the model.
    """
    targets = torch.nn.functional.pad(labels[:, 1:], (0, 1), value=IGNORED)
    kept = targets != IGNORED
    hidden = beginnings.read(self, input_ids, attention_mask, kept)
    return CrossEntropy.apply(
        hidden, self.get_output_embeddings().weight, targets[kept]
    ), kept.sum()

"""Log-probabilities and gradients against those of the full logits, and drawing without sorting."""

import pytest
import torch

from stages.methods.grpo import token_logs
from stages.methods.grpo.player import pick
from stages.methods.grpo.token_logs import TokenLogs

TEMPERATURES = [1.0, 0.7]


@pytest.mark.parametrize("temperature", TEMPERATURES)
def test_logs_entropy_and_gradient_are_those_of_the_full_logits(monkeypatch, temperature):
    monkeypatch.setattr(token_logs, "CHUNK", 3)
    torch.manual_seed(0)
    hidden = torch.randn(8, 5, requires_grad=True)
    weight, targets = torch.randn(11, 5), torch.randint(0, 11, (8,))
    upstream = torch.randn(8)
    plain = (hidden @ weight.T / temperature).log_softmax(dim=-1)
    wanted = plain.gather(-1, targets[:, None]).squeeze(-1)
    (gradient,) = torch.autograd.grad((wanted * upstream).sum(), hidden, retain_graph=True)
    logs, entropy = TokenLogs.apply(hidden, weight, targets, temperature)
    (ours,) = torch.autograd.grad((logs * upstream).sum(), hidden)
    assert torch.allclose(logs, wanted, atol=1e-5)
    assert torch.allclose(entropy, -(plain.exp() * plain).sum(dim=-1), atol=1e-5)
    assert torch.allclose(ours, gradient, atol=1e-5)


@pytest.mark.parametrize("temperature", TEMPERATURES)
def test_tokens_are_drawn_by_their_probability(temperature):
    torch.manual_seed(1)
    logits = torch.tensor([2.0, 1.0, 0.0, -1.0])
    draw = pick({"temperature": temperature, "top_p": 1.0})
    drawn = draw(logits.repeat(20_000, 1))
    found = torch.bincount(drawn, minlength=4) / len(drawn)
    assert torch.allclose(found, (logits / temperature).softmax(dim=-1), atol=0.015)


def test_greedy_takes_the_most_likely():
    logits = torch.tensor([[0.0, 3.0, 1.0], [2.0, 0.0, 1.0]])
    assert pick({"temperature": 0.0, "top_p": 1.0})(logits).tolist() == [1, 0]

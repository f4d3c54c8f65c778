"""Our learning-rate schedules are transformers' own, step by step."""

from typing import get_args

import pytest
import torch
from transformers import get_scheduler

from stages.planning.schema import Knobs
from stages.training.schedule import shares_of_peak

SCHEDULES = get_args(Knobs.model_fields["schedule"].annotation)
STEPS = [(0, 1), (0, 10), (1, 10), (5, 80), (10, 10), (15, 10)]


@pytest.mark.parametrize("schedule", SCHEDULES)
@pytest.mark.parametrize(("warmup", "total"), STEPS)
def test_shares_equal_those_of_transformers(schedule, warmup, total):
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0)
    scheduler = get_scheduler(
        schedule, optimizer, num_warmup_steps=warmup, num_training_steps=total
    )
    expected = []
    for _ in range(total):
        expected.append(scheduler.get_last_lr()[0])
        optimizer.step()
        scheduler.step()
    assert shares_of_peak(schedule, warmup, total) == pytest.approx(expected, abs=1e-12)

"""Our learning-rate schedules are transformers' own, step by step."""

from typing import get_args

import pytest
import torch
from transformers import Trainer, TrainingArguments, get_scheduler

from stages.planning.schema import Knobs
from stages.training.schedule import shares_of_peak, steps

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


class Line(torch.nn.Module):
    """Something to train that costs nothing."""

    def __init__(self):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.ones(1))

    def forward(self, x):
        return {"loss": (self.weight * x).mean()}


@pytest.mark.parametrize(
    ("rows", "batch", "accumulation", "epochs", "ratio"),
    [
        (24, 4, 1, 1.0, 0.25),
        (25, 4, 1, 2.0, 0.1),
        (25, 4, 2, 1.5, 0.34),
        (9, 4, 4, 3, 0.5),
        (30, 7, 3, 0.3, 0.0),
        (3, 8, 2, 2.5, 0.9),
    ],
)
def test_epochs_and_warm_up_shares_make_the_steps_that_transformers_makes(
    tmp_path, rows, batch, accumulation, epochs, ratio
):
    arguments = TrainingArguments(
        output_dir=str(tmp_path),
        num_train_epochs=epochs,
        warmup_steps=ratio,  # below 1, a share
        lr_scheduler_type="linear",
        learning_rate=1.0,
        per_device_train_batch_size=batch,
        gradient_accumulation_steps=accumulation,
        logging_steps=1,
        save_strategy="no",
        report_to="none",
        disable_tqdm=True,
    )
    data = [{"x": torch.ones(1)} for _ in range(rows)]
    trainer = Trainer(Line(), arguments, train_dataset=data)
    trainer.train()
    plan = {"batch_size": batch, "gradient_accumulation": accumulation, "schedule": "linear"}
    total, warmup = steps({**plan, "epochs": epochs, "warmup_ratio": ratio}, rows)
    assert total == trainer.state.global_step
    rates = [e["learning_rate"] for e in trainer.state.log_history if "loss" in e]
    assert shares_of_peak("linear", warmup, total) == pytest.approx(rates, abs=1e-12)


def test_steps_that_are_given_are_taken_and_a_constant_rate_has_no_warm_up():
    plan = {"batch_size": 4, "gradient_accumulation": 2, "max_steps": 7, "warmup_steps": 3}
    assert steps({**plan, "schedule": "linear"}, 1000) == (7, 3)
    assert steps({**plan, "schedule": "constant"}, 1000) == (7, 0)

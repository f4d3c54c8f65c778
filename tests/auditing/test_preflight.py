"""The preflight: what a run amounts to, known before it starts."""

import pytest

from stages.auditing.preflight import forecast

ARM = {"max_steps": 10, "batch_size": 4, "gradient_accumulation": 2, "schedule": "constant",
       "warmup_steps": 0}  # fmt: skip

# knobs, rows, tokens -> rows seen, epochs, tokens seen
AMOUNTS = [
    ({}, 80, 800, (80, 1.0, 800)),
    ({}, 160, 1600, (80, 0.5, 800)),
    ({"max_steps": 100}, 80, 800, (800, 10.0, 8000)),
    ({"gradient_accumulation": 1}, 300, 3000, (40, 0.133, 400)),
]

# schedule, warm-up, steps -> share of steps below 1 % of the peak
NEARLY_ZERO = [
    ("constant", 0, 100, 0.0),
    ("constant_with_warmup", 5, 80, 0.0125),  # the first step of a warm-up has no learning rate
    ("constant_with_warmup", 0, 80, 0.0),
    ("linear", 0, 200, 0.005),  # the last step
    ("cosine", 0, 200, 0.06),  # 0.5 (1 + cos(pi x)) < 0.01 from x = 0.9362 on
    ("linear", 200, 200, 0.01),
]


@pytest.mark.parametrize(("knobs", "rows", "tokens", "expected"), AMOUNTS)
def test_rows_epochs_and_tokens(knobs, rows, tokens, expected):
    found = forecast({**ARM, **knobs}, rows, tokens)
    assert (found["rows_seen"], found["epochs"], found["tokens_seen"]) == expected


@pytest.mark.parametrize(("schedule", "warmup", "steps", "share"), NEARLY_ZERO)
def test_share_of_steps_that_train_almost_nothing(schedule, warmup, steps, share):
    arm = {**ARM, "schedule": schedule, "warmup_steps": warmup, "max_steps": steps}
    assert forecast(arm, 100, 1000)["steps_below_1_percent_of_peak_lr"] == share

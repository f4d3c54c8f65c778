"""The preflight: what a run amounts to, known before it starts."""

import pytest

from stages.auditing.preflight import forecast, forecast_rl
from stages.training.schedule import shares_of_peak

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


# The study of seed 002: 200 steps, cosine, warm-up over 0.1 of them, 16 generations
SEED = {"max_steps": 200, "schedule": "cosine", "warmup_ratio": 0.1, "lr": 2e-6,
        "generations": 16, "max_completion": 512}  # fmt: skip
SEED_ROWS = 1480


def test_what_the_seed_said_of_its_learning_rate():
    """Its "last 70 steps with an effectively zero learning rate" are eleven."""
    shares = shares_of_peak("cosine", 20, 200)
    assert shares[130] == pytest.approx(0.329, abs=5e-4)
    assert [step for step, share in enumerate(shares) if share < 0.01] == [0, *range(189, 200)]
    assert 2e-6 * shares[-1] == pytest.approx(1.5e-10, rel=0.02), "that much it said rightly"
    found = forecast({**ARM, **SEED}, 100, 1000)
    assert found["steps_below_1_percent_of_peak_lr"] == 0.06


@pytest.mark.parametrize(
    ("prompts", "seen", "epochs"),
    [
        # It claims 13.5 % of the data and "~400 prompts sampled" at once: those are these 27 %,
        (2, 400, 0.27),
        # and 13.5 % is one prompt a step: sixteen completions, the fewest that TRL takes
        (1, 200, 0.135),
    ],
)
def test_what_the_seed_said_of_its_data(prompts, seen, epochs):
    found = forecast_rl({**SEED, "prompts_per_step": prompts}, SEED_ROWS, 1000)
    assert (found["prompts_seen"], found["epochs"]) == (seen, epochs)
    assert found["completions_per_step"] == 16 * prompts


@pytest.mark.slow
def test_the_seeds_batch_of_two_completions_is_refused_by_trl(tmp_path):
    from trl import GRPOConfig

    sizes = {"per_device_train_batch_size": 2, "gradient_accumulation_steps": 1}
    with pytest.raises(ValueError, match="divisible by num_generations"):
        GRPOConfig(output_dir=str(tmp_path), num_generations=16, use_cpu=True, bf16=False, **sizes)


RL = {"prompts_per_step": 4, "generations": 8, "max_completion": 100, "lr": 1e-5,
      "schedule": "constant_with_warmup", "warmup_steps": 5, "max_steps": 50}  # fmt: skip


def test_what_a_run_by_rewards_amounts_to():
    assert forecast_rl(RL, 80, 28, vocabulary=50_000) == {
        "steps": 50,
        "prompts_per_step": 4,
        "generations": 8,
        "completions_per_step": 32,
        "prompts_seen": 200,
        "epochs": 2.5,
        "lr": 1e-5,
        "lr_by_tenths": [0.0, *[1.0] * 10],
        "steps_below_1_percent_of_peak_lr": 0.02,
        "most_tokens_generated": 50 * 32 * 100,
        "most_tokens_in_a_pass": 32 * 128,
        "logits_mb": 640,
    }


@pytest.mark.parametrize(
    ("knobs", "rows", "expected"),
    [
        # An epoch is a pass over the prompts; what fills no last step is left out
        ({"max_steps": None, "epochs": 1}, 80, {"steps": 20, "epochs": 1.0}),
        ({"max_steps": None, "epochs": 2}, 83, {"steps": 40, "prompts_seen": 160}),
        ({"max_steps": None, "epochs": 1}, 3, {"steps": 1, "prompts_seen": 4}),
        ({"completions_per_pass": 8}, 80, {"most_tokens_in_a_pass": 8 * 128}),
        ({"schedule": "cosine", "warmup_steps": 0, "max_steps": 200}, 80,
         {"lr_by_tenths": [1.0, 0.9755, 0.9045, 0.7939, 0.6545, 0.5, 0.3455, 0.2061, 0.0955,
                           0.0245, 0.0001]}),
        ({"max_steps": 3}, 80, {"lr_by_tenths": [0.0, 0.0, 0.0, 0.0, 0.2, 0.2, 0.2, 0.4, 0.4,
                                                 0.4, 0.4]}),
    ],
)  # fmt: skip
def test_steps_epochs_and_tenths_of_a_run_by_rewards(knobs, rows, expected):
    arm = {name: value for name, value in {**RL, **knobs}.items() if value is not None}
    found = forecast_rl(arm, rows, 28)
    assert {name: found[name] for name in expected} == expected
    assert "logits_mb" not in found, "of no vocabulary"

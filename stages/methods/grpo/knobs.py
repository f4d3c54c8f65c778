"""Knobs of reinforcement learning.

`batch_size` counts prompts here, times `gradient_accumulation` for those of a step. TRL's own batch
counts completions: it follows from these and `rollout.generations` (trainer.py).
"""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, model_validator

from stages.methods.grpo.rules import Rule, unknown_task
from stages.rewards import REWARDS, check_options
from stages.strict import Answer, Key, Steps, Strict, Temperature
from stages.training.knobs import Stepwise


class Rollout(Strict):
    """How a prompt is answered while training: `generations` times each."""

    generations: Annotated[int, Field(ge=2, le=1024)] = 16
    max_new_tokens: Answer = 512
    temperature: Temperature = 1.0
    top_p: Annotated[float, Field(gt=0, le=1)] = 1.0
    # loop: that of `predict`; vllm: through TRL, on a GPU, where it is installed
    engine: Literal["loop", "vllm"] = "loop"

    @model_validator(mode="after")
    def drawn(self) -> "Rollout":
        if self.temperature == 0:
            raise ValueError("temperature: set it above 0; greedy answers to one prompt are alike")
        return self


class Objective(Strict):
    """What the gradient is taken of; the defaults are Dr. GRPO's."""

    loss: Literal["dr_grpo", "grpo", "bnpo", "dapo"] = "dr_grpo"
    # none: rewards as they are; group: divided by the spread within a prompt's answers
    scale_rewards: Literal["none", "group", "batch"] = "none"
    # Weight of the KL divergence from the start point; at 0 it is not in the loss
    beta: Annotated[float, Field(ge=0, le=100)] = 0.0
    # How far the ratio of new to old probability may go before it is clipped
    clip: Annotated[float, Field(gt=0, lt=1)] = 0.2


class DevReward(Strict):
    """The rewards of greedy answers to a fixed part of dev: before training, each `every` steps
    and at the end."""

    every: Steps = 10
    # Evenly spaced by id within each task
    rows_per_task: Annotated[int, Field(gt=0, le=10_000)] = 12


def _optioned(rewards: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    for task, options in rewards.items():
        check_options(task, options)
    return rewards


# By task its options; see stages/rewards
Rewards = Annotated[
    dict[Literal[*REWARDS], dict[str, Any]], Field(min_length=1), AfterValidator(_optioned)
]


class Knobs(Stepwise):
    rewards: Rewards | None = None
    rollout: Rollout = Rollout()
    objective: Objective = Objective()
    dev_reward: DevReward = DevReward()
    rules: dict[Key, Rule] = {}
    # The last state, or the one with the highest reward on dev
    keep: Literal["last", "best"] = "last"

    @model_validator(mode="after")
    def rewarded(self) -> "Knobs":
        if self.rewards is None:
            raise ValueError("rewards: missing; name the tasks, `rewards: {TASK: {}}`")
        if self.stop is not None:
            raise ValueError("stop: is for losses; `rules` say when such a run stops")
        if wrong := unknown_task(self.rules, self.rewards):
            raise ValueError(wrong)
        return self

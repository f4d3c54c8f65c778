"""What ends a run by its declared rules, and what it shows meanwhile."""

import logging
from collections.abc import Mapping
from typing import Any

from transformers import TrainerCallback

from stages.methods.grpo import rules
from stages.methods.grpo.log import curve
from stages.training.watch import Watch

logger = logging.getLogger(__name__)


class RewardWatch(Watch):
    """A bar with the reward and the length of the step's answers beside it."""

    def on_log(self, args, state, control, logs=None, **_):
        super().on_log(args, state, control, logs=logs)
        if "reward" in (logs or {}):
            length = logs["completions/mean_length"]
            self.bar.set_postfix_str(f"reward {logs['reward']:.3f}, {length:.0f} tokens")


class Rules(TrainerCallback):
    """End the run, or say so, where a rule trips.

    It reads the log, which checkpoints keep, so that a resumed run stops where a whole one would.
    """

    def __init__(self, arm: str, declared: Mapping[str, Any], prompts: int):
        self.arm, self.declared, self.prompts = arm, declared, prompts
        self.said: set[str] = set()

    def on_log(self, args, state, control, **_):
        found = self.tripped(state)
        for one in found:
            if one["rule"] not in self.said:
                self.said.add(one["rule"])
                logger.warning("%s: %s", self.arm, in_words(one))
        if rules.stops(found):
            control.should_training_stop = True

    def ended(self, state: Any) -> bool:
        return rules.stops(self.tripped(state)) is not None

    def tripped(self, state: Any) -> list[dict[str, Any]]:
        """The rules that have tripped so far, up to the first that ends the run."""
        found = rules.tripped(self.declared, curve(state.log_history, self.prompts))
        end = rules.stops(found)
        return found if end is None else found[: found.index(end) + 1]


def in_words(one: Mapping[str, Any]) -> str:
    done = "the run ends here" if one["action"] == "stop" else "the run goes on"
    return (
        f"rule {one['rule']}: {one['figure']} is {one['value']:.4g} at step {one['step']}; {done}"
    )

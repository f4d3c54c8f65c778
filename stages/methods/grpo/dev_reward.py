"""What greedy answers to a fixed part of dev are rewarded, while training goes on."""

import json
import math
import shutil
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from peft import get_peft_model_state_dict
from tqdm import tqdm
from transformers import TrainerCallback

from stages.methods.grpo.player import Player, Weights
from stages.methods.grpo.rewarding import Row, score
from stages.training.finishing import BEST, STEP

# Answers that are given at once; rows whose drift from the start is measured, and of those at once
BATCH, DRIFTED, TOGETHER = 64, 16, 8


class DevReward(TrainerCallback):
    """Log `dev_reward`, by task too, and `dev_kl`; keep the weights with the highest reward.

    Before the first step, each `every` steps and at the last. `dev_rows` has each row's task and
    reward, so that differences between steps can have intervals.
    """

    def __init__(self, trainer: Any, player: Player, plan: Mapping[str, Any], rows: Sequence[Row]):
        self.trainer, self.player = trainer, player
        self.every = plan["dev_reward"]["every"]
        self.tasks = plan["rewards"]
        self.greedy = {**plan["rollout"], "temperature": 0.0}
        self.rows = part(rows, plan["dev_reward"]["rows_per_task"], self.tasks)
        self.start = copied(trainer.model)

    def on_train_begin(self, args, state, control, **_):
        if state.global_step == 0:
            self.log(state)

    def on_step_end(self, args, state, control, **_):
        if state.global_step % self.every == 0 or state.global_step == state.max_steps:
            self.log(state)

    def log(self, state: Any) -> None:
        """Measure where the run stands, unless that was done."""
        step = state.global_step
        earlier = {entry["step"]: entry["dev_reward"] for entry in measured(state.log_history)}
        if step in earlier:
            return
        found = self.measure()
        state.log_history.append({"step": step, **found})
        tqdm.write(f"{self.trainer.name}: step {step}: {summary(found)}")
        if found["dev_reward"] > max(earlier.values(), default=-math.inf):
            self.keep(Path(self.trainer.args.output_dir), step)

    def measure(self) -> dict[str, Any]:
        """Mean rewards, their rows, and nats per token between the policy and where it started."""
        prompts = [row.prompt_ids for row in self.rows]
        self.player.follow(get_peft_model_state_dict(self.trainer.model))
        answers = self.player.answer(prompts, self.greedy, BATCH)
        rewards = score(self.rows, [self.player.text(ids) for ids in answers], self.tasks)
        drift = self.drift(prompts, answers)
        by_task: dict[str, list[float]] = {}
        for row, reward in zip(self.rows, rewards, strict=True):
            by_task.setdefault(row.task, []).append(reward)
        return {
            "dev_reward": mean(rewards),
            **{f"dev_reward_{task}": mean(found) for task, found in sorted(by_task.items())},
            "dev_kl": drift,
            "dev_rows": {
                row.id: [row.task, round(reward, 4)]
                for row, reward in zip(self.rows, rewards, strict=True)
            },
        }

    def drift(self, prompts: list[list[int]], answers: list[list[int]]) -> float:
        """Mean KL divergence of the policy from its start point, at each token of some answers."""
        now = copied(self.trainer.model)
        total, tokens = 0.0, 0
        places = range(0, len(prompts), max(1, len(prompts) // DRIFTED))
        # A few at a time: each has the whole vocabulary at each of its tokens
        for start in range(0, len(places), TOGETHER):
            some = places[start : start + TOGETHER]
            asked, said = [prompts[place] for place in some], [answers[place] for place in some]
            self.player.follow(now)
            after = self.player.next_logs(asked, said)
            self.player.follow(self.start)
            before = self.player.next_logs(asked, said)
            for one, other in zip(after, before, strict=True):
                total += float((one.exp() * (one - other)).sum())
                tokens += len(one)
        return round(max(0.0, total) / tokens, 6)

    def keep(self, scratch: Path, step: int) -> None:
        made = scratch / f"{BEST}.partial"
        shutil.rmtree(made, ignore_errors=True)
        self.trainer.model.save_pretrained(made)
        (made / STEP).write_text(json.dumps(step), encoding="utf-8")
        shutil.rmtree(scratch / BEST, ignore_errors=True)
        made.rename(scratch / BEST)


def copied(model: Any) -> Weights:
    return {name: tensor.clone() for name, tensor in get_peft_model_state_dict(model).items()}


def measured(history: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The entries of a run's log that have the reward on dev."""
    return [entry for entry in history if "dev_reward" in entry]


def part(rows: Sequence[Row], wanted: int, tasks: Iterable[str]) -> list[Row]:
    """Of each task so many rows, evenly spaced by id."""
    chosen = []
    for task in tasks:
        own = sorted((row for row in rows if row.task == task), key=lambda row: row.id)
        count = min(wanted, len(own))
        chosen += [own[place * len(own) // count] for place in range(count)]
    return chosen


def mean(values: Sequence[float]) -> float:
    return round(math.fsum(values) / len(values), 6)


def summary(found: Mapping[str, Any]) -> str:
    """The figures of one measurement as a line."""
    tasks = ", ".join(
        f"{name.removeprefix('dev_reward_')} {value:.3f}"
        for name, value in found.items()
        if name.startswith("dev_reward_")
    )
    return f"reward on dev {found['dev_reward']:.3f} ({tasks}), KL {found['dev_kl']:.4f}"

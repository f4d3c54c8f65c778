"""Toy rows with a task that a program can reward, and a plan that learns it by GRPO."""

import pytest

from stages import made, paths, records
from stages.formats import FORMATS
from stages.methods.grpo import run
from tests.conftest import KNOBS, toy_rows
from tests.methods.conftest import KEYS, RENDER, STUDY

ARM = "toy-g"
START = "toy-s0"
LEFT_OUT = ("decode", "max_truncated_share", "loss_on", "max_length")
PLAN = {
    **{k: v for k, v in KNOBS.items() if k not in LEFT_OUT},
    **KEYS,
    "arm": ARM,
    "method": "grpo",
    "start_from": START,
    "schedule": "constant",
    "lr": 1e-2,
    "max_steps": 4,
    "batch_size": 2,
    "save_steps": 2,
    "precision": "fp32",
    "rewards": {"push": {}},
    "rollout": {
        "generations": 4,
        "max_new_tokens": 8,
        "temperature": 1.0,
        "top_p": 1.0,
        "engine": "loop",
    },
    "objective": {"loss": "dr_grpo", "scale_rewards": "none", "beta": 0.0, "clip": 0.2},
    "dev_reward": {"every": 2, "rows_per_task": 4},
    "rules": {},
    "keep": "last",
    "pins": {"torch": "any"},
}


def letters(completions, *, category, **_) -> list[float | None]:
    """A reward that a toy can come by: the share of plain letters."""
    return [
        sum(c.isascii() and c.isalpha() for c in text) / max(1, len(text))
        if task == "push"
        else None
        for text, task in zip(completions, category, strict=True)
    ]


@pytest.fixture
def shop(ground, monkeypatch):
    """The toy's rows as rows of the task push, and an untouched base to start from."""
    monkeypatch.setattr("stages.methods.grpo.rewarding.REWARDS", {"push": letters})
    rows = [
        {
            "id": f"r{number:02}",
            "input": row["en"],
            "target": row["ja"],
            "category": "push",
            "facts": {},
            "turns": [{"role": "user", "content": row["en"]}],
        }
        for number, row in enumerate(toy_rows(34))
    ]
    for split, part in (("train", rows[:24]), ("dev", rows[24:])):
        records.write(paths.split(STUDY, split), part)
        rendered = [{"id": row["id"], **FORMATS["chat"](row, None)} for row in part]
        records.write(paths.rendered(STUDY, RENDER, split), rendered)
    made.nothing({"arm": START, "method": "none"}, *places(START))
    return ground


def places(arm: str):
    return paths.adapter(STUDY, arm), paths.training_log(STUDY, arm)


def trained(**changes) -> dict:
    """What a run of the plan with these changes recorded."""
    plan = {**PLAN, **changes}
    run.train(plan, *places(plan["arm"]))
    return records.read_json(paths.training_log(STUDY, plan["arm"]) / "training.json")

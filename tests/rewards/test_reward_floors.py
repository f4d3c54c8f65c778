"""The shop's own rows, rewarded and judged: references win, and what is no answer loses."""

import functools
from collections import defaultdict

import pytest

from stages.floors import FLOORS
from stages.metrics import METRICS
from stages.rewards import REWARDS, score
from stages.sources import shop

TASKS = tuple(REWARDS)
STRICT = ("record_exact", "sql_equivalent", "figures_supported", "push_sendable", "solved_rate")
# What silence, a copy, one answer for all and another's answer reach at most, by reward
MOST = {
    "empty": dict.fromkeys(TASKS, 0.0),
    "copy": dict.fromkeys(TASKS, 0.0),
    "prompt": dict.fromkeys(TASKS, 0.0),
    "constant": {"extraction": 0.4, "sql_qa": 0.2, "insights": 0.2, "push": 0.1},
    "nearest": {"extraction": 0.45, "sql_qa": 0.25, "insights": 0.25, "push": 0.25},
}


@functools.cache
def examples(seed: int) -> list[dict]:
    counts = {"extraction": 40, "sql_qa": 40, "insights": 20, "push": 40}
    prompts = dict.fromkeys(("train", "evaluation", "test"), counts)
    return shop.read({"seed": seed, "customers": 300, "prompts": prompts})


def answered(floor: str) -> list[dict]:
    """The evaluation rows, each with the floor's answer out of its task's train rows."""
    found = []
    for task in TASKS:
        train, rows = (
            [row for row in examples(5) if row["origin"] == part and row["category"] == task]
            for part in ("train", "evaluation")
        )
        said = (
            [{"text": row["turns"][0]["content"]} for row in rows]
            if floor == "prompt"
            else FLOORS[floor](rows, train)
        )
        found += [row | answer for row, answer in zip(rows, said, strict=True)]
    return found


@pytest.mark.parametrize("seed", [5, 6, 7])
def test_every_reference_is_rewarded_in_full_and_right_by_every_metric(seed):
    rows = [row | {"text": row["target"]} for row in examples(seed)]
    short = [row["target"] for row, reward in zip(rows, score(rows), strict=True) if reward < 1]
    assert not short
    for name in ("reward", *STRICT):
        vectors = METRICS[name].statistics(rows)
        wrong = [
            row["target"]
            for row, vector in zip(rows, vectors, strict=True)
            if vector is not None and vector[0] < 1
        ]
        assert not wrong, name
        assert any(vector is not None for vector in vectors)


@pytest.mark.parametrize("floor", MOST)
def test_what_is_no_answer_is_hardly_rewarded(floor):
    rewards = defaultdict(list)
    rows = answered(floor)
    for row, reward in zip(rows, score(rows), strict=True):
        rewards[row["category"]].append(reward)
    means = {task: sum(found) / len(found) for task, found in rewards.items()}
    assert {task for task in TASKS if means[task] > MOST[floor][task]} == set(), means


@pytest.mark.parametrize("floor", MOST)
@pytest.mark.parametrize("name", STRICT)
def test_what_is_no_answer_solves_nothing(floor, name):
    solved = [vector for vector in METRICS[name].statistics(answered(floor)) if vector]
    assert solved and sum(vector[0] for vector in solved) <= 0.03 * len(solved)

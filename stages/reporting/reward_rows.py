"""Intervals of the rewards on dev at each step, out of their rows."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from scipy import special

from stages import paths, records
from stages.curves import EVALUATED
from stages.verdicts.significance import ALPHA, FEWEST_GROUPS

PREFIX = "dev_reward"
Bands = dict[str, dict[int, tuple[float, float]]]


def bands(study: str, arm: str) -> Bands:
    """By figure and step the 95 % interval of a mean reward; none of too few rows."""
    evaluated = records.read_json(paths.parts(study, arm)).get(EVALUATED, {})
    if not evaluated:
        return {}
    rows = records.read(paths.row_statistics(study, arm), {"id": str, "group": str})
    groups = {row["id"]: row["group"] for row in rows}
    found: Bands = {}
    for step, tasks in evaluated.items():
        every = {key: value for own in tasks.values() for key, value in own.items()}
        own = {f"{PREFIX}_{task}": rewards for task, rewards in tasks.items()}
        for figure, rewards in {PREFIX: every, **own}.items():
            if interval := of_mean(rewards, groups):
                found.setdefault(figure, {})[int(step)] = interval
    return found


def of_mean(rewards: Mapping[str, float], groups: Mapping[str, Any]) -> tuple[float, float] | None:
    """A t interval of a mean of rewards, near-duplicates counting once; within 0 and 1.

    For a picture: what a hypothesis rests on is the bootstrap's.
    """
    mean = sum(rewards.values()) / len(rewards)
    apart: dict[Any, float] = {}
    for key, value in rewards.items():
        group = groups.get(key, key)
        apart[group] = apart.get(group, 0.0) + value - mean
    count = len(apart)
    if count < FEWEST_GROUPS:
        return None
    spread = np.sqrt(count / (count - 1) * np.square(list(apart.values())).sum()) / len(rewards)
    reach = float(special.stdtrit(count - 1, 1 - ALPHA / 2) * spread)
    return max(0.0, mean - reach), min(1.0, mean + reach)

"""Reinforcement learning of a LoRA adapter: rewards of its own answers, compared within groups.

GRPO (Shao et al., 2024, arXiv:2402.03300), by default as Dr. GRPO has it (Liu et al., 2025,
arXiv:2503.20783): no division by a group's spread, none by an answer's length.
"""

from pathlib import Path
from typing import Any

from stages.methods.grpo.knobs import Knobs
from stages.methods.method import Method


def make(plan: dict[str, Any], folder: Path, log: Path) -> None:
    from stages.methods.grpo.run import train  # torch takes a second, which planning can't use

    train(plan, folder, log)


METHOD = Method(make, "reinforced", knobs=Knobs, trains=True, explores=True, adapts=True)

"""Supervised fine-tuning of a LoRA adapter on the rendered rows."""

from pathlib import Path
from typing import Any

from stages.methods.method import Method
from stages.methods.sft.knobs import Knobs


def make(plan: dict[str, Any], folder: Path, log: Path) -> None:
    from stages.methods.sft.run import train  # torch takes a second, which planning has no use for

    train(plan, folder, log)


METHOD = Method(make, "trained", knobs=Knobs, trains=True, adapts=True)

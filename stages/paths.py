"""Every path that the pipeline reads or writes, relative to the repository root.

A stage runs in the root (DVC sees to that), so the paths need no prefix and lock files stay
the same on every machine.
"""

import os
from pathlib import Path

PARAMS = Path("params.yaml")
PIPELINE = Path("dvc.yaml")
PLAN = Path("plan")
CONSTRAINTS = Path("constraints.txt")


def plan(stage: str, key: str) -> Path:
    return PLAN / stage / f"{key}.json"


def scratch() -> Path:
    """Checkpoints and downloads: outside DVC's outputs, shared by `dvc exp run --temp` workspaces.

    DVC deletes a stage's outputs before it runs, so nothing that must survive a kill may lie there.
    DVC_ROOT is the parent repository even where DVC runs the stage in a temporary copy.
    """
    return Path(os.environ.get("DVC_ROOT", ".")) / ".scratch"


def base(name: str) -> Path:
    return Path("models/base") / name


def manifest(study: str, split: str, version: str) -> Path:
    return Path("data/manifests") / study / f"{split}-{version}.json"


def split(study: str, name: str) -> Path:
    return Path("data/splits") / study / f"{name}.jsonl"


def rendered(study: str, render: str, split_name: str) -> Path:
    return Path("data/rendered") / study / render / f"{split_name}.jsonl"


def validated(study: str, render: str) -> Path:
    return Path("data/validated") / study / f"{render}.json"


def audit(study: str) -> Path:
    return Path("metrics/audit") / f"{study}.json"


def adapter(study: str, arm: str) -> Path:
    return Path("models/adapters") / study / arm


def training_log(study: str, arm: str) -> Path:
    return Path("models/logs") / study / arm


def predictions(study: str, arm: str) -> Path:
    return Path("data/predictions") / study / arm / "dev.jsonl"


def prediction_cost(study: str, arm: str) -> Path:
    return Path("data/predictions") / study / arm / "cost.json"


def quality(study: str, arm: str) -> Path:
    return Path("metrics/quality") / study / f"{arm}.json"


def row_statistics(study: str, arm: str) -> Path:
    return Path("metrics/rows") / study / f"{arm}.jsonl"


def cost(study: str, arm: str) -> Path:
    return Path("metrics/cost") / study / f"{arm}.json"


def training(study: str, arm: str) -> Path:
    return Path("metrics/training") / study / f"{arm}.json"


def curve(study: str, arm: str) -> Path:
    return Path("metrics/curves") / study / f"{arm}.csv"


def report(study: str, suffix: str) -> Path:
    return Path("reports") / f"{study}.{suffix}"

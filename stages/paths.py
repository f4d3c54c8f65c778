"""Every path that the pipeline reads or writes, relative to the repository root.

A stage runs in the root (DVC sees to that), so the paths need no prefix and lock files stay
the same on every machine.
"""

import os
from pathlib import Path

PARAMS = Path("params.yaml")
PIPELINE = Path("dvc.yaml")
LOCK = Path("dvc.lock")
PLAN = Path("plan")
STUDIES = Path("studies")
CONSTRAINTS = Path("constraints.txt")
COMET_CONSTRAINTS = Path("constraints-comet.txt")


def plan(stage: str, key: str) -> Path:
    return PLAN / stage / f"{key}.json"


def study_file(name: str) -> Path:
    """Where a study that was begun by `stages.new` stands; other files may hold several."""
    return STUDIES / f"{name}.yaml"


def scratch() -> Path:
    """Checkpoints and downloads: outside DVC's outputs, shared by `dvc exp run --temp` workspaces.

    DVC deletes a stage's outputs before it runs, so nothing that must survive a kill may lie there.
    DVC_ROOT is the parent repository even where DVC runs the stage in a temporary copy.
    """
    return Path(os.environ.get("DVC_ROOT", ".")) / ".scratch"


def writer(kind: str, name: str) -> Path:
    """The lock of who writes these outputs: of this workspace, also where it is such a copy."""
    return Path(".scratch/locks") / f"{kind}-{name}"


def comet_environment() -> Path:
    """Where `make comet` installs, also for DVC's temporary copies of the repository."""
    return Path(os.environ.get("DVC_ROOT", ".")) / ".venv-comet"


def base(name: str) -> Path:
    return Path("models/base") / name


def manifest(study: str, split: str, version: str) -> Path:
    return Path("data/manifests") / study / f"{split}-{version}.json"


def unfinished_freeze(study: str) -> Path:
    """The manifests of a freeze while it is under way."""
    return Path("data/manifests") / study / "unfinished.json"


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


def answered_again(study: str, arm: str) -> Path:
    """Some of the answers once more, in other batches: the noise of answering."""
    return Path("data/predictions") / study / arm / "again.jsonl"


def prediction_cost(study: str, arm: str) -> Path:
    return Path("data/predictions") / study / arm / "cost.json"


def scores(study: str, arm: str, scorer: str) -> Path:
    """Scores per row that a stage of its own computed, beside the answers."""
    return Path("data/predictions") / study / arm / f"{scorer}.jsonl"


def score_card(study: str, arm: str, scorer: str) -> Path:
    return Path("data/predictions") / study / arm / f"{scorer}.json"


def kept(study: str, arm: str, file: str) -> Path:
    """What git keeps of an arm's run: answers, cost, training log, scores made apart."""
    return Path("data/answers") / study / arm / file


def kept_rows(study: str) -> Path:
    """The dev rows that the answers belong to, in git beside them."""
    return Path("data/answers") / study / "dev.jsonl"


def kept_test(study: str) -> Path:
    """Who met the test split, its rows and all answers to them; without rows while it is closed."""
    return Path("data/answers") / study / "test"


def floors(study: str) -> str:
    """The name under which a study's floors lie together where an arm's would."""
    return f"{study}-floors"


def parts(study: str, arm: str) -> Path:
    """What an arm's scores are made of: by metric and part [achieved, possible].

    Of an arm that was evaluated while it trained, the rewards of those rows as well.
    """
    return Path("metrics/parts") / study / f"{arm}.json"


def quality(study: str, arm: str) -> Path:
    return Path("metrics/quality") / study / f"{arm}.json"


def row_statistics(study: str, arm: str) -> Path:
    return Path("metrics/rows") / study / f"{arm}.jsonl"


def floor_quality(study: str) -> Path:
    return Path("metrics/floors") / f"{study}.json"


def floor_rows(study: str) -> Path:
    return Path("metrics/floor_rows") / f"{study}.jsonl"


def comparisons(study: str) -> Path:
    return Path("metrics/comparisons") / f"{study}.json"


def hypotheses(study: str) -> Path:
    return Path("metrics/hypotheses") / f"{study}.json"


def promoted(study: str) -> Path:
    return Path("models/promoted") / study


def promotion(study: str) -> Path:
    return Path("metrics/promotion") / f"{study}.json"


def chosen(study: str) -> Path:
    """Who was promoted, with which weights, and how they answer: what the test split waits for."""
    return Path("metrics/chosen") / f"{study}.json"


def tested(study: str) -> Path:
    return Path("data/tested") / study


def test_quality(study: str) -> Path:
    return Path("metrics/test") / f"{study}.json"


def looks(study: str) -> Path:
    return Path("data/looks") / f"{study}.jsonl"


def cost(study: str, arm: str) -> Path:
    return Path("metrics/cost") / study / f"{arm}.json"


def training(study: str, arm: str) -> Path:
    return Path("metrics/training") / study / f"{arm}.json"


def curve(study: str, arm: str) -> Path:
    return Path("metrics/curves") / study / f"{arm}.csv"


def report(study: str, suffix: str) -> Path:
    return Path("reports") / f"{study}.{suffix}"

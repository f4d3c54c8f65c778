"""A toy base and toy rows where the methods look for them, and a plan that trains on those."""

import json
import shutil
from pathlib import Path

import pytest

from stages import paths, records
from stages.fetch_base import model_digest
from stages.formats import FORMATS
from tests.conftest import KNOBS, toy_rows

ARM, STUDY, RENDER = "toy-a", "toy", "toy-chat"
KEYS = {"arm": ARM, "study": STUDY, "base": "toy", "render": RENDER}
PLAN = {
    **{k: v for k, v in KNOBS.items() if k not in ("decode", "max_truncated_share")},
    **KEYS,
    "method": "sft",
    "schedule": "constant",
    "lr": 1e-2,
    "max_length": 384,
    "loss_on": "completion",
    "precision": "fp32",
    "keep": "last",
    "pins": {"torch": "any"},
}


@pytest.fixture
def ground(tmp_path, monkeypatch, toy_base) -> Path:
    """The folder that a stage runs in: base, rendered rows, nothing else."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DVC_ROOT", raising=False)
    base = paths.base("toy")
    shutil.copytree(toy_base, base)
    identity = {"name": "toy", "identity": "toy/base", "licence": "none"}
    records.write_json(base / "base.json", {**identity, "sha256": model_digest(base)})
    rows = [
        {"id": f"r{number:02}", "input": row["en"], "target": row["ja"]}
        for number, row in enumerate(toy_rows(34))
    ]
    for split, part in (("train", rows[:24]), ("dev", rows[24:])):
        rendered = [{"id": row["id"], **FORMATS["chat"](row, "Translate.")} for row in part]
        records.write(paths.rendered(STUDY, RENDER, split), rendered)
    return tmp_path


def write_plan(stage: str, plan: dict) -> None:
    path = paths.plan(stage, plan["arm"])
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(plan))

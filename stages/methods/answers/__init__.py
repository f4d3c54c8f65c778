"""Answers from elsewhere: a closed model's, another trainer's, a rule's. No model is loaded."""

import shutil
from pathlib import Path
from typing import Any

from stages import made, records
from stages.methods.method import Method
from stages.pinned import pinned
from stages.strict import Digest, Strict


class Written(Strict):
    """A JSONL file of {"id", "text"}, one for each row of the frozen split."""

    path: str
    sha256: Digest


class Given(Strict):
    """`test` is read when the split is opened for the arm; without it, it can't be promoted."""

    dev: Written
    test: Written | None = None


def make(plan: dict[str, Any], folder: Path, log: Path) -> None:
    """Take in the answers to dev; whether they fit its rows is seen where those are."""
    given = plan["answers"]["dev"]
    source = pinned(given["path"], given["sha256"])
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, folder / made.ANSWERS)
    records.write_json(
        folder / made.CARD,
        {
            "answers_with": made.FILE,
            "arm": plan["arm"],
            "files": {made.ANSWERS: given["sha256"]},
        },
    )
    records.write_json(log / "training.json", {"method": plan["method"], "status": "not trained"})


METHOD = Method(make, "answers from elsewhere", given=Given, generates=False)

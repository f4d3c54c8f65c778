"""Answers from elsewhere: a closed model's, another trainer's, a rule's. No model is loaded."""

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
    made.written(plan, folder, log, records.read(source, {"id": str, "text": str}))


METHOD = Method(make, "answers from elsewhere", given=Given, generates=False)

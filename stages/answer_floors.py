"""Answer a study's dev rows without a model: the floors that an arm must beat, and the reference.

Usage: python -m stages.answer_floors STUDY
"""

import logging
from typing import Any

from stages import floors, paths, records
from stages.command import run
from stages.plans import load_plan
from stages.retrieval.similarity import SIMILARITY

logger = logging.getLogger(__name__)

FIELDS = {"id": str, "input": str, "target": str}


def main(study: str) -> None:
    plan = load_plan("answer_floors", study)
    train, rows = (records.read(paths.split(study, split), FIELDS) for split in ("train", "dev"))
    answers = floors.answer(plan["floors"], rows, train)
    name = paths.floors(study)
    records.write(paths.kept(study, name, "dev.jsonl"), answers)
    records.write_json(paths.kept(study, name, "floors.json"), card(plan, answers, len(train)))
    logger.info("%s: %s", study, ", ".join(floor["name"] for floor in plan["floors"]))


def card(plan: dict[str, Any], answers: list[dict[str, Any]], train_rows: int) -> dict[str, Any]:
    """What each constant says, how the nearest row was found, what was left out and why."""
    own = {f["name"]: f["constant"] for f in plan["floors"] if f["constant"] is not None}
    said = {row["floor"]: row["text"] for row in answers if row["floor"] == "constant"}
    return {
        "constants": {**said, **own},
        "similarity": SIMILARITY,
        "train_rows": train_rows,
        "left_out": plan["left_out"],
    }


if __name__ == "__main__":
    run(main)

"""What an arm answers with, as `train` leaves it: a folder and its card, `assay.json`.

The card says how to answer (`answers_with`) and has the SHA-256 of each file that matters.
"""

from pathlib import Path
from typing import Any

from stages import records
from stages.command import UserError

CARD = "assay.json"
BASE, ADAPTER, FILE = "base", "adapter", "file"
WEIGHTS = "adapter_model.safetensors"
ANSWERS = "dev.jsonl"


def nothing(plan: dict[str, Any], folder: Path, log: Path) -> None:
    """The base answers as it is; written as `method`, so that equal arms have equal cards."""
    records.write_json(folder / CARD, {"answers_with": BASE, "arm": plan["arm"]})
    records.write_json(log / "training.json", {"method": plan["method"], "status": "not trained"})


def written(plan: dict[str, Any], folder: Path, log: Path, answers: list[dict[str, str]]) -> None:
    """Answers to dev that come written, {"id", "text"} each; predict holds them to the rows."""
    records.write(folder / ANSWERS, answers)
    files = {ANSWERS: records.file_digest(folder / ANSWERS)}
    records.write_json(folder / CARD, {"answers_with": FILE, "arm": plan["arm"], "files": files})
    records.write_json(log / "training.json", {"method": plan["method"], "status": "not trained"})


def read_card(folder: Path) -> dict[str, Any]:
    """The card of what an arm answers with; UserError where a file is not the one it names."""
    card = records.read_object(folder / CARD, {"answers_with": str})
    for name, wanted in card.get("files", {}).items():
        if not (folder / name).exists():
            raise UserError(f"{folder / name}: missing, though {folder / CARD} names it")
        if (found := records.file_digest(folder / name)) != wanted:
            raise UserError(
                f"{folder / name}: its sha256 is {found}, its card says {wanted}; it was changed "
                "after it was made; train again"
            )
    return card

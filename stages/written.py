"""Answers that came written, from a system outside: read, and held to the rows they answer."""

from collections import Counter
from pathlib import Path
from typing import Any

from stages import records
from stages.command import UserError

LISTED = 5


def read_written(path: Path, wanted: list[str]) -> list[dict[str, Any]]:
    """Answers in the form of predictions, by id; tokens are None, since no model here wrote them.

    Raises UserError unless there is one {"id", "text"} for each id in `wanted` and no other.
    """
    rows = records.read(path, {"id": str, "text": str})
    found = [row["id"] for row in rows]
    missing = sorted(set(wanted) - set(found))
    extra = sorted(set(found) - set(wanted))
    twice = sorted(key for key, count in Counter(found).items() if count > 1)
    if missing or extra or twice:
        said = (("missing", missing), ("not in the split", extra), ("twice", twice))
        parts = [f"{len(ids)} {what} ({_listed(ids)})" for what, ids in said if ids]
        raise UserError(
            f"{path}: not one answer for each row of the split: {'; '.join(parts)}. "
            "`python -m stages.prompts RENDER` prints what is to be answered"
        )
    answers = [
        {"id": row["id"], "text": row["text"]}
        | {"tokens_in": None, "tokens_out": None, "hit_limit": False}
        for row in rows
    ]
    return sorted(answers, key=lambda row: row["id"])


def _listed(ids: list[str]) -> str:
    return ", ".join(ids[:LISTED]) + (", …" if len(ids) > LISTED else "")

"""Read the plan of a stage, which `stages.plan` resolved for it (planning.py)."""

from typing import Any

from stages import paths, records
from stages.command import UserError


def load_plan(stage: str, key: str) -> dict[str, Any]:
    """Read the plan of one stage; UserError names the known keys when there is none."""
    path = paths.plan(stage, key)
    if not path.exists():
        known = sorted(file.stem for file in path.parent.glob("*.json"))
        raise UserError(
            f"{path}: no such plan; known: {', '.join(known) or 'none, run plan first'}"
        )
    return records.read_json(path)

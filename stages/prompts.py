"""Write a render's prompts, for a system outside to answer: JSONL with id and prompt, to stdout.

Usage: python -m stages.prompts RENDER [--open-test "WHY"]

The dev rows as all arms of the render are asked, chat messages or text. --open-test writes those of
the test rows in their place, and first notes in the study's ledger that they left, and why.
"""

import os
import sys
from typing import Any

from stages import looks, paths, records
from stages.command import UserError, run
from stages.plans import load_plan
from stages.render import as_asked, pool
from stages.sources.example import FIELDS


def main(key: str, split: str = "dev", open_test: str | None = None) -> None:
    plan = load_plan("render", key)
    if open_test is None:
        refuse(key, split)
        found = prompts(plan, "dev")
    elif not open_test.strip():
        raise UserError('--open-test: say why the test prompts leave: --open-test "WHY"')
    else:
        found = prompts(plan, "test")
        # Before anyone can read them: a look that the ledger lacks would be the worse mistake.
        looks.add(plan["study"], look(key, load_plan("choose", plan["study"]), found, open_test))
    try:
        sys.stdout.writelines(records.dumps(row) + "\n" for row in found)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever reads has enough, such as `head`; Python would flush once more at its end
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def refuse(key: str, split: str) -> None:
    """Raise UserError for any split but dev."""
    if split == "test":
        raise UserError(
            "--split test: test prompts leave by a noted look alone: "
            f'python -m stages.prompts {key} --open-test "WHY"'
        )
    if split != "dev":
        raise UserError(f"--split {split}: prompts are those of dev; training rows are rendered")


def prompts(plan: dict[str, Any], split: str) -> list[dict[str, Any]]:
    """A split's rows as they are asked, without their completions."""
    study = plan["study"]
    file = paths.split(study, split)
    if not file.exists():
        raise UserError(f"{file}: not here yet; run `dvc repro freeze_splits@{study}`")
    examples = records.read(file, FIELDS)
    rows = as_asked(plan, examples, pool(plan))
    return [{"id": row["id"], "prompt": row["prompt"]} for row in rows]


def look(key: str, choose: dict[str, Any], found: list[dict[str, Any]], why: str) -> dict[str, Any]:
    """What a look is known by that no arm took: the split's version, and what left."""
    sent = {"render": key, "prompts_sha256": records.digest(found), "why": why.strip()}
    return {"version": choose["version"], **sent}


if __name__ == "__main__":
    run(main)

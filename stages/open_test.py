"""Open the test split for the promoted arm and its base: answer it once, and record the look.

Usage: python -m stages.open_test STUDY

Nothing promoted, nothing read. A killed run goes on with the answers that are missing.
"""

import shutil
from pathlib import Path
from typing import Any

from stages import looks, paths, records
from stages.command import run
from stages.machine import processor
from stages.model.answering import answer_all, load, mark, prompts_of, rows_of
from stages.render import as_asked, pool, reads
from stages.scratch import workspace
from stages.sources.example import FIELDS


def main(study: str) -> None:
    promoted = paths.promoted(study)
    promotion = records.read_json(promoted / "promotion.json")
    looks.refresh(study)
    shutil.rmtree(paths.tested(study), ignore_errors=True)
    where = {} if promotion["arm"] is None else {"processor": processor()}
    records.write_json(paths.tested(study) / "promotion.json", promotion | where)
    if promotion["arm"] is None:
        return
    split = paths.split(study, "test")
    examples = records.read(split, FIELDS)
    plans = promotion["settings"]
    marks = {name: mark(plan, inputs(plan, promoted / name)) for name, plan in plans.items()}
    with workspace("test", study, records.digest(marks)[:16]) as scratch:
        answers = {
            name: answer(plan, examples, promoted / name, scratch / name)
            for name, plan in plans.items()
        }
        # Before anyone can read them: a look that the ledger lacks would be the worse mistake.
        looks.add(study, looks.look(promotion, answers))
        for name, rows in answers.items():
            records.write(paths.tested(study) / f"{name}.jsonl", rows)
        shutil.rmtree(scratch)


def inputs(plan: dict[str, Any], adapter: Path) -> list[Path]:
    """What an arm's answers are made of."""
    read = [paths.base(plan["base"]), paths.split(plan["study"], "test"), *reads(plan)]
    return read if plan["method"] == "none" else [*read, adapter]


def answer(
    plan: dict[str, Any], examples: list[dict[str, Any]], adapter: Path, scratch: Path
) -> list[dict[str, Any]]:
    """One arm's answers to the test rows, which are rendered here for the first time."""
    rendered = as_asked(plan, examples, pool(plan))
    model, tokenizer = load(plan, paths.base(plan["base"]), adapter)
    return rows_of(answer_all(plan, model, tokenizer, prompts_of(tokenizer, rendered), scratch))


if __name__ == "__main__":
    run(main)

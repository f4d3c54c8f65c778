"""Open the test split for the promoted arm and its base: answer it once, and record the look.

Usage: python -m stages.open_test STUDY

Nothing promoted, nothing read. A killed run goes on with the answers that are missing.
"""

import shutil
from pathlib import Path
from typing import Any

from stages import looks, made, paths, records
from stages.command import run
from stages.machine import machine
from stages.model.answering import answer_all, load, mark, prompts_of, rows_of
from stages.pinned import pinned
from stages.render import as_asked, pool, reads
from stages.scratch import workspace
from stages.sources.example import FIELDS
from stages.written import read_written


def main(study: str) -> None:
    promoted = paths.promoted(study)
    promotion = records.read_json(promoted / "promotion.json")
    looks.refresh(study)
    shutil.rmtree(paths.tested(study), ignore_errors=True)
    where = {} if promotion["arm"] is None else machine()
    records.write_json(paths.tested(study) / "promotion.json", promotion | where)
    if promotion["arm"] is None:
        return
    split = paths.split(study, "test")
    examples = records.read(split, FIELDS)
    plans = promotion["settings"]
    marks = {name: mark_of(plan, promoted / name) for name, plan in plans.items()}
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


def mark_of(plan: dict[str, Any], adapter: Path) -> str:
    """Fingerprint of what an arm's answers are made of."""
    split = paths.split(plan["study"], "test")
    if plan["answers_with"] == made.FILE:
        return records.digest([plan, records.file_digest(split)])
    read = [paths.base(plan["base"]), split, *reads(plan)]
    return mark(plan, [*read, adapter] if plan["answers_with"] == made.ADAPTER else read)


def answer(
    plan: dict[str, Any], examples: list[dict[str, Any]], folder: Path, scratch: Path
) -> list[dict[str, Any]]:
    """One arm's answers to the test rows, which are rendered here for the first time."""
    if plan["answers_with"] == made.FILE:
        source = pinned(plan["written"]["path"], plan["written"]["sha256"])
        return read_written(source, [example["id"] for example in examples])
    rendered = as_asked(plan, examples, pool(plan))
    adapter = folder if plan["answers_with"] == made.ADAPTER else None
    model, tokenizer = load(plan, paths.base(plan["base"]), adapter)
    return rows_of(answer_all(plan, model, tokenizer, prompts_of(tokenizer, rendered), scratch))


if __name__ == "__main__":
    run(main)

"""Put what met the test split into git: who, the rows, their answers, and the floors' beside them.

Usage: python -m stages.keep_test STUDY

Nothing promoted, nothing read. The floors are fixed by train rows alone, so that answering the test
rows with them costs no look.
"""

import shutil

from stages import floors, looks, paths, records
from stages.answer_floors import FIELDS
from stages.command import run
from stages.plans import load_plan


def main(study: str) -> None:
    tested, kept = paths.tested(study), paths.kept_test(study)
    promotion = records.read_json(tested / "promotion.json")
    looks.refresh(study)
    shutil.rmtree(kept, ignore_errors=True)  # by hand, a stage also starts from nothing
    records.write_json(kept / "promotion.json", promotion)
    if promotion["arm"] is None:
        return
    answers = {arm: records.read(tested / f"{arm}.jsonl") for arm in promotion["settings"]}
    # Answers that came out of DVC's cache are a look as well, which the test stage could not note
    looks.add(study, looks.look(promotion, answers))
    for arm, rows in answers.items():
        records.write(kept / f"{arm}.jsonl", rows)
    rows = records.read(paths.split(study, "test"), FIELDS)
    train = records.read(paths.split(study, "train"), FIELDS)
    records.write(kept / "rows.jsonl", rows)
    declared = load_plan("answer_floors", study)["floors"]
    records.write(kept / "floors.jsonl", floors.answer(declared, rows, train))


if __name__ == "__main__":
    run(main)

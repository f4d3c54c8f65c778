"""Let a language model judge one arm's saved answers: by criteria, and against another arm's.

Usage: python -m stages.judge ARM|STUDY-floors

Off unless the study's file has a map `judge`. An arm that is compared with itself is an A/A
control: its win rate is 0.5 by a judge that is asked as it should be.
"""

import shutil
from typing import Any

from stages import paths, records
from stages.command import run
from stages.judging.address import check_address
from stages.judging.asking import ask_all
from stages.judging.outcome import check_failed, counts, scores
from stages.judging.questions import questions, signature
from stages.plans import load_plan
from stages.scoring.joining import beside, join
from stages.scratch import workspace

EXAMPLE = {"id": str, "input": str}
PREDICTION = {"id": str, "text": str}
# What is known of an answer beside its text, and nothing of a judge's.
ANSWERED = ("floor", "from", "similarity", "tokens_in", "tokens_out", "hit_limit")


def main(arm: str) -> None:
    plan = load_plan("judge", arm)
    study, settings = plan["study"], plan["judge"]
    check_address(settings["base_url"])
    rows = paired(study, arm, plan["against"])
    asked_for = questions(rows, settings, plan.get("instruction"))
    with workspace("judge", arm, records.digest([plan, rows])[:16]) as scratch:
        asked = ask_all(asked_for, settings, arm)
        check_failed(asked_for, asked, settings, scratch / "failed.jsonl")
        records.write(paths.scores(study, arm, "judge"), scores(asked_for, asked))
        card = {
            "signature": signature(settings, plan["against"]),
            "model": settings["model"],
            "base_url": settings["base_url"],
            **counts(asked_for, asked, settings),
        }
        records.write_json(paths.score_card(study, arm, "judge"), card)
        shutil.rmtree(scratch)


def paired(study: str, arm: str, against: str) -> list[dict[str, Any]]:
    """Each dev example with the arm's answer as `text` and the other arm's as `other`, by id."""
    examples = records.read(paths.kept_rows(study), EXAMPLE)
    place, other = (paths.kept(study, name, "dev.jsonl") for name in (arm, against))
    rows = beside(examples, records.read(place, PREDICTION), str(place))
    joined = join(examples, records.read(other, PREDICTION), str(other))
    texts = {row["id"]: row["text"] for row in joined}
    return [
        {**{key: row[key] for key in row if key not in ANSWERED}, "other": texts[row["of"]]}
        for row in rows
    ]


if __name__ == "__main__":
    run(main)

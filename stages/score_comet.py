"""Score one arm's saved answers with COMET, row by row, in an environment of its own.

Usage: python -m stages.score_comet ARM|STUDY-floors

Off unless the study's file has a map `score_comet`; `make comet` sets the environment up.
"""

import logging

from stages import paths, records
from stages.command import UserError, run
from stages.plans import load_plan
from stages.scoring.comet import comet_scores
from stages.scoring.joining import beside

logger = logging.getLogger(__name__)

EXAMPLE = {"id": str, "input": str, "target": str}
PREDICTION = {"id": str, "text": str}


def main(arm: str) -> None:
    plan = load_plan("score_comet", arm)
    study, settings = plan["study"], plan["comet"]
    examples = records.read(paths.kept_rows(study), EXAMPLE)
    place = paths.kept(study, arm, "dev.jsonl")
    rows = beside(examples, records.read(place, PREDICTION), str(place))
    logger.info("%s: scoring %d answers with %s", arm, len(rows), settings["model"])
    card, scores = comet_scores(settings, rows)
    if card["unscored"] == len(rows):
        raise UserError(f"{settings['model']}: no finite score for any row; a broken checkpoint?")
    if card["unscored"]:
        logger.warning("%s: COMET left %d rows unscored", arm, card["unscored"])
    records.write(paths.scores(study, arm, "comet"), scores)
    records.write_json(paths.score_card(study, arm, "comet"), card)


if __name__ == "__main__":
    run(main)

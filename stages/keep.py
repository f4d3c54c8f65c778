"""Put a study's dev rows, an arm's answers or an arm's scores into git, for all stages that follow.

Usage: python -m stages.keep STUDY [ARM [SCORER]]

DVC's cache does not travel with git, and another processor gives other answers. What follows from
answers reads these copies: a new metric or another rule needs no model. With a study's name alone
its dev rows are kept, with an arm's its answers, cost and training log, with a scorer's its scores.
"""

import logging
import subprocess
from pathlib import Path

from stages import paths, records
from stages.command import run
from stages.plans import load_plan

logger = logging.getLogger(__name__)

# Rows of a study that does not publish them lie in the same place, where git passes over them.
PRIVATE = "# Written by stages.keep: this study's rows are not published.\n*\n"


def main(study: str, arm: str = "", scorer: str = "") -> None:
    if scorer:
        sources = {
            f"{scorer}.jsonl": paths.scores(study, arm, scorer),
            f"{scorer}.json": paths.score_card(study, arm, scorer),
        }
        keep({paths.kept(study, arm, name): source for name, source in sources.items()})
    elif arm:
        log = paths.training_log(study, arm)
        sources = {
            "dev.jsonl": paths.predictions(study, arm),
            "cost.json": paths.prediction_cost(study, arm),
            "training.json": log / "training.json",
            "log.jsonl": log / "log.jsonl",
        }
        keep({paths.kept(study, arm, name): source for name, source in sources.items()})
    else:
        keep({paths.kept_rows(study): paths.split(study, "dev")})
        shield(study, load_plan("keep", study)["publish"])


def keep(copies: dict[Path, Path]) -> None:
    """Copy each file from its source; an untouched base has no log, and keeps an empty one."""
    for target, source in copies.items():
        missing = source.name == "log.jsonl" and not source.exists()
        records.write_text(target, "" if missing else "\n".join(records.lines(source)))


def shield(study: str, publish: str) -> None:
    """Have git pass over a study's folder of answers unless its rows are published whole."""
    folder = paths.kept_rows(study).parent
    mark = folder / ".gitignore"
    if publish == "all":
        mark.unlink(missing_ok=True)
        return
    records.write_text(mark, PRIVATE)
    words = ["git", "ls-files", "--", folder]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.stdout:
        logger.warning(
            "%s: git has rows of %s from before; `git rm -r --cached %s` takes them out of the "
            "next commit, and its history keeps them",
            *(folder, study, folder),
        )


if __name__ == "__main__":
    run(main)

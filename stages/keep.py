"""Put a study's dev rows, an arm's answers or an arm's scores into git, for all stages that follow.

Usage: python -m stages.keep STUDY [ARM [SCORER]]

DVC's cache does not travel with git, and another processor gives other answers. What follows from
answers reads these copies: a new metric or another rule needs no model. With a study's name alone
its dev rows are kept, with an arm's its answers (some of them twice), cost and training log, with a
scorer's its scores.
"""

from pathlib import Path

from stages import paths, records
from stages.command import run


def main(study: str, arm: str = "", scorer: str = "") -> None:
    if scorer:
        sources = {
            f"{scorer}.jsonl": paths.scores(study, arm, scorer),
            f"{scorer}.json": paths.score_card(study, arm, scorer),
        }
    elif arm:
        log = paths.training_log(study, arm)
        sources = {
            "dev.jsonl": paths.predictions(study, arm),
            "again.jsonl": paths.answered_again(study, arm),
            "cost.json": paths.prediction_cost(study, arm),
            "training.json": log / "training.json",
            "log.jsonl": log / "log.jsonl",
        }
    else:
        keep({paths.kept_rows(study): paths.split(study, "dev")})
        return
    keep({paths.kept(study, arm, name): source for name, source in sources.items()})


def keep(copies: dict[Path, Path]) -> None:
    """Copy each file from its source; without training there is no log, but one without rows."""
    for target, source in copies.items():
        missing = source.name == "log.jsonl" and not source.exists()
        text = "" if missing else "\n".join(records.lines(source))
        # A line feed: dvc warns of files that hold nothing at all.
        records.write_text(target, text or "\n")


if __name__ == "__main__":
    run(main)

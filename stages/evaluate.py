"""Score one arm's saved predictions with the metrics that its study names.

Usage: python -m stages.evaluate ARM
"""

from stages import paths, records
from stages.command import run
from stages.curves import write_curve
from stages.joining import add_scores
from stages.metrics import SCORED_APART
from stages.plans import load_plan
from stages.scoring import answered, check_files, score_rows


def main(arm: str) -> None:
    plan = load_plan("evaluate", arm)
    study = plan["study"]
    check_files(plan["files"])
    rows = answered(paths.split(study, "dev"), paths.predictions(study, arm))
    metrics = plan["metrics"]
    for name in [name for name in metrics if name in SCORED_APART]:
        rows = add_scores(rows, name, paths.scores(study, arm, name))
        card = records.read_json(paths.score_card(study, arm, name))
        metrics[name] = {"scored_by": card["signature"]}
    summary, statistics = score_rows(rows, metrics)
    records.write_json(paths.quality(study, arm), summary)
    records.write(paths.row_statistics(study, arm), statistics)
    # Cost and training are measured by cached stages; they get into git from here, each in a
    # file of its own, so that a noisy latency never hides in a quality diff.
    records.write_json(paths.cost(study, arm), records.read_json(paths.prediction_cost(study, arm)))
    log = paths.training_log(study, arm)
    records.write_json(paths.training(study, arm), records.read_json(log / "training.json"))
    curve = log / "log.jsonl"
    write_curve(paths.curve(study, arm), records.read(curve) if curve.exists() else [])


if __name__ == "__main__":
    run(main)

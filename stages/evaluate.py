"""Score one arm's saved predictions with the metrics that its study names.

Usage: python -m stages.evaluate ARM
"""

from typing import Any

from stages import paths, records
from stages.command import run
from stages.curves import second_half_loss, write_curve
from stages.joining import add_scores, probe_rows
from stages.metrics import METRICS
from stages.plans import load_plan
from stages.scoring import Metrics, answered, check_files, score_rows

# Measured on texts of its own, which are rows beside those of the dev split.
PROBE = "drift"


def main(arm: str) -> None:
    plan = load_plan("evaluate", arm)
    study = plan["study"]
    check_files(plan["files"])
    summary, statistics = score(study, arm, signed(plan), plan.get("slice_by"))
    records.write_json(paths.quality(study, arm), summary)
    records.write(paths.row_statistics(study, arm), statistics)
    # Cost and training are measured by cached stages; they get into git from here, each in a
    # file of its own, so that a noisy latency never hides in a quality diff.
    records.write_json(paths.cost(study, arm), records.read_json(paths.prediction_cost(study, arm)))
    log = paths.training_log(study, arm)
    curve = records.read(log / "log.jsonl") if (log / "log.jsonl").exists() else []
    training = records.read_json(log / "training.json")
    loss = {"second_half_loss_mean": second_half_loss(curve)} if curve else {}
    records.write_json(paths.training(study, arm), {**training, **loss})
    write_curve(paths.curve(study, arm), curve)


def signed(plan: dict[str, Any]) -> Metrics:
    """The plan's metrics with their options: of those scored apart, what scored them."""
    metrics = {}
    for name, options in plan["metrics"].items():
        scorer = METRICS[name].scorer
        if scorer:
            card = records.read_json(paths.score_card(plan["study"], plan["arm"], scorer))
            options = {"scored_by": card["signature"]}
        metrics[name] = options
    return metrics


def score(
    study: str, arm: str, metrics: Metrics, slice_by: str | None
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Summary and row statistics of the dev split, then those of the drift's own texts, if any."""
    rows = answered(paths.split(study, "dev"), paths.predictions(study, arm), slice_by)
    probes = {name: opts for name, opts in metrics.items() if METRICS[name].scorer == PROBE}
    others = {name: opts for name, opts in metrics.items() if name not in probes}
    for scorer in {METRICS[name].scorer for name in others} - {""}:
        rows = add_scores(rows, scorer, paths.scores(study, arm, scorer))
    summary, statistics = score_rows(rows, others, slice_by)
    if probes:
        texts = probe_rows(PROBE, paths.scores(study, arm, PROBE))
        probed, more = score_rows(texts, probes)
        return summary | probed, statistics + more
    return summary, statistics


if __name__ == "__main__":
    run(main)

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
from stages.scoring import Metrics, answered, check_files, score_rows, signed

# Measured on texts of its own, which are rows beside those of the dev split.
PROBE = "drift"


def main(arm: str) -> None:
    plan = load_plan("evaluate", arm)
    study = plan["study"]
    check_files(plan["files"])
    summary, statistics = score(study, arm, signed(plan), plan.get("slice_by"))
    records.write_json(paths.quality(study, arm), summary)
    records.write(paths.row_statistics(study, arm), statistics)
    # Each in a file of its own, so that a noisy latency never hides in a quality diff.
    cost = records.read_json(paths.kept(study, arm, "cost.json"))
    records.write_json(paths.cost(study, arm), cost)
    curve = [row for _, row in records.located(paths.kept(study, arm, "log.jsonl"))]
    training = records.read_json(paths.kept(study, arm, "training.json"))
    loss = {"second_half_loss_mean": second_half_loss(curve)} if curve else {}
    records.write_json(paths.training(study, arm), {**training, **loss})
    write_curve(paths.curve(study, arm), curve)


def score(
    study: str, arm: str, metrics: Metrics, slice_by: str | None
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Summary and row statistics of the dev split, then those of the drift's own texts, if any."""
    rows = answered(paths.kept_rows(study), paths.kept(study, arm, "dev.jsonl"), slice_by)
    probes = {name: opts for name, opts in metrics.items() if METRICS[name].scorer == PROBE}
    others = {name: opts for name, opts in metrics.items() if name not in probes}
    for scorer in {METRICS[name].scorer for name in others} - {""}:
        rows = add_scores(rows, scorer, paths.kept(study, arm, f"{scorer}.jsonl"))
    summary, statistics = score_rows(rows, others, slice_by)
    if probes:
        texts = probe_rows(PROBE, paths.kept(study, arm, f"{PROBE}.jsonl"))
        probed, more = score_rows(texts, probes)
        return summary | probed, statistics + more
    return summary, statistics


if __name__ == "__main__":
    run(main)

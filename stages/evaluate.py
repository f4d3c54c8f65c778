"""Score one arm's saved predictions with the metrics that its study names.

Usage: python -m stages.evaluate ARM
"""

from typing import Any

from stages import paths, records
from stages.command import run
from stages.curves import evaluations, rewarded, second_half_loss, write_curve
from stages.metrics import METRICS
from stages.metrics.scorers import SCORERS
from stages.plans import load_plan
from stages.scoring.answers import Metrics, answered, check_files, score_rows, signed
from stages.scoring.joining import add_scores, probe_rows


def main(arm: str) -> None:
    plan = load_plan("evaluate", arm)
    study = plan["study"]
    check_files(plan["files"])
    summary, statistics, parts = score(study, arm, signed(plan), plan.get("slice_by"))
    records.write_json(paths.quality(study, arm), summary)
    curve = [row for _, row in records.located(paths.kept(study, arm, "log.jsonl"))]
    records.write_json(paths.parts(study, arm), parts | evaluations(curve))
    records.write(paths.row_statistics(study, arm), statistics)
    # Each in a file of its own, so that a noisy latency never hides in a quality diff.
    cost = records.read_json(paths.kept(study, arm, "cost.json"))
    records.write_json(paths.cost(study, arm), cost | noise(study, arm, signed(plan)))
    training = records.read_json(paths.kept(study, arm, "training.json"))
    records.write_json(paths.training(study, arm), with_losses(training, curve))
    write_curve(paths.curve(study, arm), curve)


def with_losses(training: dict[str, Any], curve: list[dict[str, Any]]) -> dict[str, Any]:
    """What a run recorded, and the loss of its second half; one by rewards has no such loss."""
    if not curve or rewarded(curve):
        return training
    return {**training, "second_half_loss_mean": second_half_loss(curve)}


def score(
    study: str, arm: str, metrics: Metrics, slice_by: str | None
) -> tuple[dict[str, Any], list[dict[str, Any]], dict[str, Any]]:
    """Summary and row statistics of the dev split, then those of texts that scorers bring along.

    With them the parts of scores, by metric and part.
    """
    rows = answered(paths.kept_rows(study), paths.kept(study, arm, "dev.jsonl"), slice_by)
    used = sorted({METRICS[name].scorer for name in metrics} - {""})
    files = {scorer: paths.kept(study, arm, f"{scorer}.jsonl") for scorer in used}
    apart = [scorer for scorer in used if SCORERS[scorer].own_texts]
    for scorer in used:
        if scorer not in apart:
            rows = add_scores(rows, scorer, files[scorer])
    on_dev = {name: opts for name, opts in metrics.items() if METRICS[name].scorer not in apart}
    summary, statistics = score_rows(rows, on_dev, slice_by)
    for scorer in apart:
        own = {name: opts for name, opts in metrics.items() if METRICS[name].scorer == scorer}
        more, of_texts = score_rows(probe_rows(scorer, files[scorer]), own)
        summary, statistics = summary | more, statistics + of_texts
    made_of = {name: part for name in on_dev if (part := METRICS[name].parts)}
    return summary, statistics, {n: part(rows, **on_dev[n]) for n, part in made_of.items()}


def noise(study: str, arm: str, metrics: Metrics) -> dict[str, Any]:
    """How the answers that were given twice differ, and by how much that moves each metric.

    `differ` is a share of the rows. A metric that a stage of its own scores is not scored twice.
    """
    again = {row["id"]: row for _, row in records.located(paths.kept(study, arm, "again.jsonl"))}
    rows = [
        row
        for row in answered(paths.kept_rows(study), paths.kept(study, arm, "dev.jsonl"))
        if row["id"] in again
    ]
    if not rows:
        return {}
    once_more = [{**row, **again[row["id"]]} for row in rows]
    own = {name: options for name, options in metrics.items() if not METRICS[name].scorer}
    first, second = (score_rows(some, own)[0] for some in (rows, once_more))
    differ = sum(row["text"] != again[row["id"]]["text"] for row in rows) / len(rows)
    shift = {
        name: second[name]["value"] - first[name]["value"]
        for name in own
        if None not in (first[name]["value"], second[name]["value"])
    }
    return {"again_rows": len(rows), "again_differ_share": differ, "again_shift": shift}


if __name__ == "__main__":
    run(main)

"""Score one arm's saved predictions with the metrics that its study names.

Usage: python -m stages.evaluate ARM
"""

from pathlib import Path
from typing import Any

from stages import paths, records
from stages.command import UserError, run
from stages.curves import write_curve
from stages.metrics import METRICS
from stages.metrics.metric import score
from stages.plans import load_plan

EXAMPLE = {"id": str, "input": str, "target": str, "group": str}
PREDICTION = {"id": str, "text": str, "tokens_in": int, "tokens_out": int, "hit_limit": bool}


def main(arm: str) -> None:
    plan = load_plan("evaluate", arm)
    study = plan["study"]
    check_files(plan["files"])
    examples = records.read(paths.split(study, "dev"), EXAMPLE)
    predictions = records.read(paths.predictions(study, arm), PREDICTION)
    rows = join(examples, predictions, str(paths.predictions(study, arm)))
    summary = {name: score(METRICS[name], rows, opts) for name, opts in plan["metrics"].items()}
    records.write_json(paths.quality(study, arm), summary)
    records.write(paths.row_statistics(study, arm), row_statistics(rows, plan["metrics"]))
    # Cost and training are measured by cached stages; they get into git from here, each in a
    # file of its own, so that a noisy latency never hides in a quality diff.
    records.write_json(paths.cost(study, arm), records.read_json(paths.prediction_cost(study, arm)))
    log = paths.training_log(study, arm)
    records.write_json(paths.training(study, arm), records.read_json(log / "training.json"))
    curve = log / "log.jsonl"
    write_curve(paths.curve(study, arm), records.read(curve) if curve.exists() else [])


def join(
    examples: list[dict[str, Any]], predictions: list[dict[str, Any]], place: str
) -> list[dict[str, Any]]:
    """Each example beside its prediction, joined by id and never by position.

    Raises UserError for missing, repeated or unknown ids: a metric would score them happily.
    """
    by_id = {prediction["id"]: prediction for prediction in predictions}
    wanted = {example["id"] for example in examples}
    problems = {
        "missing": sorted(wanted - set(by_id)),
        "unknown": sorted(set(by_id) - wanted),
        "repeated": sorted({i for i in by_id if sum(p["id"] == i for p in predictions) > 1})
        if len(by_id) < len(predictions)
        else [],
    }
    found = [f"{len(ids)} {what} ({', '.join(ids[:5])})" for what, ids in problems.items() if ids]
    if found:
        raise UserError(f"{place}: ids do not match the split: {'; '.join(found)}; predict again")
    return [{**example, **by_id[example["id"]]} for example in examples]


def row_statistics(
    rows: list[dict[str, Any]], metrics: dict[str, dict[str, Any]]
) -> list[dict[str, Any]]:
    """Per row: id, near-duplicate group and each metric's additive statistics (None: unscored).

    Their sums give every score again, so two runs can be compared without the texts.
    """
    statistics = {name: METRICS[name].statistics(rows, **opts) for name, opts in metrics.items()}
    return [
        {"id": row["id"], "group": row["group"]}
        | {name: vectors[place] for name, vectors in statistics.items()}
        for place, row in enumerate(rows)
    ]


def check_files(files: dict[str, str]) -> None:
    """Raise UserError when a file that a metric reads is not the one that the plan saw."""
    for name, digest in files.items():
        if records.file_digest(Path(name)) != digest:
            raise UserError(f"{name}: changed since the plan was made; run `dvc repro`")


if __name__ == "__main__":
    run(main)

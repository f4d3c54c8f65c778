"""Score a study's floors with its metrics, and warn of metrics that nobody can win.

Usage: python -m stages.evaluate_floors STUDY

No model is needed, so the warnings can be read before anything is trained.
"""

import logging
from typing import Any

from stages import paths, records
from stages.command import run
from stages.floors import flags
from stages.metrics import METRICS
from stages.plans import load_plan
from stages.scoring.answers import EXAMPLE, check_files, score_rows, signed
from stages.scoring.joining import apart, by_floor, join, read_scores
from stages.scoring.slices import field_of

logger = logging.getLogger(__name__)

ANSWER = {"id": str, "floor": str, "text": str}


def main(study: str) -> None:
    plan = load_plan("evaluate_floors", study)
    check_files(plan["files"])
    metrics = signed(plan)
    quality: dict[str, Any] = {}
    statistics = []
    for floor, rows in answered(plan).items():
        quality[floor], scored = score_rows(rows, metrics, plan.get("slice_by"))
        statistics += [{"floor": floor, **row} for row in scored]
    records.write_json(paths.floor_quality(study), quality)
    records.write(paths.floor_rows(study), statistics)
    for warning in warnings(quality):
        logger.warning("%s: %s", study, warning)


def answered(plan: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Each dev example beside each floor's answer, and beside its scores if any were made apart."""
    study, name = plan["study"], paths.floors(plan["study"])
    examples = records.read(paths.kept_rows(study), EXAMPLE | field_of(plan.get("slice_by")))
    place = paths.kept(study, name, "dev.jsonl")
    found = {
        floor: join(examples, rows, f"{place}: {floor}")
        for floor, rows in by_floor(records.read(place, ANSWER)).items()
    }
    for scorer in sorted({METRICS[metric].scorer for metric in plan["metrics"]} - {""}):
        file = paths.kept(study, name, f"{scorer}.jsonl")
        scored = apart(read_scores(scorer, file))
        found = {
            floor: join(rows, scored.get(floor, []), f"{file}: {floor}", "score again")
            for floor, rows in found.items()
        }
    return found


def warnings(quality: dict[str, Any]) -> list[str]:
    """What can be known of the metrics before training."""
    scores = {
        floor: {name: entry["value"] for name, entry in found.items()}
        for floor, found in quality.items()
    }
    labels = {name: entry["label"] for found in quality.values() for name, entry in found.items()}
    metrics = {name: METRICS[name] for name in labels}
    unwinnable = [
        f"{labels[name]}: cannot be won, {', '.join(floors)} being perfect; no more than a guard"
        for name, floors in flags.perfect(scores, metrics).items()
    ]
    return unwinnable + [
        f"{labels[name]}: the reference itself scores {found['value']:.4g}, the best is "
        f"{found['best']:.4g}; the metric or the data is wrong"
        for name, found in flags.short_of_best(scores, metrics).items()
    ]


if __name__ == "__main__":
    run(main)

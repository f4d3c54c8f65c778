"""Score answers beside their references: a summary per metric, and the statistics of each row."""

from pathlib import Path
from typing import Any

from stages import paths, records
from stages.metrics import METRICS
from stages.metrics.metric import check_options, summarize
from stages.scoring.joining import join
from stages.scoring.slices import field_of, slice_of

EXAMPLE = {"id": str, "input": str, "target": str, "group": str}
# Tokens are None where no model here wrote the answer
PREDICTION = {
    "id": str,
    "text": str,
    "tokens_in": int | None,
    "tokens_out": int | None,
    "hit_limit": bool,
}

Metrics = dict[str, dict[str, Any]]  # options by metric


def answered(split: Path, answers: Path, slice_by: str | None = None) -> list[dict[str, Any]]:
    """Each example of a split, which must have what it is sliced by, beside an arm's answer."""
    examples = records.read(split, EXAMPLE | field_of(slice_by))
    return join(examples, records.read(answers, PREDICTION), str(answers))


def signed(plan: dict[str, Any]) -> Metrics:
    """A plan's metrics with their options: of those scored apart, what scored them."""
    metrics = {}
    for name, options in plan["metrics"].items():
        scorer = METRICS[name].scorer
        if scorer:
            card = records.read_json(paths.kept(plan["study"], plan["arm"], f"{scorer}.json"))
            options = {"scored_by": card["signature"]}
        metrics[name] = options
    return metrics


def score_rows(
    rows: list[dict[str, Any]], metrics: Metrics, slice_by: str | None = None
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Each metric's score over all rows, and per row its id, group and additive statistics.

    A row's statistics are None where a metric can't score it. Their sums give every score again, so
    two runs can be compared without the texts. With `slice_by`, rows say their `slice`.
    """
    for name, options in metrics.items():
        check_options(METRICS[name], options)
    vectors = {name: METRICS[name].statistics(rows, **opts) for name, opts in metrics.items()}
    summary = {
        name: summarize(METRICS[name], vectors[name], opts) for name, opts in metrics.items()
    }
    statistics = [
        {"id": row["id"], "group": row["group"]}
        | ({"slice": slice_of(row, slice_by)} if slice_by else {})
        | {name: found[place] for name, found in vectors.items()}
        for place, row in enumerate(rows)
    ]
    return summary, statistics


def check_files(files: dict[str, str]) -> None:
    """Raise UserError when a file that a metric reads is not the one that the plan saw."""
    for name, digest in files.items():
        records.check_unchanged(Path(name), digest)

"""Rows brought together by id and never by position, and scores per row that a stage computed."""

from pathlib import Path
from typing import Any

from stages import records
from stages.command import UserError


def join(
    examples: list[dict[str, Any]],
    others: list[dict[str, Any]],
    place: str,
    remedy: str = "predict again",
) -> list[dict[str, Any]]:
    """Each example beside its row of `others`, in the examples' order.

    Raises UserError for missing, repeated or unknown ids: a metric would score them happily.
    """
    by_id = {other["id"]: other for other in others}
    wanted = {example["id"] for example in examples}
    problems = {
        "missing": sorted(wanted - set(by_id)),
        "unknown": sorted(set(by_id) - wanted),
        "repeated": sorted({i for i in by_id if sum(o["id"] == i for o in others) > 1})
        if len(by_id) < len(others)
        else [],
    }
    found = [f"{len(ids)} {what} ({', '.join(ids[:5])})" for what, ids in problems.items() if ids]
    if found:
        raise UserError(f"{place}: ids do not match the split: {'; '.join(found)}; {remedy}")
    return [{**example, **by_id[example["id"]]} for example in examples]


def add_scores(rows: list[dict[str, Any]], metric: str, scores: Path) -> list[dict[str, Any]]:
    """Each row with its score, a number or None, under the metric's name.

    `scores` is a JSONL file of {"id", "score"}, as stages that score answers apart leave it.
    """
    found = []
    for place, row in records.located(scores):
        records.check_field(row, "id", str, place)
        score = row.get("score", "nothing")
        if isinstance(score, bool) or not isinstance(score, int | float | None):
            raise UserError(f"{place}:score: expected a number or null, found {score!r}")
        found.append({"id": row["id"], metric: score})
    return join(rows, found, str(scores), "score again")

"""Rows brought together by id and never by position, and scores per row that a stage computed."""

from collections.abc import Mapping
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


def by_floor(rows: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Rows of several floors, floor by floor, in their order."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row["floor"], []).append(row)
    return found


def together(named: Mapping[str, list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """Rows of several arms or floors in one list, under ids NAME/ID; `of` is a row's own id.

    Scorers know rows by their ids, so that what they score in one call needs ids of its own.
    """
    return [
        {**row, "of": row["id"], "id": f"{name}/{row['id']}"}
        for name, rows in named.items()
        for row in rows
    ]


def apart(rows: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """What was said of rows that stood `together`, by name, under their own ids again."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        name, _, own = row["id"].partition("/")
        found.setdefault(name, []).append({**row, "id": own})
    return found


def beside(
    examples: list[dict[str, Any]], answers: list[dict[str, Any]], place: str
) -> list[dict[str, Any]]:
    """Each example beside an arm's answer; where a study's floors answer, beside each floor's.

    Floors' rows stand `together`, under ids FLOOR/ID; `of` is the example's own id.
    """
    if "floor" not in answers[0]:
        return [{**row, "of": row["id"]} for row in join(examples, answers, place)]
    return together(
        {
            floor: join(examples, own, f"{place}: {floor}")
            for floor, own in by_floor(answers).items()
        }
    )


def add_scores(rows: list[dict[str, Any]], scorer: str, scores: Path) -> list[dict[str, Any]]:
    """Each row with its score under the scorer's name; see `read_scores`."""
    return join(rows, read_scores(scorer, scores), str(scores), "score again")


def probe_rows(scorer: str, scores: Path) -> list[dict[str, Any]]:
    """The scores of texts that are no examples of the study, each a group of its own."""
    return [{**row, "group": row["id"]} for row in read_scores(scorer, scores)]


def read_scores(scorer: str, scores: Path) -> list[dict[str, Any]]:
    """Ids and scores, as stages that score answers apart leave them: {"id", "score"} per line.

    A score is a number or None, or several of them in a list or under names.
    """
    found = []
    for place, row in records.located(scores):
        records.check_field(row, "id", str, place)
        score = row.get("score", "nothing")
        held = score.values() if isinstance(score, dict) else score
        for number in held if isinstance(score, dict | list) else [score]:
            if isinstance(number, bool) or not isinstance(number, int | float | None):
                raise UserError(f"{place}:score: expected a number or null, found {number!r}")
        found.append({"id": row["id"], scorer: score})
    return found

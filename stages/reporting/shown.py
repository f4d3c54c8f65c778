"""The rows of a study that its report shows: some to read by hand, and samples not picked."""

from typing import Any

from stages import paths, records
from stages.reporting import verdict
from stages.reporting.review import review
from stages.scoring.slices import slice_of

SAMPLES = 16


def reviewed(
    plan: dict[str, Any],
    compared: dict[str, Any],
    promotion: dict[str, Any],
    examples: list[dict[str, Any]],
) -> dict[str, Any]:
    """The arm whose rows are worth reading (the promoted one, else the best), its base, the rows.

    Nobody and nothing where no arm could be compared, or where the study's rows are not published.
    """
    metric = plan["headline"]
    arm = verdict.spoken_of(plan, compared, promotion)
    if arm is None or plan["publish"] != "all":
        return {"reviewed": None, "review": []}
    base = compared["arms"][arm]["against"]
    rows = review(plan["study"], metric, arm, base, examples)
    return {"reviewed": (arm, base), "review": rows}


def answered(
    plan: dict[str, Any], arms: dict[str, Any], examples: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """The rows that may be shown, by id, each with all arms' answers.

    Beside them the nearest training row's: of the floors the one that a reader can't think of. A
    study that publishes a sample shows that alone, and no training row.
    """
    study = plan["study"]
    if plan["publish"] == "none":
        return []
    answers = {
        name: {row["id"]: row for row in records.read(paths.kept(study, name, "dev.jsonl"))}
        for name in arms
    }
    nearest = nearest_rows(study) if plan["publish"] == "all" else {}
    rows = [
        {
            **example,
            "slice": slice_of(example, plan["slice_by"]) if plan["slice_by"] else None,
            "answers": {name: answers[name][example["id"]] for name in arms},
            "nearest": nearest.get(example["id"]),
        }
        for example in sorted(examples, key=lambda row: row["id"])
    ]
    return rows if plan["publish"] == "all" else samples(rows)


def samples(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows at even steps through the ids, so over all slices: arbitrary, and not picked.

    A sample's samples are itself.
    """
    step = max(1, len(rows) // SAMPLES)
    return rows[::step][:SAMPLES]


def nearest_rows(study: str) -> dict[str, dict[str, Any]]:
    """What the nearest training row answers, by the id of the dev row."""
    trivial = records.read(paths.kept(study, paths.floors(study), "dev.jsonl"))
    return {row["id"]: row for row in trivial if row["floor"] == "nearest"}

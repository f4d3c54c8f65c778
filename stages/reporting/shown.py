"""The rows of a study that its report shows: some to read by hand, and samples not picked."""

from typing import Any

from stages import paths, records
from stages.reporting import verdict
from stages.reporting.review import review

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


def samples(
    plan: dict[str, Any], arms: dict[str, Any], examples: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Rows at even steps through the ids, so over all slices: arbitrary, and not picked.

    Each with the arms' answers and the nearest training row's: of the floors the one that a reader
    can't think of.
    """
    study = plan["study"]
    if plan["publish"] == "none":
        return []
    answers = {
        name: {row["id"]: row for row in records.read(paths.kept(study, name, "dev.jsonl"))}
        for name in arms
    }
    nearest = nearest_rows(study) if plan["publish"] == "all" else {}
    step = max(1, len(examples) // SAMPLES)
    return [
        {
            **example,
            "answers": {name: answers[name][example["id"]] for name in arms},
            # Of a study that shows a sample of its rows, no training row
            "nearest": nearest.get(example["id"]),
        }
        for example in sorted(examples, key=lambda row: row["id"])[::step][:SAMPLES]
    ]


def nearest_rows(study: str) -> dict[str, dict[str, Any]]:
    """What the nearest training row answers, by the id of the dev row."""
    trivial = records.read(paths.kept(study, paths.floors(study), "dev.jsonl"))
    return {row["id"]: row for row in trivial if row["floor"] == "nearest"}

"""Gather what a study's report says, as plain data that both templates show."""

from typing import Any

from stages import paths, records
from stages.command import UserError
from stages.curves import read_curve
from stages.reporting import tables

SAMPLES = 16


def gather(plan: dict[str, Any]) -> dict[str, Any]:
    """Everything in the report of one study. Raises UserError when an arm's results are missing."""
    study = plan["study"]
    arms = arms_of(plan)
    quality = {name: records.read_json(paths.quality(study, name)) for name in arms}
    baseline = next((name for name, arm in arms.items() if arm["method"] == "none"), None)
    audit = records.read_json(paths.audit(study))
    training = {name: records.read_json(paths.training(study, name)) for name in arms}
    return {
        "study": study,
        "title": plan["title"],
        "question": plan["question"],
        "arms": arms,
        "baseline": baseline,
        "metrics": [metric_row(name, quality, baseline) for name in plan["metrics"]],
        "provenance": {name: run for name, run in training.items() if "adapter_sha256" in run},
        "unscored": unscored(quality),
        "tables": {
            "Training": tables.training(training),
            "Loss mask and preflight": tables.audit(audit["arms"]),
            "Cost": tables.cost(
                {name: records.read_json(paths.cost(study, name)) for name in arms}
            ),
        },
        "curves": {arm["title"]: read_curve(paths.curve(study, n)) for n, arm in arms.items()},
        "samples": samples(study, arms),
        "splits": splits(study, plan["splits"]),
        "bases": plan["bases"],
    }


def arms_of(plan: dict[str, Any]) -> dict[str, Any]:
    """The plan's arms, the untouched base first; other arms' left-over files are not looked at."""
    arms = dict(
        sorted(plan["arms"].items(), key=lambda item: (item[1]["method"] != "none", item[0]))
    )
    for name in arms:
        path = paths.quality(plan["study"], name)
        if not path.exists():
            raise UserError(f"{path}: missing; run `dvc repro evaluate@{name}`")
    return arms


def metric_row(name: str, quality: dict[str, Any], baseline: str | None) -> dict[str, Any]:
    """One metric over the arms: value and difference to the base, n and signature."""
    first = next(iter(quality.values()))[name]
    base = quality[baseline][name]["value"] if baseline else None
    values = {}
    for arm, metrics in quality.items():
        value = metrics[name]["value"]
        known = value is not None and base is not None and arm != baseline
        values[arm] = {
            "value": value,
            "reason": metrics[name]["reason"],
            "delta": value - base if known else None,
            "n": metrics[name]["n"],
        }
    return {
        "name": name,
        "label": first["label"],
        "direction": first["direction"],
        "digits": 2 if first["unit"].startswith("points") else 3,
        "unit": first["unit"],
        "n": first["n"],
        "unscored": first["unscored"],
        "signature": first["signature"],
        "values": values,
    }


def unscored(quality: dict[str, Any]) -> list[str]:
    """Why a metric has no value for an arm, or how many rows it left out."""
    notes: dict[str, None] = {}
    for arm, metrics in quality.items():
        for metric in metrics.values():
            if metric["reason"]:
                notes[f"{metric['label']}, {arm}: {metric['reason']}"] = None
            elif metric["unscored"]:
                rows = metric["unscored"] + metric["n"]
                notes[f"{metric['label']}: {metric['unscored']} of {rows} rows unscored"] = None
    return list(notes)


def samples(study: str, arms: dict[str, Any]) -> list[dict[str, Any]]:
    """Rows at even steps through the ids, which are hashes: arbitrary, and not picked."""
    examples = records.read(paths.split(study, "dev"))
    answers = {
        name: {row["id"]: row for row in records.read(paths.predictions(study, name))}
        for name in arms
    }
    step = max(1, len(examples) // SAMPLES)
    return [
        {**example, "answers": {name: answers[name][example["id"]] for name in arms}}
        for example in sorted(examples, key=lambda row: row["id"])[::step][:SAMPLES]
    ]


def splits(study: str, declared: dict[str, Any]) -> list[dict[str, Any]]:
    """Version, size and hash of each split, and what its rows came from."""
    described = []
    for name, split in declared.items():
        manifest = records.read_json(paths.manifest(study, name, split["version"]))
        kept = {key: manifest[key] for key in ("split", "version", "rows", "sha256", "origins")}
        described.append({**kept, "source": manifest["source"]})
    return described

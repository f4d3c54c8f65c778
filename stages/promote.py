"""Promote the arm that won on dev by the study's rule, or say why the test split stays closed.

Usage: python -m stages.promote STUDY
"""

import shutil
from typing import Any

from stages import paths, records
from stages.command import run
from stages.metrics import METRICS
from stages.plans import load_plan
from stages.verdicts.comparison import NOT_SHOWN
from stages.verdicts.hypotheses import REJECTED
from stages.verdicts.promotion import choose


def main(study: str) -> None:
    plan = load_plan("promote", study)
    compared = records.read_json(paths.comparisons(study))
    judged = records.read_json(paths.hypotheses(study))["hypotheses"]
    failed = {n: m for n, m in plan["controls"].items() if judged[n]["verdict"] == REJECTED}
    failed |= {f"{arm} ({m})": m for arm, m in differing_bases(compared["arms"], plan["arms"])}
    unsound = {arm: reason for arm in compared["arms"] if (reason := why_unsound(study, arm))}
    candidates = {a: c["metrics"] for a, c in compared["arms"].items() if a not in unsound}
    directions = {name: metric.direction for name, metric in METRICS.items()}
    arm, notes = choose(plan["rule"], candidates, failed, directions)
    notes += [f"{name}: {reason}" for name, reason in {**unsound, **compared["missing"]}.items()]
    result = {
        "arm": arm,
        "against": plan["against"].get(arm),
        "adapter_sha256": sha256(study, arm),
        "rule": plan["rule"],
        "notes": notes,
    }
    records.write_json(paths.promotion(study), result)
    folder = paths.promoted(study)
    shutil.rmtree(folder, ignore_errors=True)  # by hand, a stage also starts from nothing
    contestants = [name for name in (result["against"], arm) if name]
    settings = {name: plan["arms"][name] for name in contestants}
    records.write_json(folder / "promotion.json", {**result, "settings": settings})
    if arm:
        shutil.copytree(paths.adapter(study, arm), folder / "adapter")


def differing_bases(arms: dict[str, Any], settings: dict[str, Any]) -> list[tuple[str, str]]:
    """Untouched bases, and the metrics by which they differ from the one they are compared with.

    Both sides are the same weights, so it is the measuring that differs: an A/A control.
    """
    return [
        (arm, metric)
        for arm, found in arms.items()
        if settings[arm]["method"] == "none"
        for metric, comparison in found["metrics"].items()
        if comparison["verdict"] != NOT_SHOWN
    ]


def why_unsound(study: str, arm: str) -> str | None:
    """Why an arm can't win whatever its scores: nothing trained, unfinished, or not that adapter.

    Scores outlive the adapter that earned them; only the one that the run recorded may pass.
    """
    training = records.read_json(paths.training(study, arm))
    if training["method"] == "none":
        return "an untouched base, nothing to promote"
    if training["status"] != "finished":
        return f"training is {training['status']}"
    if training["adapter_sha256"] != sha256(study, arm):
        return "its adapter is not the one that was scored"
    return None


def sha256(study: str, arm: str | None) -> str | None:
    """The hash of an arm's adapter weights; None where there are none."""
    file: Any = arm and paths.adapter(study, arm) / "adapter_model.safetensors"
    return records.file_digest(file) if file and file.exists() else None


if __name__ == "__main__":
    run(main)

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
from stages.verdicts.hypotheses import CONFIRMED
from stages.verdicts.promotion import choose


def main(study: str) -> None:
    plan = load_plan("promote", study)
    compared = records.read_json(paths.comparisons(study))
    judged = records.read_json(paths.hypotheses(study))["hypotheses"]
    failed = {n: m for n, m in plan["controls"].items() if judged[n]["verdict"] != CONFIRMED}
    failed |= repeats_that_differ(compared["arms"], plan["arms"])
    unsound = {
        arm: reason
        for arm, found in compared["arms"].items()
        if (reason := why_unsound(study, arm) or why_unsound_base(study, found["against"]))
    }
    candidates = {a: c["metrics"] for a, c in compared["arms"].items() if a not in unsound}
    directions = {name: metric.direction for name, metric in METRICS.items()}
    arm, notes = choose(plan["rule"], candidates, failed, directions)
    notes += [f"{name}: {reason}" for name, reason in {**unsound, **compared["missing"]}.items()]
    result = {
        "arm": arm,
        "against": plan["against"].get(arm),
        "adapter_sha256": sha256(study, arm),
        "rule": plan["rule"],
        "failed_controls": sorted(failed),
        "notes": notes,
    }
    records.write_json(paths.promotion(study), result)
    hand_on(study, result, plan)


def hand_on(study: str, result: dict[str, Any], plan: dict[str, Any]) -> None:
    """Leave what the test stage needs: who, how they answer, and their adapters.

    Without rule and notes: what happens to other arms must not open the test split again.
    """
    folder = paths.promoted(study)
    shutil.rmtree(folder, ignore_errors=True)  # by hand, a stage also starts from nothing
    contestants = [name for name in (result["against"], result["arm"]) if name]
    kept = {key: result[key] for key in ("arm", "against", "adapter_sha256")}
    settings = {name: plan["arms"][name] for name in contestants}
    handed = {**kept, "version": plan["version"], "settings": settings}
    records.write_json(folder / "promotion.json", handed)
    for name in contestants:
        if sha256(study, name):
            shutil.copytree(paths.adapter(study, name), folder / name)


def repeats_that_differ(arms: dict[str, Any], settings: dict[str, Any]) -> dict[str, str]:
    """A/A controls that fail: an untouched base beside itself, answering in the same way.

    Returns a name for each, and the metric by which the two differ.
    """
    failed = {}
    for arm, found in arms.items():
        ours, theirs = ({**settings[a], "arm": None} for a in (arm, found["against"]))
        if ours == theirs and ours["method"] == "none":
            differ = [m for m, c in found["metrics"].items() if c["verdict"] != NOT_SHOWN]
            failed |= {f"{arm} ({metric})": metric for metric in differ}
    return failed


def why_unsound_base(study: str, base: str) -> str | None:
    """Why what an arm is measured against is not sound; an untouched base always is."""
    trained = records.read_json(paths.training(study, base))["method"] != "none"
    reason = why_unsound(study, base) if trained else None
    return f"measured against {base}: {reason}" if reason else None


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

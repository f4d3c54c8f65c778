"""Choose the arm that won on dev by the study's rule, or say why the test split stays closed.

Usage: python -m stages.choose STUDY
"""

import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from stages import formats, made, paths, records
from stages.command import run
from stages.formats import FORMATS
from stages.metrics import METRICS
from stages.plans import load_plan
from stages.verdicts.comparison import NOT_SHOWN
from stages.verdicts.hypotheses import CONFIRMED
from stages.verdicts.promotion import choose


def main(study: str) -> None:
    plan = load_plan("choose", study)
    compared = records.read_json(paths.comparisons(study))
    judged = records.read_json(paths.hypotheses(study))["hypotheses"]
    failed = {n: m for n, m in plan["controls"].items() if judged[n]["verdict"] != CONFIRMED}
    failed |= repeats_that_differ(compared["arms"], plan["arms"], plan["untouched"])
    unsound = {
        arm: reason
        for arm, found in compared["arms"].items()
        if (
            reason := why_untouched(arm, plan["untouched"])
            or why_unfit(study, arm, plan)
            or why_unfit_base(study, found["against"], plan)
        )
    }
    candidates = {a: c["metrics"] for a, c in compared["arms"].items() if a not in unsound}
    directions = {name: metric.direction for name, metric in METRICS.items()}
    standings = compared["floors"]["arms"]
    arm, notes = choose(plan["rule"], candidates, failed, directions, standings)
    notes += [f"{name}: {reason}" for name, reason in {**unsound, **compared["missing"]}.items()]
    result = {
        "arm": arm,
        "against": plan["against"].get(arm),
        "adapter_sha256": recorded(study, arm).get("adapter_sha256") if arm else None,
        "rule": plan["rule"],
        "failed_controls": sorted(failed),
        "notes": notes,
    }
    records.write_json(paths.promotion(study), result)
    records.write_json(paths.chosen(study), handed_on(study, result, plan))


def handed_on(study: str, result: dict[str, Any], plan: dict[str, Any]) -> dict[str, Any]:
    """What the test split waits for: who, how they answer, and the hashes of their weights.

    Without rule and notes: what happens to other arms must not open the test split again.
    """
    contestants = [name for name in (result["against"], result["arm"]) if name]
    kept = {key: result[key] for key in ("arm", "against", "adapter_sha256")}
    weights = {name: recorded(study, name).get("adapter_sha256") for name in contestants}
    settings = {
        name: {**plan["arms"][name], "format_sha256": code_of(plan["arms"][name]["format"])}
        for name in contestants
    }
    return {**kept, "version": plan["version"], "weights": weights, "settings": settings}


def code_of(name: str) -> str:
    """SHA-256 of a format's code: its module and those beside it that it imports.

    The test stage depends on it and not on the folder, so that a new format does not open the split
    again.
    """
    used = {sys.modules[FORMATS[name].__module__]}
    while more := {found for one in used for found in vars(one).values() if _renders(found)} - used:
        used |= more
    return records.digest({one.__name__: records.file_digest(Path(one.__file__)) for one in used})


def _renders(value: Any) -> bool:
    return isinstance(value, ModuleType) and value.__name__.startswith(f"{formats.__name__}.")


def repeats_that_differ(
    arms: dict[str, Any], settings: dict[str, Any], untouched: list[str]
) -> dict[str, str]:
    """A/A controls that fail: an untouched base beside itself, answering in the same way.

    Returns a name for each, and the metric by which the two differ.
    """
    failed = {}
    for arm, found in arms.items():
        ours, theirs = ({**settings[a], "arm": None} for a in (arm, found["against"]))
        if ours == theirs and arm in untouched:
            differ = [m for m, c in found["metrics"].items() if c["verdict"] != NOT_SHOWN]
            failed |= {f"{arm} ({metric})": metric for metric in differ}
    return failed


def why_unfit(study: str, arm: str, plan: dict[str, Any]) -> str | None:
    """Why an arm can't meet the test split, whatever its scores on dev."""
    return (
        plan["not_promoted"].get(arm)
        or why_unanswered(plan["arms"][arm])
        or why_unsound(study, arm)
        or why_empty(study, arm, plan["arms"][arm])
    )


def why_unfit_base(study: str, base: str, plan: dict[str, Any]) -> str | None:
    """Why an arm can't win for what it is measured against, which would meet the split with it."""
    reason = why_unfit(study, base, plan)
    return f"measured against {base}: {reason}" if reason else None


def why_unsound(study: str, arm: str) -> str | None:
    """Why an arm can't win whatever its scores: what answered is not what was to be trained."""
    training = recorded(study, arm)
    if training["status"] != "diverged":
        return None
    return f"training diverged at step {training['diverged_at']}"


def why_untouched(arm: str, untouched: list[str]) -> str | None:
    return "an untouched base, nothing to promote" if arm in untouched else None


def why_unanswered(settings: dict[str, Any]) -> str | None:
    """Why an arm whose answers come written has none to the test split."""
    if settings["answers_with"] != made.FILE or "written" in settings:
        return None
    return "no answers to the test split are declared"


def why_empty(study: str, arm: str, settings: dict[str, Any]) -> str | None:
    """Why an arm has no adapter though its method leaves one: its best state was the base."""
    if settings["answers_with"] != made.ADAPTER or recorded(study, arm).get("adapter_sha256"):
        return None
    return "no state of it was better than the untouched base, which is what answered"


def recorded(study: str, arm: str) -> dict[str, Any]:
    """What an arm's training recorded, the hash of the weights that were scored among it."""
    return records.read_json(paths.training(study, arm))


if __name__ == "__main__":
    run(main)

"""Pick the arm that may see the test split, or say why none may."""

from collections.abc import Mapping
from typing import Any

from stages.verdicts.comparison import HELPED, HURT, incomplete

Comparisons = Mapping[str, Mapping[str, Mapping[str, Any]]]


def choose(
    rule: Mapping[str, Any] | None,
    comparisons: Comparisons,
    failed_controls: Mapping[str, str],
    directions: Mapping[str, str],
    standings: Mapping[str, Mapping[str, Mapping[str, Any]]],
) -> tuple[str | None, list[str]]:
    """The promoted arm or None, and per refused arm, or for all, the reason.

    Of the arms that meet the rule's standards, the best score by its metric wins; of equal ones the
    first by name, which a note says.
    `failed_controls` maps the A/A controls that did not hold to their metrics; `standings` has
    where each arm stands beside the floors, by metric.
    """
    if rule is None:
        return None, ["the study declares no promotion rule"]
    used = {rule["metric"], *rule["guards"]}
    if failed := [name for name, metric in failed_controls.items() if metric in used]:
        return None, [
            f"the A/A control {name} does not hold: the measuring is off" for name in failed
        ]
    reasons = {
        arm: _why_not(rule, found) or _why_trivial(rule, standings.get(arm, {}))
        for arm, found in comparisons.items()
    }
    passed = [arm for arm, reason in reasons.items() if reason is None]
    notes = [f"{arm}: {reason}" for arm, reason in reasons.items() if reason]
    if not passed:
        return None, notes or ["no arm is compared with a base"]
    sign = -1 if directions[rule["metric"]] == "lower" else 1
    value = {arm: comparisons[arm][rule["metric"]]["value"] for arm in passed}
    best = max(sorted(passed), key=lambda arm: sign * value[arm])
    tied = [arm for arm in passed if arm != best and value[arm] == value[best]]
    notes += [f"{arm}: the same {rule['metric']} as {best}, the first by name" for arm in tied]
    return best, notes


def _why_not(rule: Mapping[str, Any], found: Mapping[str, Mapping[str, Any]]) -> str | None:
    """Why one arm may not be promoted; None if it may."""
    for metric, standard in {**rule["guards"], rule["metric"]: rule["verdict"]}.items():
        comparison = found.get(metric)
        if comparison is None or comparison["p"] is None or incomplete(comparison):
            reason = comparison["reason"] if comparison else "no result"
            return f"{metric} cannot be compared ({reason})"
        if comparison["verdict"] == HURT or (
            standard == HELPED and comparison["verdict"] != HELPED
        ):
            return f"{metric}: {comparison['verdict']}, the rule asks for {standard}"
    return None


def _why_trivial(rule: Mapping[str, Any], standing: Mapping[str, Mapping[str, Any]]) -> str | None:
    """Why an arm is not shown to be better than answers that need no model; None if it is."""
    metric = rule["metric"]
    found = standing.get(metric)
    if rule["waive_floors"] or (found and not found["unbeaten"]):
        return None
    if found is None:
        return f"{metric}: not compared with the floors"
    return f"{metric}: not shown to be better than the floors {', '.join(found['unbeaten'])}"

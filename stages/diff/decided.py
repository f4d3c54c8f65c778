"""What happened to a study's runs, hypotheses, decision, promotion and test split."""

from typing import Any

from stages import paths
from stages.diff.side import Side
from stages.reporting import endings


def changes(old: Side, new: Side, study: str) -> list[str]:
    """One sentence per change, as plain text."""
    before, after = (side.read(paths.hypotheses(study)) for side in (old, new))
    return [
        *diverged(old, new, study),
        *hypotheses(before.get("hypotheses", {}), after.get("hypotheses", {})),
        *moved("Decision", scenario(before), scenario(after)),
        *moved("Promoted", promoted(old, study), promoted(new, study)),
        *moved("Test split", looks(old, study), looks(new, study)),
    ]


def diverged(old: Side, new: Side, study: str) -> list[str]:
    """Arms whose training diverges now, or no longer; one that both sides lack is none."""
    lines = []
    for arm in {**dict.fromkeys(old.arms(study)), **dict.fromkeys(new.arms(study))}:
        runs = [side.read(paths.training(study, arm)) for side in (old, new)]
        if any(map(endings.diverged, runs)):
            before, after = (ended(run) for run in runs)
            lines += moved(f"Training of {new.title(study, arm)}", before, after)
    return lines


def ended(run: dict[str, Any]) -> str | None:
    return endings.ending(run) or run.get("status")


def hypotheses(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    """Verdicts that are others now; a claim that changed is another hypothesis."""
    lines = []
    for name, found in {**old, **new}.items():
        before, after = (judged(side.get(name), found["claim"]) for side in (old, new))
        lines += moved(f"“{found['claim']}”", before, after)
    return lines


def judged(found: dict[str, Any] | None, claim: str) -> str | None:
    return found["verdict"] if found and found["claim"] == claim else None


def scenario(found: dict[str, Any]) -> str | None:
    if not found:
        return None
    return (found.get("decision") or {}).get("scenario") or "none of the declared ones"


def promoted(side: Side, study: str) -> str | None:
    """The promoted arm and which weights of it, since they may change under the same name."""
    found = side.read(paths.promotion(study))
    if not found:
        return None
    if found["arm"] is None:
        return "nobody"
    return f"{side.title(study, found['arm'])} (weights {(found['adapter_sha256'] or 'none')[:7]})"


def looks(side: Side, study: str) -> str | None:
    """Whether the test split is open, for whom, and how often it has been looked at."""
    found = side.read(paths.test_quality(study))
    if not found:
        return None
    counted = f"{plural(found['looks'], 'look')} by {plural(found['adapters'], 'adapter')}"
    if found["status"] != "opened":
        return f"{found['status']}, {counted}"
    return f"opened for {side.title(study, found['arm'])}, {counted}"


def moved(what: str, old: str | None, new: str | None) -> list[str]:
    """`what: old → new`, where they differ."""
    if old == new:
        return []
    if old is None or new is None:
        return [f"{what}: new, {new}" if old is None else f"{what}: removed, was {old}"]
    return [f"{what}: {old} → {new}"]


def plural(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"

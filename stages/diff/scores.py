"""What happened to a study's scores: verdicts over paired rows, new arms, removed arms."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from stages import paths
from stages.diff.pairing import APART, NEW, REMOVED, SAME, Paired, pair
from stages.diff.side import Side
from stages.metrics import METRICS
from stages.reporting import floors
from stages.verdicts.comparison import HELPED, Pairing, compare, settle_by_metric

COMPARED, ADDED, GONE = "compared", "new", "removed"


@dataclass(frozen=True)
class Line:
    """One metric of an arm. `found` has the numbers that may be shown, as far as there are any."""

    name: str
    entry: Mapping[str, Any]  # as metrics/quality has it: label, direction, unit, …
    verdict: str
    found: Mapping[str, Any]
    beside: str = ""  # with `helped`, the best floor that the arm is not shown to be better than


@dataclass(frozen=True)
class Arm:
    """One arm: what changed in it, and which metrics score every row as they did."""

    study: str
    title: str
    state: str
    lines: list[Line] = field(default_factory=list)
    same: list[str] = field(default_factory=list)
    apart: str | None = None  # why nothing of it is compared
    against: str | None = None  # a new arm's base

    @property
    def changed(self) -> bool:
        return self.state == COMPARED and bool(self.lines or self.apart)


def changes(old: Side, new: Side, study: str) -> list[Arm]:
    """A study's arms: those on both sides, then new ones, then removed ones."""
    before, after = old.arms(study), new.arms(study)
    pairs = {arm: pair(old, new, study, arm) for arm in after if arm in before}
    judged = weigh(pairs)
    compared = [
        both(
            study, new.title(study, arm), pairs[arm], judged.get(arm, {}), standing(new, study, arm)
        )
        for arm in pairs
    ]
    added = [introduced(new, study, arm) for arm in after if arm not in before]
    gone = [Arm(study, old.title(study, arm), GONE) for arm in before if arm not in after]
    return [*compared, *added, *gone]


def weigh(pairs: Mapping[str, Paired]) -> dict[str, dict[str, Any]]:
    """Comparisons by arm and metric. Holm's family is one metric over the arms that changed."""
    compared = {}
    for arm, paired in pairs.items():
        names = [] if paired.apart else [n for n, s in paired.states().items() if s is None]
        rows = {"new": paired.new_rows, "old": paired.old_rows}
        wanted = [Pairing("new", "old", name) for name in names]
        found = compare(rows, wanted, METRICS) if wanted else {}
        compared |= {pairing._replace(arm=arm): result for pairing, result in found.items()}
    judged: dict[str, dict[str, Any]] = {}
    for pairing, result in settle_by_metric(compared, METRICS).items():
        judged.setdefault(pairing.arm, {})[pairing.metric] = result
    return judged


def standing(side: Side, study: str, arm: str) -> Mapping[str, Any]:
    """Where an arm stands beside the floors on one side, by metric; older results have none."""
    return side.read(paths.comparisons(study)).get("floors", {}).get("arms", {}).get(arm, {})


def both(
    study: str,
    name: str,
    paired: Paired,
    judged: Mapping[str, Any],
    standings: Mapping[str, Any],
) -> Arm:
    """An arm that both sides have."""
    if paired.apart:
        return Arm(study, name, COMPARED, apart=paired.apart)
    lines, same = [], []
    for metric, state in paired.states().items():
        old, new = paired.old.get(metric, {}), paired.new.get(metric, {})
        if state == SAME:
            same.append(new["label"])
        elif state is None:
            lines.append(compared_line(metric, new, judged[metric], standings.get(metric)))
        elif state == NEW:
            lines.append(Line(metric, new, state, alone(new, "value")))
        elif state == REMOVED:
            lines.append(Line(metric, old, state, alone(old, "against_value")))
        else:
            lines.append(Line(metric, new, state, {}))
    return Arm(study, name, COMPARED, lines, same)


def introduced(new: Side, study: str, arm: str) -> Arm:
    """A new arm, with the verdicts that its own side has on it against its base."""
    compared = new.read(paths.comparisons(study)).get("arms", {}).get(arm, {})
    quality = new.quality(study, arm)
    found, standings = compared.get("metrics", {}), standing(new, study, arm)
    lines = [
        compared_line(metric, entry, found[metric], standings.get(metric))
        if metric in found
        else Line(metric, entry, "nothing to compare with", alone(entry, "value"))
        for metric, entry in quality.items()
    ]
    against = new.title(study, compared["against"]) if compared else None
    return Arm(study, new.title(study, arm), ADDED, lines, against=against)


def compared_line(
    metric: str,
    entry: Mapping[str, Any],
    found: Mapping[str, Any],
    standing: Mapping[str, Any] | None,
) -> Line:
    """A comparison's line; one that came to no difference at all has shown nothing either."""
    if found["delta"] is None:
        return Line(metric, entry, f"{APART}: {found['reason']}", alone(entry, "value"))
    helped = found["verdict"] == HELPED and metric in METRICS
    beside = floors.beside(standing, metric) if helped else ""
    return Line(metric, entry, found["verdict"], found, beside)


def alone(entry: Mapping[str, Any], side: str) -> dict[str, Any]:
    """A score that has nothing beside it."""
    return {side: entry.get("value"), "n": entry.get("n")}

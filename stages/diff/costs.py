"""Cost and training figures that changed: measured on whatever machine ran, so without verdict."""

import re
from dataclasses import dataclass
from typing import Any

from stages import paths
from stages.diff.side import Side
from stages.metrics import METRICS
from stages.recorded import COST, TRAINING
from stages.reporting.tables import number

LABELS = {
    kind: {key: (label, digits) for label, (key, digits) in table.items()}
    for kind, table in {"cost": COST, "training": TRAINING}.items()
}
HASH = re.compile(r"[0-9a-f]{32,}")
SHORT = 16  # of a hash, enough to tell two apart
LONG = 80  # of any other text
TRIPPED = "tripped"  # the rules of a run that did


@dataclass(frozen=True)
class Figure:
    """One changed figure of one arm, as text."""

    arm: str
    label: str
    old: str
    new: str
    change: str


def changes(old: Side, new: Side, study: str) -> list[Figure]:
    """What changed for the arms that both sides have."""
    figures = []
    for arm in new.arms(study):
        if arm not in old.arms(study):
            continue
        for kind, path in (("cost", paths.cost), ("training", paths.training)):
            before, after = (flat(side.read(path(study, arm))) for side in (old, new))
            figures += [
                figure(new.title(study, arm), kind, key, before.get(key), after.get(key))
                for key in {**before, **after}
                if before.get(key) != after.get(key)
            ]
    return figures


def flat(record: dict[str, Any]) -> dict[str, Any]:
    """The record with `versions: {torch: …}` as `versions.torch`, and tripped rules in words."""
    found: dict[str, Any] = {}
    for key, value in record.items():
        if isinstance(value, dict):
            found |= {f"{key}.{name}": inner for name, inner in value.items()}
        else:
            found[key] = rules(value) if key == TRIPPED else value
    return found


def rules(tripped: list[dict[str, Any]]) -> str:
    said = [f"{one['rule']} at step {one['step']} ({one['action']})" for one in tripped]
    return "; ".join(said) or "none"


def figure(arm: str, kind: str, key: str, old: Any, new: Any) -> Figure:
    label, digits = LABELS[kind].get(key) or (shift(key), None)
    change = ""
    if is_number(old) and is_number(new) and old:
        change = f"{100 * (new - old) / abs(old):+.1f} %".replace("-", "−")
    return Figure(arm, f"{kind}: {label}", shown(old, digits), shown(new, digits), change)


def shift(key: str) -> str:
    """What is called by no label: `again_shift.chrf` by its metric's, others by their own name."""
    kind, _, metric = key.partition(".")
    if kind != "again_shift" or metric not in METRICS:
        return key
    return f"answered again: {METRICS[metric].label} moves by"


def shown(value: Any, digits: int | None) -> str:
    """A figure with its digits; a hash, or a text that is too long for a table, cut short."""
    if value is None or is_number(value):
        return number(value, (0 if isinstance(value, int) else 3) if digits is None else digits)
    limit = SHORT if HASH.fullmatch(str(value)) else LONG
    return str(value) if len(str(value)) <= limit else f"{str(value)[:limit]}…"


def is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)

"""How the training data of a study's arms differ, since each difference is a rival explanation."""

from collections.abc import Callable, Mapping
from typing import Any

# Arms whose supervised tokens per row differ by more than this factor are said to.
NOTABLE = 1.1


def differences(arms: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """One sentence per way in which the audited arms differ beside what their names say.

    `arms` has of each arm its `loss_on`, `audit` (mask_audit.py), `rows_sha256` (of its rows' ids)
    and `asked_alike` (the share of its training prompts that have the form in which it is asked).
    """
    notes = [
        _unlike(arms, lambda arm: arm["loss_on"], "the loss falls on {}"),
        _unlike(
            arms,
            lambda arm: f"{arm['asked_alike']:.0%}",
            "{} of the training prompts have the form of those that are asked",
        ),
        _unlike(arms, lambda arm: arm["rows_sha256"][:8], "the training rows are set {}"),
        _unlike(arms, lambda arm: arm["audit"]["rows"], "there are {} training rows"),
        _unlike(arms, lambda arm: arm["audit"]["truncated"], "{} rows are truncated"),
        _unlike(arms, lambda arm: arm["audit"]["dropped"], "{} rows have no supervised token"),
        _supervised(arms),
    ]
    return [note for note in notes if note]


def _unlike(
    arms: Mapping[str, Mapping[str, Any]], of: Callable[[Any], Any], words: str
) -> str | None:
    """Who has which value, where not all have the same."""
    having: dict[Any, list[str]] = {}
    for name, arm in arms.items():
        having.setdefault(of(arm), []).append(name)
    if len(having) < 2:
        return None
    parts = [f"{words.format(value)} in {', '.join(names)}" for value, names in having.items()]
    return "; ".join(parts)


def _supervised(arms: Mapping[str, Mapping[str, Any]]) -> str | None:
    """By how much the arms differ in what they learn from per row."""
    per_row = {
        name: arm["audit"]["supervised_tokens"] / arm["audit"]["rows"] for name, arm in arms.items()
    }
    if len(per_row) < 2:
        return None
    least, most = min(per_row, key=per_row.get), max(per_row, key=per_row.get)
    if per_row[most] <= NOTABLE * per_row[least]:
        return None
    return (
        f"supervised tokens per row go from {per_row[least]:.1f} ({least}) to "
        f"{per_row[most]:.1f} ({most}), a factor of {per_row[most] / per_row[least]:.1f}: with "
        "equal steps some arms learn from that many more tokens"
    )

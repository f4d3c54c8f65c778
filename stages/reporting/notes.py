"""What a report says in words beside its figures: warnings above them, what they leave out."""

from typing import Any

from stages.reporting import floor_section


def warnings(
    plan: dict[str, Any],
    compared: dict[str, Any],
    promotion: dict[str, Any],
    arms: dict[str, Any],
) -> list[str]:
    """What a reader must know before any figure: arms without results, controls that fail."""
    called = {name: f"{arm['title']} ({name})" for name, arm in plan["arms"].items()}
    notes = [f"{called[name]} has no results" for name in called if name not in arms]
    missing = {name: reason for name, reason in compared["missing"].items() if name in arms}
    notes += [f"{called[name]} is not compared: {reason}" for name, reason in missing.items()]
    notes += floor_section.headline_is_trivial(
        compared["floors"], plan["headline"], arms, plan["floors"]["shown"]
    )
    return notes + [
        f"The A/A control {name} does not hold: the measuring is off, or was not possible"
        for name in promotion["failed_controls"]
    ]


def failures(unscored: list[str], promotion: dict[str, Any]) -> list[str]:
    """What was left out of figures, and who was passed over where another arm was promoted."""
    passed_over = promotion["notes"] if promotion["arm"] else []
    return unscored + [f"Not promoted: {note}" for note in passed_over]

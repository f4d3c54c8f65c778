"""Walk a study's decisions: the first step whose conditions hold gives the scenario."""

from collections.abc import Mapping, Sequence
from typing import Any


def decide(
    steps: Sequence[Mapping[str, Any]], verdicts: Mapping[str, str]
) -> dict[str, Any] | None:
    """The scenario reached (None if no step's conditions hold) and the path to it.

    Conditions are about verdicts, so that nothing is guessed: an undecided hypothesis meets only
    `undecided`, `not confirmed` and `not rejected`. Returns None without steps.
    """
    if not steps:
        return None
    path = []
    for step in steps:
        conditions = [
            {"hypothesis": name, "wanted": wanted, "found": verdicts[name]}
            for name, wanted in step["when"].items()
        ]
        met = all(_meets(c["found"], c["wanted"]) for c in conditions)
        path.append({"scenario": step["scenario"], "conditions": conditions, "met": met})
        if met:
            return {"scenario": step["scenario"], "path": path}
    return {"scenario": None, "path": path}


def _meets(found: str, wanted: str) -> bool:
    if wanted.startswith("not "):
        return found != wanted.removeprefix("not ")
    return found == wanted

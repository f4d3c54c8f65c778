"""How an arm's training ended, in words; nothing where none ran or nobody recorded it."""

from collections.abc import Mapping
from typing import Any

Run = Mapping[str, Any]
MARK = "⚠"


def diverged(run: Run) -> bool:
    return run.get("status") == "diverged"


def alarm(run: Run) -> str:
    """`⚠ diverged at step 7, scored at step 4`; nothing for a run that did not diverge."""
    return f"{MARK} {ending(run)}" if diverged(run) else ""


def ending(run: Run) -> str:
    """How a run ended, and which of its weights are scored where those are not its last."""
    if diverged(run):
        at = "" if run["kept_step"] else ", the untouched base"
        return f"diverged at step {run['diverged_at']}, scored at step {run['kept_step']}{at}"
    if run.get("kept_step") is None:
        return ""
    early = run.get("stopped_early")
    ended = f"stopped early: {worded(early)}" if early else "as planned"
    best = run["kept_step"] != run["steps"]
    return f"{ended}, scored at step {run['kept_step']}" if best else ended


def worded(early: str) -> str:
    """`dev_loss at step 40` as it is read."""
    return early.replace("dev_loss", "loss on dev").replace("_", " ")


def titled(title: str, run: Run) -> str:
    """An arm's title where there is room for no more than a mark."""
    return f"{title} {MARK}" if diverged(run) else title


def warnings(arms: Mapping[str, Mapping[str, Any]], training: Mapping[str, Run]) -> list[str]:
    """A warning for each arm that diverged."""
    return [
        f"“{arms[arm]['title']}” {ending(run)}: {run['reason']}. Its scores are not those of what "
        "it was to become, and it can't be promoted"
        for arm, run in training.items()
        if arm in arms and diverged(run)
    ]

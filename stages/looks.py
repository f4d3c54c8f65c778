"""The ledger of looks at a test split: which weights met it, or who took its prompts, and when.

It is no output of DVC's, which would delete it before each run: the test stage appends to it, git
keeps it. A copy lies in the scratch folder, so that the look of a variant that was thrown away
comes back with the next one that is kept.
"""

import datetime
import subprocess
from pathlib import Path
from typing import Any

from stages import paths, records

# Equal answers of equal weights tell nobody anything new; nor do the same prompts, sent out again.
SAME_LOOK = ("version", "arm", "adapter_sha256", "answers_sha256", "prompts_sha256")
# What decides results; everything else may be edited while they are made.
DECIDING = ("stages", "studies", "params.yaml", "dvc.yaml", "constraints.txt")


def add(study: str, look: dict[str, Any]) -> None:
    """Add a look unless the ledger has it: same rows, same weights, same answers or prompts."""
    now = datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%d %H:%M")
    _keep(study, [*_known(study), {**look, "commit": commit(), "at": now}])


def look(promotion: dict[str, Any], answers: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    """What a look is known by: the split's version, the arm, its weights, all answers."""
    promoted = {key: promotion[key] for key in ("version", "arm", "adapter_sha256")}
    return {**promoted, "answers_sha256": records.digest(answers)}


def refresh(study: str) -> None:
    """Make the ledger if there is none, and bring back looks that were thrown away."""
    _keep(study, _known(study))


def read(path: Path) -> list[dict[str, Any]]:
    return [row for _, row in records.located(path)] if path.exists() else []


def commit() -> str:
    """The commit that is checked out, `+changes` where the code is not its; `none` outside git."""
    head = _git("rev-parse", "--verify", "--quiet", "HEAD")
    changed = _git("status", "--porcelain", "--", *DECIDING) if head else ""
    return f"{head}+changes" if changed else head or "none"


def _git(*words: str) -> str:
    done = subprocess.run(["git", *words], capture_output=True, text=True, check=False)
    return done.stdout.strip()


def _known(study: str) -> list[dict[str, Any]]:
    return [*read(_copy(study)), *read(paths.looks(study))]


def _keep(study: str, found: list[dict[str, Any]]) -> None:
    """Write each look once, the first of those that are the same."""
    first: dict[tuple, dict[str, Any]] = {}
    for look in sorted(found, key=lambda look: look["at"]):
        first.setdefault(_key(look), look)
    for path in (_copy(study), paths.looks(study)):
        records.write(path, first.values())


def _copy(study: str) -> Path:
    return paths.scratch() / "looks" / f"{study}.jsonl"


def _key(look: dict[str, Any]) -> tuple:
    return tuple(look.get(field) for field in SAME_LOOK)

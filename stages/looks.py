"""The ledger of looks at a test split: which weights met it, and when.

It is no output of DVC's, which would delete it before each run: the test stage appends to it, git
keeps it. A copy lies in the scratch folder, so that the look of a variant that was thrown away
comes back with the next one that is kept.
"""

import datetime
import subprocess
from pathlib import Path
from typing import Any

from stages import paths, records

SAME_LOOK = ("split_sha256", "arm", "adapter_sha256", "commit")


def add(study: str, look: dict[str, Any]) -> None:
    """Append a look unless the ledger has it: same rows, same weights, same commit."""
    now = datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%d %H:%M")
    merged = {_key(old): old for old in [*read(_copy(study)), *read(paths.looks(study))]}
    merged.setdefault(_key({**look, "commit": commit()}), {**look, "commit": commit(), "at": now})
    for path in (_copy(study), paths.looks(study)):
        records.write(path, sorted(merged.values(), key=lambda old: old["at"]))


def touch(study: str) -> None:
    """Make the ledger if there is none: what reads it depends on the file."""
    if not paths.looks(study).exists():
        records.write(paths.looks(study), [])


def read(path: Path) -> list[dict[str, Any]]:
    return [row for _, row in records.located(path)] if path.exists() else []


def commit() -> str:
    """The commit that is checked out, or `none` outside git."""
    command = ["git", "rev-parse", "--verify", "--quiet", "HEAD"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout.strip() or "none"


def _copy(study: str) -> Path:
    return paths.scratch() / "looks" / f"{study}.jsonl"


def _key(look: dict[str, Any]) -> tuple:
    return tuple(look[field] for field in SAME_LOOK)

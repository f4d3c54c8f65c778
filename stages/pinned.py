"""Files that a study pins by their hash."""

from pathlib import Path

from stages import records
from stages.command import UserError


def pinned(path: str, sha256: str, name: str = "") -> Path:
    """The file, which must be the one that was pinned; `name` is what a study calls it.

    Raises UserError where it is missing or another one.
    """
    file = Path(path)
    if not file.exists():
        called = f" as '{name}'" if name else ""
        raise UserError(f"{file}: no such file; the study names it{called}")
    found = records.file_digest(file)
    if found != sha256:
        raise UserError(
            f"{file}: sha256 is {found}, the study pins {sha256}. If the change is meant, pin the "
            "new hash and, for a source, declare new split versions."
        )
    return file

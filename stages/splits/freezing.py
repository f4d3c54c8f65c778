"""Several manifests frozen together or not at all, also when the machine dies in between.

What is drawn is written down whole, in one file beside the manifests, before the first of them;
that file goes when all is written. Where it lies, a freeze was interrupted, and the next run
finishes it: a draw around the half that is there would give other rows.
"""

import logging
from pathlib import Path
from typing import Any

from stages import paths, records
from stages.command import UserError

logger = logging.getLogger(__name__)

Manifests = list[dict[str, Any]]


def resume(study: str) -> Manifests:
    """Write what an interrupted freeze left unwritten; returns its manifests, none without one.

    Raises UserError where a manifest was frozen otherwise meanwhile, on another branch.
    """
    note = paths.unfinished_freeze(study)
    for torn in note.parent.glob(".*.partial"):
        torn.unlink()
    if not note.exists():
        return []
    drawn = records.read_json(note)
    for manifest in drawn:
        path = path_of(manifest)
        if path.exists() and records.read_json(path) != manifest:
            raise UserError(
                f"{path}: frozen, and not as in {note}, which an interrupted freeze left behind; "
                f"delete {note} to keep what is frozen, or {path} to finish the other"
            )
    _write(drawn)
    names = ", ".join(f"{manifest['split']} {manifest['version']}" for manifest in drawn)
    logger.info("%s: an interrupted freeze of %s is finished", study, names)
    return drawn


def write(study: str, resumed: Manifests, made: Manifests) -> None:
    """Write new manifests, so that from here on they all come to be; `done` ends it."""
    if made:
        records.write_json(paths.unfinished_freeze(study), [*resumed, *made])
        _write(made)


def done(study: str) -> None:
    """Nothing is left to finish: the manifests and the splits that belong to them are there."""
    paths.unfinished_freeze(study).unlink(missing_ok=True)


def path_of(manifest: dict[str, Any]) -> Path:
    return paths.manifest(manifest["study"], manifest["split"], manifest["version"])


def _write(manifests: Manifests) -> None:
    for manifest in manifests:
        records.write_json(path_of(manifest), manifest)

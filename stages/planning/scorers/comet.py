"""COMET: a model on the hub at a commit, or a checkpoint file."""

from collections.abc import Mapping
from typing import Any

from stages.command import UserError
from stages.planning.schema import StudyFile
from stages.planning.schema.scorers import COMET_MODEL, COMET_REVISION, Comet


def plan(studies: StudyFile, name: str, *_: Mapping[str, Any]) -> dict[str, Any]:
    return settings(studies.study[studies.score_comet[name].study].comet)


def settings(declared: Comet) -> dict[str, Any]:
    """What COMET scores with; its own model is pinned here where the study pins none."""
    resolved = declared.model_dump()
    if declared.model == COMET_MODEL and declared.revision is None:
        resolved["revision"] = COMET_REVISION
    return {"comet": resolved}


def check(studies: StudyFile, study: str, place: str) -> None:
    """Its settings have defaults, and `pinned` is asked of every study."""


def pinned(place: str, declared: Comet) -> None:
    """Raise UserError unless a model other than COMET's own is pinned."""
    if declared.model.endswith(".ckpt"):
        if declared.sha256 is None or declared.revision is not None:
            raise UserError(
                f"{place}: a checkpoint file is pinned by `sha256`, and by no revision; "
                f"see `sha256sum {declared.model}`"
            )
    elif declared.model != COMET_MODEL and declared.revision is None:
        raise UserError(f"{place}.revision: missing; a hub's model is pinned by its commit")

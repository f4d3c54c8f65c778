"""What decides how a row is asked beside its format: it goes with an arm from dev to test."""

from collections.abc import Mapping
from typing import Any

from stages.planning.schema import Render, Study, StudyFile


def asking(studies: StudyFile, render: Render, hashes: Mapping[str, str]) -> dict[str, Any]:
    """Left out is what a render does not use, so that a new setting re-runs nothing.

    `hashes` has the SHA-256 of each file that is named.
    """
    study = studies.study[render.study]
    asked: dict[str, Any] = {"instruction": study.instruction}
    if render.shots:
        asked["shots"] = render.shots.model_dump() | _drawn(render, study)
    if render.terms:
        asked["terms"] = {"path": render.terms, "sha256": hashes[render.terms]}
    return asked


def _drawn(render: Render, study: Study) -> dict[str, int]:
    """What a draw of examples takes; similarity draws nothing."""
    return {"seed": study.split_seed} if render.shots.choose == "fixed" else {}


def asked_in(render: Render) -> str:
    """The format of dev and test prompts."""
    return render.asked_in or render.format

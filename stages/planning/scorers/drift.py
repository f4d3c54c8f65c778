"""The drift of an arm from its base, on texts of its own."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from stages.command import UserError
from stages.planning.schema import StudyFile

LIBRARIES = ("torch", "transformers", "peft", "bitsandbytes")


def plan(
    studies: StudyFile,
    name: str,
    of_arm: Mapping[str, Any],
    hashes: Mapping[str, str],
    pins: Mapping[str, str],
) -> dict[str, Any]:
    arm = studies.measure_drift[name]
    drift = studies.study[arm.study].drift.model_dump()
    return {
        "base": arm.base,
        "drift": {**drift, "sha256": hashes[drift["prompts"]]},
        **{knob: of_arm[knob] for knob in ("quantize", "precision")},
        "pins": {library: pins[library] for library in LIBRARIES},
    }


def check(studies: StudyFile, study: str, place: str) -> None:
    declared = studies.study[study].drift
    if declared is None:
        raise UserError(f"{place}: study.{study} has no settings `drift:`")
    if not Path(declared.prompts).exists():
        raise UserError(f"{place}: study.{study}.drift.prompts: no such file '{declared.prompts}'")

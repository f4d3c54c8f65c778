"""A judge behind an endpoint, which compares everything with one and the same arm."""

from collections.abc import Mapping
from typing import Any

from stages.command import UserError
from stages.judging.address import check_address
from stages.planning.schema import StudyFile

LIBRARIES = ("openai",)


def plan(
    studies: StudyFile,
    name: str,
    _: Mapping[str, Any],
    __: Mapping[str, str],
    pins: Mapping[str, str],
) -> dict[str, Any]:
    entry = studies.judge[name]
    declared = studies.study[entry.study]
    return {
        "against": entry.against,
        "instruction": declared.instruction,
        "judge": declared.judge.model_dump(),
        "pins": {library: pins[library] for library in LIBRARIES},
    }


def check(studies: StudyFile, study: str, place: str) -> None:
    """One arm is what all are compared with, itself too: that is the A/A control."""
    if studies.study[study].judge is None:
        raise UserError(f"{place}: study.{study} has no settings `judge:`")
    beside = sorted({entry.against for entry in studies.judge.values() if entry.study == study})
    if len(beside) > 1:
        raise UserError(
            f"{place}: against {', '.join(beside)}; compare all arms of '{study}' with the same one"
        )
    try:
        check_address(studies.study[study].judge.base_url)
    except UserError as error:
        raise UserError(f"{place}: study.{study}.{error}") from None

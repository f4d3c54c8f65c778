"""Plans of what needs no model: a study's floors, those of its own and those that it leaves out."""

from typing import Any

from stages import paths
from stages.floors import FLOORS, REFERENCE
from stages.planning.resolve import arms
from stages.planning.schema import Study, StudyFile
from stages.planning.scorers import metrics_but


def declared(study: Study) -> dict[str, str | None]:
    """Every floor of a study: None for those that all have, the text for constants of its own.

    The reference, which is none, comes last.
    """
    own = {name: floor.constant for name, floor in study.floors.items() if floor.left_out is None}
    every = {name: None for name in FLOORS if name not in left_out(study)} | own
    return {name: text for name, text in every.items() if name != REFERENCE} | {REFERENCE: None}


def left_out(study: Study) -> dict[str, str]:
    """The floors that a study does without, each with its reason."""
    return {name: floor.left_out for name, floor in study.floors.items() if floor.left_out}


def answer(name: str, study: Study) -> dict[str, Any]:
    # A list: JSON is written with sorted keys here, and the simplest floor is to come first
    floors = [{"name": name, "constant": text} for name, text in declared(study).items()]
    return {"study": name, "floors": floors, "left_out": left_out(study)}


def evaluate(
    studies: StudyFile, study: str, hashes: dict[str, str], pins: dict[str, str]
) -> dict[str, Any]:
    """As for an arm, without what takes a model to be scored."""
    metrics = metrics_but(studies, study, lambda scorer: scorer.needs_model)
    sliced = studies.study[study].slice_by
    plan = arms.evaluate(metrics, hashes, pins, sliced)
    return {"study": study, "arm": paths.floors(study), **plan}


def report(study: Study) -> dict[str, Any]:
    """The floors as they are shown, why some are missing, and why they may be passed over."""
    waived = study.promote.waive_floors if study.promote else None
    floors = declared(study)
    own = [name for name, text in floors.items() if text is not None]
    return {"shown": list(floors), "own": own, "left_out": left_out(study), "waived": waived}

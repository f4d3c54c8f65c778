"""A render's names exist, and its study has what it asks for."""

from pathlib import Path

from stages.command import UserError
from stages.formats import FORMATS
from stages.metrics.glossary import read_glossary
from stages.planning.schema import Render, StudyFile
from stages.planning.yaml_files import known


def check(studies: StudyFile, place: str, render: Render) -> None:
    """Raise UserError at the first name that refers to nothing, or option that can't be met."""
    known(render.study, studies.study, f"{place}.study")
    named = {"format": render.format, "asked_in": render.asked_in}
    for field, name in named.items():
        if name is not None:
            known(name, FORMATS, f"{place}.{field}")
    for name in render.formats or {}:
        known(name, FORMATS, f"{place}.formats")
    study = studies.study[render.study]
    if render.shots and study.splits.train.rows <= render.shots.count:
        raise UserError(
            f"{place}.shots.count: {render.shots.count} examples before a row, but the train split "
            f"has {study.splits.train.rows} rows; show fewer"
        )
    if render.terms is not None:
        _terms(f"{place}.terms", render.terms, study.instruction)


def _terms(place: str, path: str, instruction: str | None) -> None:
    if instruction is None:
        raise UserError(f"{place}: the study has no `instruction` that they could be added to")
    if not Path(path).is_file():
        raise UserError(f"{place}: {path}: no such glossary")
    try:
        read_glossary(path)
    except (ValueError, OSError) as error:
        raise UserError(f"{place}: {error}") from None

"""Every name in the study files refers to something that exists, and fits where it is used."""

from pathlib import Path

from stages import records
from stages.command import UserError
from stages.formats import FORMATS
from stages.metrics import METRICS
from stages.metrics.metric import check_options
from stages.params import Arm, Study, StudyFile
from stages.yaml_files import known

# Options of metrics whose value is the path of a file in git.
FILES = ("glossary",)


def check(studies: StudyFile, loaded: dict[Path, StudyFile]) -> None:
    """Raise UserError at the first name that refers to nothing, with file, key and known names."""
    for path, content in loaded.items():
        for name, study in content.study.items():
            _study(studies, f"{path}: study.{name}", study)
        for name, render in content.renders.items():
            known(render.study, studies.study, f"{path}: renders.{name}.study")
            known(render.format, FORMATS, f"{path}: renders.{name}.format")
        for name, arm in content.arms.items():
            _arm(studies, f"{path}: arms.{name}", name, arm)


def metric_files(studies: StudyFile) -> dict[str, str]:
    """SHA-256 of each file that a metric's options name, so that a change of it is noticed."""
    metrics = [metric for study in studies.study.values() for metric in study.metrics.values()]
    options = [option for metric in metrics for option in metric.items()]
    return {value: records.file_digest(Path(value)) for name, value in options if name in FILES}


def _study(studies: StudyFile, place: str, study: Study) -> None:
    known(study.base, studies.bases, f"{place}.base")
    for metric, options in study.metrics.items():
        known(metric, METRICS, f"{place}.metrics")
        try:
            check_options(METRICS[metric], options)
            METRICS[metric].signature(**options)  # reads the files that the options name
        except (ValueError, TypeError, OSError) as error:
            raise UserError(f"{place}.metrics.{metric}: {error}") from None


def _arm(studies: StudyFile, place: str, name: str, arm: Arm) -> None:
    known(arm.study, studies.study, f"{place}.study")
    known(arm.base, studies.bases, f"{place}.base")
    known(arm.render, studies.renders, f"{place}.render")
    if studies.renders[arm.render].study != arm.study:
        other = studies.renders[arm.render].study
        raise UserError(f"{place}.render: '{arm.render}' belongs to the study '{other}'")
    if not name.startswith(f"{arm.study}-"):
        raise UserError(f"{place}: an arm's name starts with its study: '{arm.study}-{name}'")

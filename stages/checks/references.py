"""Every name in the study files refers to something that exists, and fits where it is used."""

from pathlib import Path

from stages import records
from stages.checks import claims
from stages.command import UserError
from stages.formats import FORMATS
from stages.metrics import METRICS, SCORED_APART
from stages.metrics.metric import check_options
from stages.params import COMET_MODEL, Arm, Comet, Study, StudyFile
from stages.plans import metrics_of
from stages.verdict_plans import baseline
from stages.yaml_files import known

# Options of metrics whose value is the path of a file in git.
FILES = ("glossary",)


def check(studies: StudyFile, loaded: dict[Path, StudyFile]) -> None:
    """Raise UserError at the first name that refers to nothing, with file, key and known names."""
    for path, content in loaded.items():
        for name, study in content.study.items():
            place = f"{path}: study.{name}"
            _study(studies, place, study)
            arms = [arm for arm, declared in studies.arms.items() if declared.study == name]
            claims.check(study, place, arms, metrics_of(studies, name))
        for name, render in content.renders.items():
            known(render.study, studies.study, f"{path}: renders.{name}.study")
            known(render.format, FORMATS, f"{path}: renders.{name}.format")
        for name, arm in content.arms.items():
            _arm(studies, f"{path}: arms.{name}", name, arm)
        _scored_by_comet(studies, f"{path}: score_comet", content.score_comet)


def metric_files(studies: StudyFile) -> dict[str, str]:
    """SHA-256 of each file that a metric's options name, so that a change of it is noticed."""
    metrics = [metric for study in studies.study.values() for metric in study.metrics.values()]
    options = [option for metric in metrics for option in metric.items()]
    return {value: records.file_digest(Path(value)) for name, value in options if name in FILES}


def _study(studies: StudyFile, place: str, study: Study) -> None:
    known(study.base, studies.bases, f"{place}.base")
    _comet(f"{place}.comet", study.comet)
    for metric, options in study.metrics.items():
        known(metric, METRICS, f"{place}.metrics")
        if metric in SCORED_APART:
            raise UserError(
                f"{place}.metrics.{metric}: a line `score_{metric}: *arms` at the end of the file "
                "switches it on; remove it here"
            )
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
    if arm.compare_to is not None:
        others = [n for n, other in studies.arms.items() if other.study == arm.study and n != name]
        known(arm.compare_to, others, f"{place}.compare_to")
    try:
        baseline(studies, name)
    except ValueError as error:
        raise UserError(f"{place}.compare_to: {error}") from None


def _comet(place: str, comet: Comet) -> None:
    if comet.model.endswith(".ckpt"):
        if comet.sha256 is None or comet.revision is not None:
            raise UserError(
                f"{place}: a checkpoint file is pinned by `sha256`, and by no revision; "
                f"see `sha256sum {comet.model}`"
            )
    elif comet.model != COMET_MODEL and comet.revision is None:
        raise UserError(f"{place}.revision: missing; a hub's model is pinned by its commit")


def _scored_by_comet(studies: StudyFile, place: str, scored: dict[str, Arm]) -> None:
    for name, arm in scored.items():
        known(name, studies.arms, place)
        if arm != studies.arms[name]:
            raise UserError(f"{place}.{name}: differs from arms.{name}; write `score_comet: *arms`")
    for study in sorted({arm.study for arm in scored.values()}):
        left = [n for n, a in studies.arms.items() if a.study == study and n not in scored]
        if left:
            raise UserError(
                f"{place}: leaves out {', '.join(left)}; score all arms of '{study}' or none, "
                "since they are compared"
            )

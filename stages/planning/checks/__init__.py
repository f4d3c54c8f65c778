"""Every name in the study files refers to something that exists, and fits where it is used."""

from pathlib import Path

from stages import paths, records
from stages.command import UserError
from stages.floors import FLOORS, REFERENCE
from stages.methods import METHODS
from stages.metrics import METRICS
from stages.metrics.metric import check_options
from stages.metrics.scorers import SCORERS
from stages.planning.checks import claims, next_tokens, renders, scorers, while_training
from stages.planning.resolve.verdicts import baseline
from stages.planning.schema import Arm, Study, StudyFile
from stages.planning.scorers import comet, metrics_of
from stages.planning.yaml_files import known

# Options of metrics whose value is the path of a file in git.
FILES = ("glossary", "phrases")


def check(studies: StudyFile, loaded: dict[Path, StudyFile]) -> None:
    """Raise UserError at the first name that refers to nothing, with file, key and known names."""
    for path, content in loaded.items():
        for name, study in content.study.items():
            place = f"{path}: study.{name}"
            _study(studies, place, study)
            arms = [arm for arm, entry in studies.arms.items() if entry.study == name]
            claims.check(study, place, arms, metrics_of(studies, name))
            while_training.check(studies, study, place)
        for name, render in content.renders.items():
            renders.check(studies, f"{path}: renders.{name}", render)
        for name, arm in content.arms.items():
            _arm(studies, f"{path}: arms.{name}", name, arm)
            _from_base(f"{path}: arms.{name}", arm)
        for name, arm in content.continued.items():
            _arm(studies, f"{path}: continued.{name}", name, arm)
            _continued(studies, f"{path}: continued.{name}", name, arm)
        scorers.check(studies, str(path), content)
        next_tokens.check(studies, str(path), content)


def metric_files(studies: StudyFile) -> dict[str, str]:
    """SHA-256 of each file that metrics, renders, the drift or next tokens name: changes count."""
    metrics = [metric for study in studies.study.values() for metric in study.metrics.values()]
    options = [option for metric in metrics for option in metric.items()]
    named = [value for name, value in options if name in FILES]
    named += [study.drift.prompts for study in studies.study.values() if study.drift]
    named += [study.next_tokens.prompts for study in studies.study.values() if study.next_tokens]
    named += [render.terms for render in studies.renders.values() if render.terms]
    # Missing, they are said to be where they are named, if anything reads them.
    return {name: records.file_digest(Path(name)) for name in named if Path(name).exists()}


def _study(studies: StudyFile, place: str, study: Study) -> None:
    known(study.base, studies.bases, f"{place}.base")
    comet.pinned(f"{place}.comet", study.comet)
    _floors(place, study)
    for metric, options in study.metrics.items():
        known(metric, METRICS, f"{place}.metrics")
        if scorer := METRICS[metric].scorer:
            raise UserError(
                f"{place}.metrics.{metric}: a map `{SCORERS[scorer].switch}` at the end of the "
                "file switches it on; remove it here"
            )
        try:
            check_options(METRICS[metric], options)
            METRICS[metric].signature(**options)  # reads the files that the options name
        except (ValueError, TypeError, OSError) as error:
            raise UserError(f"{place}.metrics.{metric}: {error}") from None


def _floors(place: str, study: Study) -> None:
    """A study adds constants under names of their own, and leaves out what all studies have."""
    for name, floor in study.floors.items():
        if floor.left_out is not None:
            known(name, [n for n in FLOORS if n != REFERENCE], f"{place}.floors (left out)")
        elif name in FLOORS and name != "constant":
            raise UserError(
                f"{place}.floors.{name}: every study has it; name the constant otherwise"
            )
        elif "-" in name:
            raise UserError(f"{place}.floors.{name}: no `-`, which the names of arms have")
    if study.publish == "all" and study.licence is None:
        raise UserError(
            f"{place}.publish: all, so that the rows' texts go into git: name their `licence`, or "
            "say sample or none"
        )


def _arm(studies: StudyFile, place: str, name: str, arm: Arm) -> None:
    known(arm.study, studies.study, f"{place}.study")
    known(arm.base, studies.bases, f"{place}.base")
    known(arm.render, studies.renders, f"{place}.render")
    if studies.renders[arm.render].study != arm.study:
        other = studies.renders[arm.render].study
        raise UserError(f"{place}.render: '{arm.render}' belongs to the study '{other}'")
    if name == paths.floors(arm.study):
        raise UserError(f"{place}: the study's floors have this name; choose another")
    if not name.startswith(f"{arm.study}-"):
        raise UserError(f"{place}: an arm's name starts with its study: '{arm.study}-{name}'")
    if arm.compare_to is not None:
        others = [n for n, other in studies.arms.items() if other.study == arm.study and n != name]
        known(arm.compare_to, others, f"{place}.compare_to")
    _given(place, arm)
    try:
        baseline(studies, name)
    except ValueError as error:
        raise UserError(f"{place}.compare_to: {error}") from None


def _from_base(place: str, arm: Arm) -> None:
    """DVC sees what an arm starts from where it stands under `continued`, and nowhere else."""
    if arm.start_from is not None or METHODS[arm.method].explores:
        what = f"method {arm.method}" if arm.start_from is None else "start_from"
        raise UserError(f"{place}: {what} is for arms under `continued:`, with `start_from: ARM`")


def _continued(studies: StudyFile, place: str, name: str, arm: Arm) -> None:
    """It goes on by a method that can, from another arm of its study on the same base."""
    able = [method for method in METHODS if METHODS[method].explores]
    known(arm.method, able, f"{place}.method")
    if studies.renders[arm.render].every_reference:
        raise UserError(
            f"{place}.render: '{arm.render}' has every_reference, and rewards look at no "
            "reference: a prompt would only count several times; name a render without it"
        )
    if arm.start_from is None:
        raise UserError(
            f"{place}.start_from: missing; name the arm that it goes on from, which may be the "
            "untouched base"
        )
    others = [n for n, other in studies.arms.items() if other.study == arm.study and n != name]
    known(arm.start_from, others, f"{place}.start_from")
    before = studies.arms[arm.start_from]
    if before.base != arm.base:
        raise UserError(f"{place}.start_from: '{arm.start_from}' is on the base '{before.base}'")
    if not METHODS[before.method].generates:
        raise UserError(f"{place}.start_from: the answers of '{arm.start_from}' come written")
    way = [name]
    while (before := studies.arms.get(way[-1])) and before.start_from:
        way.append(before.start_from)
        if way[-1] in way[:-1]:
            raise UserError(
                f"{place}.start_from: {' <- '.join(way)} goes round in a circle; one of them must "
                "start from an arm outside it"
            )


def _given(place: str, arm: Arm) -> None:
    """What a method alone is given is there for it, and for no other."""
    for name, method in METHODS.items():
        if method.given and (getattr(arm, name) is None) == (arm.method == name):
            what = "missing" if arm.method == name else f"the method is {arm.method}"
            raise UserError(f"{place}.{name}: {what}; `method: {name}` comes with `{name}:`")

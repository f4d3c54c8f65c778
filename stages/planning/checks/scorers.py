"""What scores answers apart (COMET, the drift from the base, a judge) is set up and switched on."""

from pathlib import Path

from stages.command import UserError
from stages.judging.address import check_address
from stages.planning.resolve.scorers import SWITCHES, scored_arms, to_score
from stages.planning.schema import StudyFile
from stages.planning.schema.scorers import COMET_MODEL, Comet
from stages.planning.yaml_files import known


def comet(place: str, settings: Comet) -> None:
    """Raise UserError unless a model other than COMET's own is pinned."""
    if settings.model.endswith(".ckpt"):
        if settings.sha256 is None or settings.revision is not None:
            raise UserError(
                f"{place}: a checkpoint file is pinned by `sha256`, and by no revision; "
                f"see `sha256sum {settings.model}`"
            )
    elif settings.model != COMET_MODEL and settings.revision is None:
        raise UserError(f"{place}.revision: missing; a hub's model is pinned by its commit")


def switched_on(studies: StudyFile, path: str, content: StudyFile) -> None:
    """Raise UserError where one file's switches name what its study lacks, or leave arms out."""
    for scorer, switch in SWITCHES.items():
        place = f"{path}: {switch}"
        entries = getattr(content, switch)
        for name, entry in entries.items():
            known(entry.study, studies.study, f"{place}.{name}.study")
            scored = to_score(studies, entry.study, scorer)
            known(name, scored, f"{place} (of {entry.study})")
            if scorer == "judge":
                arms = [other for other in scored if other in studies.arms]
                known(entry.against, arms, f"{place}.{name}.against")
            elif name in studies.arms and entry != studies.arms[name]:
                raise UserError(
                    f"{place}.{name}: differs from arms.{name}; write `{switch}: *arms`"
                )
        for study in sorted({entry.study for entry in entries.values()}):
            _complete(studies, place, scorer, study)


def _judge(studies: StudyFile, place: str, study: str) -> None:
    """One arm is what all are compared with, itself too: that is the A/A control."""
    beside = sorted({entry.against for entry in studies.judge.values() if entry.study == study})
    if len(beside) > 1:
        raise UserError(
            f"{place}: against {', '.join(beside)}; compare all arms of '{study}' with the same one"
        )
    try:
        check_address(studies.study[study].judge.base_url)
    except UserError as error:
        raise UserError(f"{place}: study.{study}.{error}") from None


def _complete(studies: StudyFile, place: str, scorer: str, study: str) -> None:
    scored = scored_arms(studies, study, scorer)
    left = [name for name in to_score(studies, study, scorer) if name not in scored]
    if left:
        raise UserError(
            f"{place}: leaves out {', '.join(left)}; score all of '{study}' or none, since they "
            "are compared"
        )
    if scorer != "comet" and getattr(studies.study[study], scorer) is None:
        raise UserError(f"{place}: study.{study} has no settings `{scorer}:`")
    if scorer == "judge":
        _judge(studies, place, study)
    if scorer == "drift" and not Path(studies.study[study].drift.prompts).exists():
        file = studies.study[study].drift.prompts
        raise UserError(f"{place}: study.{study}.drift.prompts: no such file '{file}'")

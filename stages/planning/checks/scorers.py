"""What scores answers apart is switched on for all that is compared, and is set up."""

from stages.command import UserError
from stages.metrics import scorers as facts
from stages.planning.schema import StudyFile
from stages.planning.scorers import SCORERS, scored, to_score
from stages.planning.yaml_files import known


def check(studies: StudyFile, path: str, content: StudyFile) -> None:
    """Raise UserError where one file's switches name what its study lacks, or leave arms out."""
    for scorer, module in SCORERS.items():
        switch = facts.SCORERS[scorer].switch
        place = f"{path}: {switch}"
        entries = getattr(content, switch)
        for name, entry in entries.items():
            known(entry.study, studies.study, f"{place}.{name}.study")
            known(name, to_score(studies, entry.study, scorer), f"{place} (of {entry.study})")
            if beside := getattr(entry, "against", None):
                arms = [arm for arm, other in studies.arms.items() if other.study == entry.study]
                known(beside, arms, f"{place}.{name}.against")
            # A map that takes the arms over as they are: `*arms`
            if isinstance(entry, type(studies.arms.get(name))) and entry != studies.arms[name]:
                raise UserError(
                    f"{place}.{name}: differs from arms.{name}; write `{switch}: *arms`"
                )
        for study in sorted({entry.study for entry in entries.values()}):
            _complete(studies, place, scorer, study)
            module.check(studies, study, place)


def _complete(studies: StudyFile, place: str, scorer: str, study: str) -> None:
    have = scored(studies, study, scorer)
    left = [name for name in to_score(studies, study, scorer) if name not in have]
    if left:
        raise UserError(
            f"{place}: leaves out {', '.join(left)}; score all of '{study}' or none, since they "
            "are compared"
        )

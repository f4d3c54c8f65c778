"""Next tokens are asked for where there is an adapter to switch off, and texts to read."""

from pathlib import Path

from stages.command import UserError
from stages.methods import METHODS
from stages.planning.schema import Arm, StudyFile
from stages.planning.yaml_files import known


def check(studies: StudyFile, path: str, content: StudyFile) -> None:
    """Raise UserError where one file's map `next_tokens` names what can't be read."""
    for name, entry in content.next_tokens.items():
        place = f"{path}: next_tokens.{name}"
        known(name, studies.arms, f"{path}: next_tokens")
        if entry != studies.arms[name]:
            raise UserError(f"{place}: differs from arms.{name}; write `{name}: *ANCHOR` of it")
        if not METHODS[entry.method].adapts:
            raise UserError(
                f"{place}: method {entry.method} leaves no adapter to switch off; leave the arm out"
            )
        _texts(studies, place, entry)


def _texts(studies: StudyFile, place: str, arm: Arm) -> None:
    """A study says which texts, and has an instruction to put its listed prompts behind."""
    study = studies.study[arm.study]
    if study.next_tokens is None:
        raise UserError(f"{place}: study.{arm.study} has no settings `next_tokens:`")
    if study.instruction is None:
        raise UserError(
            f"{place}: study.{arm.study} has no instruction for all its rows, so a listed prompt "
            "can't be asked as they are"
        )
    if not Path(study.next_tokens.prompts).exists():
        file = study.next_tokens.prompts
        raise UserError(f"{place}: study.{arm.study}.next_tokens.prompts: no such file '{file}'")

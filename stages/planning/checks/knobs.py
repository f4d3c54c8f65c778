"""Every arm's knobs, of params.yaml, study and arm together, are some that its method takes."""

from pathlib import Path

from pydantic import ValidationError

from stages.command import UserError
from stages.methods import METHODS
from stages.planning.resolve.arms import chosen, resolve
from stages.planning.schema import Arm, Knobs, Study, StudyFile


def check(root: Knobs, studies: StudyFile, loaded: dict[Path, StudyFile]) -> None:
    """Raise UserError, with the arm and its file, for knobs that don't go together.

    The file stands behind the arm: another one may have set what does not fit.
    """
    for path, content in loaded.items():
        for section in ("arms", "continued"):
            for name, arm in getattr(content, section).items():
                _arm(f"{section}.{name} ({path})", root, studies.study[arm.study], arm)


def _arm(place: str, root: Knobs, study: Study, arm: Arm) -> None:
    own = METHODS[arm.method].knobs
    try:
        own.model_validate(chosen(resolve(root, study, arm), own.model_fields))
    except ValidationError as error:
        first = error.errors()[0]
        said = first["msg"].removeprefix("Value error, ")
        where = ".".join(map(str, first["loc"]))
        raise UserError(f"{place}: {where}{': ' if where else ''}{said}") from None

"""The name of a new study, and the base that it starts from."""

from pydantic import TypeAdapter, ValidationError

from stages import paths
from stages.command import UserError
from stages.planning.schema import StudyFile
from stages.planning.yaml_files import known
from stages.strict import Key


def free(name: str, studies: StudyFile) -> None:
    """Raise UserError for a name that no study may have, and for one that has left its traces."""
    try:
        TypeAdapter(Key).validate_python(name)
    except ValidationError:
        raise UserError(
            f"{name!r} is no name for a study: lower case letters, digits and `_`, a letter first, "
            "parts joined by `-`"
        ) from None
    if name in studies.study:
        taken = f"known: {', '.join(sorted(studies.study))}"
        raise UserError(f"there is a study '{name}' already ({taken}); choose another name")
    # An old ledger or manifest would be taken for one of the new study's
    traces = [paths.study_file(name), paths.manifest(name, "dev", "v1").parent]
    traces += [paths.kept_rows(name).parent, paths.looks(name)]
    if left := [trace for trace in traces if trace.exists()]:
        raise UserError(
            f"{left[0]}: there already, from another study '{name}'; choose another name"
        )


def base(name: str, studies: StudyFile) -> str:
    """The base of that name; without one the first. UserError for an unknown one, or for none."""
    if not studies.bases:
        raise UserError("no study file under `vars` of dvc.yaml has bases; see studies/bases.yaml")
    if name:
        known(name, studies.bases, "--base")
    return name or next(iter(studies.bases))

"""A study's lines in dvc.yaml, put in as text: comments and spacing stay as they are."""

from typing import Any

from ruamel.yaml import YAML, YAMLError

from stages import paths
from stages.command import UserError


def register(pipeline: str, name: str) -> str:
    """The text of dvc.yaml with a study at the end of vars, of plan's params and of artifacts.

    Raises UserError where lines of their own do not do that.
    """
    read = YAML().load(pipeline)
    file = paths.study_file(name).as_posix()
    # What comes behind a line, by its number
    added = {
        _last(read["vars"]): lambda line: [_like(line, file)],
        _last(read["stages"]["plan"]["params"]): lambda line: [_like(line, f"{file}:")],
    }
    if read.get("artifacts"):
        artifact = [f"  {name}:", *(f"    {key}: {it}" for key, it in _artifact(name).items())]
        added[_end(read["artifacts"])] = lambda line: artifact
    lines = []
    for number, line in enumerate(pipeline.split("\n")):
        lines += [line, *(added[number](line) if number in added else [])]
    made = "\n".join(lines)
    if _meaning(made) != _with(_meaning(pipeline), file, name):
        raise UserError(
            "dvc.yaml: cannot add lines to what vars, stages.plan.params and artifacts have there; "
            "write each of their entries on a line of its own, as they were"
        )
    return made


def _last(entries: Any) -> int:
    """The number of the line, from 0, on which the last entry of a list begins."""
    return entries.lc.item(len(entries) - 1)[0]


def _end(artifacts: Any) -> int:
    """The number of the line on which the last key of the last artifact stands."""
    last = artifacts[list(artifacts)[-1]]
    return last.lc.key(list(last)[-1])[0]


def _like(line: str, entry: str) -> str:
    """The entry of a list, spaced as another one's line."""
    before, dash, _ = line.partition("- ")
    return f"{before}{dash}{entry}"


def _artifact(name: str) -> dict[str, str]:
    return {"path": paths.promoted(name).as_posix(), "type": "model"}


def _meaning(text: str) -> Any:
    """What a YAML text says; None where it is none."""
    try:
        return YAML(typ="safe", pure=True).load(text)
    except YAMLError:
        return None


def _with(pipeline: Any, file: str, name: str) -> Any:
    pipeline["vars"].append(file)
    pipeline["stages"]["plan"]["params"].append({file: None})
    if pipeline.get("artifacts"):
        pipeline["artifacts"][name] = _artifact(name)
    return pipeline

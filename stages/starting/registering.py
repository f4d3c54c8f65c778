"""A study file's two lines in dvc.yaml, put in as text: comments and spacing stay as they are."""

from typing import Any

from ruamel.yaml import YAML

from stages.command import UserError


def register(pipeline: str, file: str) -> str:
    """The text of dvc.yaml with `file` at the end of `vars` and of the plan stage's params.

    Raises UserError where that cannot be done by a line each.
    """
    read = YAML().load(pipeline)
    places = [(_last(read["stages"]["plan"]["params"]), f"{file}:"), (_last(read["vars"]), file)]
    lines = pipeline.split("\n")
    # From below, so that the first insertion leaves the other's line number as it is
    for number, entry in sorted(places, reverse=True):
        before, dash, _ = lines[number].partition("- ")
        lines.insert(number + 1, f"{before}{dash}{entry}")
    made = "\n".join(lines)
    if _meaning(made) != _with(_meaning(pipeline), file):
        raise UserError(
            f"dvc.yaml: cannot add lines to what `vars` and stages.plan.params have there; write "
            f"each entry on a line of its own, `- {file}` and `- {file}:`"
        )
    return made


def _last(entries: Any) -> int:
    """The number of the line, from 0, on which the last entry of a list begins."""
    return entries.lc.item(len(entries) - 1)[0]


def _meaning(text: str) -> Any:
    """What a YAML text says; None where it is none."""
    try:
        return YAML(typ="safe", pure=True).load(text)
    except Exception:  # half a dozen types, all of which mean that the insertion did not work
        return None


def _with(pipeline: Any, file: str) -> Any:
    pipeline["vars"].append(file)
    pipeline["stages"]["plan"]["params"].append({file: None})
    return pipeline

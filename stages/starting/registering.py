"""A study's entries in dvc.yaml, put in as text: comments and spacing stay as they are."""

from typing import Any

from ruamel.yaml import YAML

from stages.command import UserError


def register(pipeline: str, name: str, file: str) -> str:
    """The text of dvc.yaml with `file` at the end of `vars` and of the plan stage's params.

    What study `name` promotes comes last among the artifacts. Raises UserError where that cannot be
    done by inserting lines.
    """
    read = YAML().load(pipeline)
    places = [(_last(read["stages"]["plan"]["params"]), f"{file}:"), (_last(read["vars"]), file)]
    lines = pipeline.split("\n")
    added = {number + 1: [_listed(lines[number], entry)] for number, entry in places}
    if artifacts := read.get("artifacts"):
        added[_end(artifacts) + 1] = [
            *(f"  {name}:", f"    path: models/promoted/{name}", "    type: model"),
        ]
    # From below, so that an insertion leaves the others' line numbers as they are
    for number in sorted(added, reverse=True):
        lines[number:number] = added[number]
    made = "\n".join(lines)
    if _meaning(made) != _with(_meaning(pipeline), name, file):
        raise UserError(
            f"dvc.yaml: cannot add lines to what `vars` and stages.plan.params have there; write "
            f"each entry on a line of its own, `- {file}` and `- {file}:`"
        )
    return made


def _last(entries: Any) -> int:
    """The number of the line, from 0, on which the last entry of a list begins."""
    return entries.lc.item(len(entries) - 1)[0]


def _listed(line: str, entry: str) -> str:
    """An entry as the one on this line is listed."""
    before, dash, _ = line.partition("- ")
    return f"{before}{dash}{entry}"


def _end(entries: Any) -> int:
    """The number of the line, from 0, on which the last entry of a map of maps ends."""
    last = entries[list(entries)[-1]]
    return last.lc.key(list(last)[-1])[0]


def _meaning(text: str) -> Any:
    """What a YAML text says; None where it is none."""
    try:
        return YAML(typ="safe", pure=True).load(text)
    except Exception:  # half a dozen types, all of which mean that the insertion did not work
        return None


def _with(pipeline: Any, name: str, file: str) -> Any:
    if pipeline.get("artifacts"):
        pipeline["artifacts"][name] = {"path": f"models/promoted/{name}", "type": "model"}
    pipeline["vars"].append(file)
    pipeline["stages"]["plan"]["params"].append({file: None})
    return pipeline

"""Texts of one line each with one or several right versions, a file each, as JFLEG has them.

`files` has the official splits by name: of each the file of the inputs and those of the references,
where line n belongs to line n. An example's origin is the split, so that a study that names it
under `origins` keeps it as it is; its target is the first reference, and `references` has all. A
reference without text is one that its annotator left out.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from stages import records
from stages.command import UserError
from stages.pinned import pinned
from stages.sources.example import identify


def read(source: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Read every split's files.

    Raises UserError for another hash than the pinned one, for files of different length, and as
    file:line for an input without text or without any reference.
    """
    return [row for name, files in source["files"].items() for row in _split(name, files)]


def _split(name: str, files: Mapping[str, Any]) -> list[dict[str, Any]]:
    asked = pinned(files["source"]["path"], files["source"]["sha256"], name)
    inputs = _lines(asked)
    versions = []
    for file in files["references"]:
        path = pinned(file["path"], file["sha256"], name)
        versions.append(_lines(path))
        if len(versions[-1]) != len(inputs):
            raise UserError(
                f"{path}: {len(versions[-1])} lines, but {asked} has {len(inputs)}; "
                "line n of the one belongs to line n of the other"
            )
    rows = zip(inputs, zip(*versions, strict=True), strict=True)
    return [_example(*row, name, f"{asked}:{at}") for at, row in enumerate(rows, start=1)]


def _lines(path: Path) -> list[str]:
    """A file's lines without white space around; the last one may have no line feed."""
    lines = [line.strip() for line in records.lines(path)]
    return lines[:-1] if lines[-1] == "" else lines


def _example(text: str, right: tuple[str, ...], origin: str, place: str) -> dict[str, Any]:
    given = [version for version in right if version]
    if not text or not given:
        raise UserError(f"{place}: {'no reference' if text else 'no text'} on this line")
    return {
        "id": identify(text, *given),
        "input": text,
        "target": given[0],
        "origin": origin,
        "references": given,
    }

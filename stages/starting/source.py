"""The source of a new study: a file pinned by its hash, or a data set of the hub by its commit."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from stages import records
from stages.command import UserError
from stages.sources.tabular import READERS


def describe(data: str, columns: dict[str, str], hub: Mapping[str, str]) -> dict[str, Any]:
    """A source's settings as a study's file has them, by `kind`.

    `hub` has revision, split and config, empty where they were not given. Raises UserError where
    there is no such file and no revision, and for options that do not fit.
    """
    if columns["input"] == columns["target"]:
        raise UserError(
            f"--input and --target are both '{columns['input']}'; a copy teaches nothing"
        )
    path = Path(data)
    if path.suffix in READERS or path.is_file():
        return _file(path, columns, hub)
    if not hub["revision"]:
        raise UserError(
            f"{data}: no such file; a data set of the hub needs `--revision SHA`, its commit"
        )
    if not re.fullmatch(r"[0-9a-f]{40}", hub["revision"]):
        raise UserError(
            f"--revision {hub['revision']}: not a commit of 40 hex digits; branches and tags move"
        )
    pinned = {"revision": hub["revision"], "config": hub["config"] or None}
    split = hub["split"] or "train"
    return {"kind": "hub", "id": data, **pinned, "split": split, "columns": columns}


def _file(path: Path, columns: dict[str, str], hub: Mapping[str, str]) -> dict[str, Any]:
    if given := [option for option, value in hub.items() if value]:
        raise UserError(f"--{given[0]} is for data sets of the hub, and {path} is a file")
    # Another ending is refused where files are read, with those that there are
    if path.suffix in READERS and not path.is_file():
        raise UserError(f"{path}: no such file")
    sha256 = records.file_digest(path)
    return {"kind": "file", "path": path.as_posix(), "sha256": sha256, "columns": columns}

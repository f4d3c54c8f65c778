"""What a stage reads of another stage's outputs, held to the MD5 that DVC recorded in dvc.lock.

DVC takes a file of the same size and time for the same file, and a write-protected object in its
cache for sound. A byte that changed behind its back would pass through every stage unseen.
"""

import hashlib
import json
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import NamedTuple

from stages import paths
from stages.command import UserError

# What .dvcignore leaves out of a folder's hash and a folder of outputs might hold
IGNORED = {".gitignore", "__pycache__"}
REWRITTEN = 2.0  # seconds in which another dvc is done with writing a lock that it holds


class Output(NamedTuple):
    """An output as dvc.lock has it; a folder's MD5 ends in `.dir`."""

    stage: str
    md5: str


def verify(path: Path) -> None:
    """Raise UserError where `path` is, or lies in, an output that is not as its stage left it.

    Only what DVC runs is held to that, and not to its own outputs, which it is about to replace.
    Each output is hashed once a process.
    """
    running = os.environ.get("DVC_STAGE", "").rpartition(":")[2]
    if not running:
        return
    read = Path(os.path.relpath(path))
    for place in (read, *read.parents):
        output = outputs(Path.cwd()).get(place.as_posix())
        if output and output.stage != running and place.exists():
            _hold(place, output, Path.cwd())


@cache
def outputs(root: Path) -> dict[str, Output]:
    """All outputs in `root`'s dvc.lock by path; none where nothing was ever run."""
    import yaml  # 40 ms, of use under DVC alone

    try:
        text = (root / paths.LOCK).read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    found = {}
    try:
        # Everything as text: an MD5 may look like a number.
        for stage, entry in yaml.load(text, yaml.CBaseLoader)["stages"].items():
            for out in entry.get("outs", []):
                if out["hash"] == "md5":
                    found[out["path"]] = Output(stage, out["md5"])
    except (yaml.YAMLError, AttributeError, KeyError, TypeError):
        pass  # half written by another dvc; the stages that it runs are not those read here
    return found


@cache
def _hold(place: Path, output: Output, root: Path) -> None:
    found = _folder_md5(place) if place.is_dir() else _md5(place)
    if found == output.md5:
        return
    # A second dvc may have been writing the lock while it was read.
    time.sleep(REWRITTEN)
    outputs.cache_clear()
    output = outputs(root).get(place.as_posix(), output)
    if found != output.md5:
        delete = " and ".join(map(str, [place, *_damaged(output.md5)]))
        raise UserError(
            f"{place}: altered since {output.stage} made it: its MD5 is {found}, dvc.lock has "
            f"{output.md5}; delete {delete}, then run `dvc repro {output.stage}`"
        )


def _md5(file: Path) -> str:
    with open(file, "rb") as content:
        return hashlib.file_digest(content, "md5").hexdigest()


def _folder_md5(folder: Path) -> str:
    """DVC's MD5 of a folder: that of the list of its files, each with its own."""
    names = [file.relative_to(folder) for file in folder.rglob("*") if file.is_file()]
    names = sorted(name.as_posix() for name in names if not IGNORED & {*name.parts})
    with ThreadPoolExecutor() as pool:  # hashing lets other threads run
        digests = list(pool.map(lambda name: _md5(folder / name), names))
    listed = [{"md5": md5, "relpath": name} for md5, name in zip(digests, names, strict=True)]
    return hashlib.md5(json.dumps(listed, sort_keys=True).encode()).hexdigest() + ".dir"


def _damaged(md5: str) -> list[Path]:
    """Objects in DVC's cache, of an output or a file in it, that are not what they are named."""
    asked = [sys.executable, "-m", "dvc", "cache", "dir"]
    said = subprocess.run(asked, capture_output=True, text=True)
    if said.returncode:
        return []
    objects = Path(said.stdout.strip()) / "files/md5"
    whole = objects / md5[:2] / md5[2:]
    if not whole.exists():  # git holds the output
        return []
    if _md5(whole) != md5.removesuffix(".dir"):
        return [whole]
    if not md5.endswith(".dir"):
        return []
    parts = {entry["md5"] for entry in json.loads(whole.read_bytes())}
    files = {part: objects / part[:2] / part[2:] for part in sorted(parts)}
    return [file for part, file in files.items() if file.exists() and _md5(file) != part]

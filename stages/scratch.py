"""Unfinished work that outlives a kill: one locked folder per run, outside DVC's outputs."""

import contextlib
import fcntl
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from stages import paths, records
from stages.command import UserError

STAGES = Path(__file__).parent


def fingerprint(plan: dict[str, Any], inputs: list[Path]) -> str:
    """Hash of everything that decides what is made: plan, base, data and the code at work."""
    digests = [records.folder_digest(p) if p.is_dir() else records.file_digest(p) for p in inputs]
    return records.digest([plan, digests, _code()])[:16]


def _code() -> dict[str, str]:
    """The files of ours that this process runs: all that its result can depend on."""
    files = {Path(m.__file__) for m in [*sys.modules.values()] if getattr(m, "__file__", None)}
    ours = sorted(file for file in files if file.is_relative_to(STAGES))
    return {file.relative_to(STAGES).as_posix(): records.file_digest(file) for file in ours}


@contextlib.contextmanager
def workspace(kind: str, name: str, mark: str) -> Iterator[Path]:
    """The scratch folder of one run, locked: a second writer would corrupt both.

    `kill -9` on dvc leaves its child running, and the next `dvc repro` would start another. With
    other settings that one has another folder, but the same outputs; so these are locked as well.
    """
    folder = paths.scratch() / kind / f"{name}-{mark}"
    with _locked(paths.writer(kind, name), name), _locked(folder / "lock", name):
        yield folder


@contextlib.contextmanager
def _locked(file: Path, name: str) -> Iterator[None]:
    file.parent.mkdir(parents=True, exist_ok=True)
    with open(file, "a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise UserError(
                f"{file}: another process is still working on {name}; wait for it or end it "
                f"(process {lock.read() or 'unknown'})"
            ) from None
        lock.truncate(0)
        print(os.getpid(), end="", file=lock, flush=True)
        yield

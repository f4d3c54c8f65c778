"""Packages of the npm registry: fetched by its client, hash-checked, read in place, never run."""

import json
import shutil
import subprocess
import tarfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from stages.command import UserError
from stages.downloads import fetched

CLIENT = "npm"
# Where no network is, it shall say so in seconds and not in minutes.
IMPATIENT = ["--fetch-retries=1", "--fetch-retry-mintimeout=1000"]
MISSING = "npm is not installed; install Node.js 20 or later (it brings npm), then run again"
REMEDY = (
    "Check the network and npm's registry setting, then run again; "
    "what is already downloaded is kept."
)
LARGEST = 20_000_000  # bytes of one file in a package


def fetch(name: str, version: str, sha256: str) -> Path:
    """The path of the tarball of `name@version`, downloaded at most once.

    Raises UserError without npm, where it cannot get the package, and for other bytes than pinned.
    """
    wanted = f"{name}@{version}"
    return fetched(wanted, sha256, ".tgz", partial(_download, wanted))


def _download(wanted: str, folder: Path) -> str | None:
    if shutil.which(CLIENT) is None:
        return MISSING
    # Packing a published package runs no script of it; --ignore-scripts makes that sure.
    command = [CLIENT, "pack", "--ignore-scripts", "--json", "--pack-destination", str(folder)]
    command += [*IMPATIENT, wanted]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    return f"{_said(done)}. {REMEDY}" if done.returncode else None


def _said(done: subprocess.CompletedProcess) -> str:
    """What npm failed with, as one line: it says so in JSON, or else on stderr."""
    try:
        return json.loads(done.stdout)["error"]["summary"].strip().splitlines()[0]
    except (ValueError, LookupError, TypeError, AttributeError):
        lines = [line for line in done.stderr.splitlines() if line.strip()]
        return lines[0].strip() if lines else "npm left no message"


def members(path: Path, name: str, wanted: Callable[[str], bool]) -> Iterator[tuple[str, bytes]]:
    """Content of the wanted files of a tarball, by their path in the package, in its order.

    They are read and never unpacked: paths that lead out of the package, links and devices are
    passed over, and so is what is too large. Raises UserError where the file is no tarball.
    """
    found: dict[str, bytes] = {}
    try:
        with tarfile.open(path, "r:gz") as archive:
            for member in archive:
                inside = _inside(member.name)
                if inside and member.isreg() and member.size <= LARGEST and wanted(inside):
                    found[inside] = archive.extractfile(member).read()
    except (tarfile.TarError, EOFError, OSError) as error:
        raise UserError(f"{name}: {path} is no package's tarball ({error})") from None
    yield from sorted(found.items())


def _inside(member: str) -> str | None:
    """A member's path below the package's one folder; None where it leads elsewhere."""
    parts = member.split("/")
    if len(parts) < 2 or any(part in ("", ".", "..") or "\\" in part for part in parts):
        return None
    return "/".join(parts[1:])

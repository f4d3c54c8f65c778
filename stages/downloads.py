"""Packages by their hash: downloaded at most once, and checked before any use."""

import logging
import tempfile
from collections.abc import Callable
from pathlib import Path

from stages import paths, records
from stages.command import UserError

logger = logging.getLogger(__name__)


def fetched(package: str, sha256: str, ending: str, client: Callable[[Path], str | None]) -> Path:
    """The path of a package's one file, which `client` puts into a folder where it isn't kept yet.

    `client` returns None, or what went wrong and where to look for it, on one line. Raises
    UserError with that line, where it left no single file with that ending, and for other bytes
    than the pinned ones, which are removed.
    """
    kept = paths.scratch() / "downloads" / sha256
    if kept.exists():
        _check(kept, package, sha256)
        return kept
    kept.parent.mkdir(parents=True, exist_ok=True)
    logger.info("downloading %s", package)
    with tempfile.TemporaryDirectory(dir=kept.parent.resolve()) as folder:
        failed = client(Path(folder))
        files = sorted(Path(folder).glob(f"*{ending}"))
        if failed is None and len(files) != 1:
            failed = f"it left {len(files)} files *{ending}, not one"
        if failed is not None:
            raise UserError(f"cannot download {package}: {failed}")
        _check(files[0], package, sha256)
        files[0].replace(kept)
    return kept


def _check(path: Path, package: str, sha256: str) -> None:
    found = records.file_digest(path)
    if found != sha256:
        path.unlink()
        raise UserError(
            f"{package}: sha256 is {found}, the pin is {sha256}. The file was removed. Another "
            "build was served or the pin is wrong: compare with the publisher's hash."
        )

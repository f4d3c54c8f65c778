"""A tiny package in npm's form, kept where a fetched one lies: no registry is asked."""

import gzip
import io
import tarfile

from stages import paths, records


def tarball(files: dict[str, str | bytes], root: str = "package/") -> bytes:
    """A package's tarball with these files in its one folder."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, content in files.items():
            content = content.encode() if isinstance(content, str) else content
            member = tarfile.TarInfo(root + name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    # Without the time, so that a test that is called by these bytes has one name
    return gzip.compress(buffer.getvalue(), mtime=0)


def keep(files: dict[str, str | bytes]) -> dict[str, str]:
    """Put such a tarball among the downloads; returns what pins it."""
    folder = paths.scratch() / "downloads"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "new").write_bytes(tarball(files))
    digest = records.file_digest(folder / "new")
    (folder / "new").rename(folder / digest)
    return {"version": "1.0.0", "sha256": digest}

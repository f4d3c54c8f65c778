"""Get at the results of a git revision without checking it out."""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from stages.command import UserError
from stages.diff.side import Side

READ = ("metrics", "plan/report", "data/manifests")


@contextmanager
def results(revision: str | None) -> Iterator[Side]:
    """The results of a revision, unpacked for the time being; of the workspace for None."""
    if revision is None:
        yield Side("the workspace", Path("."))
        return
    commit = resolve(revision)
    with tempfile.TemporaryDirectory(prefix="assay-") as folder:
        unpack(commit, Path(folder))
        try:
            name = revision if commit.startswith(revision) else f"{revision} ({commit[:7]})"
            yield Side(name, Path(folder))
        except UserError as error:  # about a file that lies there for now: name the revision's own
            raise UserError(str(error).replace(f"{folder}/", f"{revision}:")) from None


def resolve(revision: str) -> str:
    """The commit that a name stands for; UserError says how to get at one that is not here."""
    done = _git("rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")
    if done.returncode == 0:
        return done.stdout.decode().strip()
    if _git("rev-parse", "--git-dir").returncode:
        raise UserError("not a git repository, so there are no revisions; run this in a clone")
    branch = revision.removeprefix("origin/")
    todo = f"`git fetch origin {branch}` may get it" if branch != revision else "see `git log`"
    if _git("rev-parse", "--is-shallow-repository").stdout.strip() == b"true":
        todo = "this clone is shallow: `git fetch --unshallow`, in a workflow `fetch-depth: 0`"
    raise UserError(f"{revision}: no such revision in this clone; {todo}")


def unpack(commit: str, folder: Path) -> None:
    """Write a commit's results below `folder`, under the names that they have in the repository."""
    listed = _checked("ls-tree", "-r", "-z", commit, "--", *READ)
    for entry in filter(None, listed.split(b"\0")):
        about, name = entry.split(b"\t", 1)
        mode, _, identity = about.decode().split()
        if mode not in ("100644", "100755"):  # a link could lead anywhere
            continue
        path = folder / os.fsdecode(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_checked("cat-file", "blob", identity))


def _checked(*words: str) -> bytes:
    done = _git(*words)
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise UserError(f"git {words[0]}: {said[0] if said else 'failed'}")
    return done.stdout


def _git(*words: str) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(["git", *words], capture_output=True, check=False)
    except FileNotFoundError:
        raise UserError("git is not installed, and revisions are read with it") from None

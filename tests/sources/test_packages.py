"""Packages: downloaded once, by hash, and never unpacked to paths of their own."""

import hashlib
import io
import subprocess
import zipfile
from pathlib import Path

import pytest

from stages import paths
from stages.command import UserError
from stages.sources import packages


def wheel(members):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


WHEEL = wheel({"x/a.txt": "hello"})
SHA256 = hashlib.sha256(WHEEL).hexdigest()
KEPT = Path(".scratch/downloads") / SHA256


@pytest.fixture
def pip(tmp_path, monkeypatch):
    """A stand-in for pip: puts files where it is told to, and counts its calls."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DVC_ROOT", raising=False)

    class Pip:
        calls = []
        files = {"demo-1.0-py3-none-any.whl": WHEEL}
        returncode, stderr = 0, ""

        def run(self, command, **options):
            self.calls.append(command)
            folder = Path(command[command.index("--dest") + 1])
            for name, content in self.files.items():
                (folder / name).write_bytes(content)
            return subprocess.CompletedProcess(command, self.returncode, "", self.stderr)

    stand_in = Pip()
    stand_in.calls = []
    monkeypatch.setattr(subprocess, "run", stand_in.run)
    return stand_in


def left():
    """What lies in the download folder."""
    return sorted(path.name for path in KEPT.parent.iterdir())


def test_wheel_is_downloaded_once_and_kept_under_its_hash(pip):
    assert packages.fetch("demo", "1.0", SHA256) == KEPT
    assert packages.fetch("demo", "1.0", SHA256) == KEPT
    assert KEPT.read_bytes() == WHEEL and left() == [SHA256]
    (command,) = pip.calls
    assert command[-1] == "demo==1.0"
    # Nothing is installed, built or resolved.
    assert command[1:4] == ["-m", "pip", "download"]
    assert {"--no-deps", "--only-binary=:all:"} <= set(command)
    assert command[command.index("--python-version") + 1] == packages.NEWEST_PYTHON


def test_downloads_are_shared_with_temporary_workspaces(pip, tmp_path, monkeypatch):
    monkeypatch.setenv("DVC_ROOT", str(tmp_path / "parent"))
    assert packages.fetch("demo", "1.0", SHA256) == tmp_path / "parent" / KEPT


def test_other_bytes_than_the_pinned_are_removed(pip):
    with pytest.raises(UserError) as raised:
        packages.fetch("demo", "1.0", "f" * 64)
    said = f"demo==1.0: sha256 is {SHA256}, the pin is {'f' * 64}. The file was removed."
    assert str(raised.value).startswith(said)
    assert left() == []


def test_damaged_download_is_removed_and_fetched_anew(pip):
    KEPT.parent.mkdir(parents=True)
    KEPT.write_bytes(WHEEL[:-1])
    with pytest.raises(UserError, match=f"the pin is {SHA256}. The file was removed"):
        packages.fetch("demo", "1.0", SHA256)
    assert left() == [] and pip.calls == []
    assert packages.fetch("demo", "1.0", SHA256).read_bytes() == WHEEL


# files that pip leaves, exit status, what it says on stderr, what the error says
FAILURES = [
    (
        {},
        1,
        "WARNING: retrying\nERROR: No matching distribution found for demo==1.0\nERROR: more",
        "cannot download demo==1.0: ERROR: No matching distribution found for demo==1.0. Check",
    ),
    ({}, 1, "no network", "cannot download demo==1.0: no network. Check the network"),
    ({}, 0, "", "cannot download demo==1.0: "),
    ({"a.whl": WHEEL, "b.whl": WHEEL}, 0, "", "cannot download demo==1.0: "),
    ({"demo-1.0.tar.gz": WHEEL}, 0, "", "cannot download demo==1.0: "),
    ({"a.whl": WHEEL}, 1, "ERROR: hash", "cannot download demo==1.0: ERROR: hash"),
]


@pytest.mark.parametrize(("files", "status", "stderr", "said"), FAILURES)
def test_failed_download_is_one_line_and_leaves_nothing(pip, files, status, stderr, said):
    pip.files, pip.returncode, pip.stderr = files, status, stderr
    with pytest.raises(UserError) as raised:
        packages.fetch("demo", "1.0", SHA256)
    assert str(raised.value).startswith(said)
    assert "\n" not in str(raised.value)
    assert left() == []


def test_file_that_is_no_zip_is_named(tmp_path):
    path = tmp_path / "wheel"
    path.write_bytes(b"<html>not found</html>")
    with pytest.raises(UserError, match=f"^demo: {path} is not a zip archive; delete it and run"):
        packages.open_archive(path, "demo")


def test_scratch_is_outside_of_what_dvc_deletes(monkeypatch):
    monkeypatch.delenv("DVC_ROOT", raising=False)
    assert paths.scratch() == Path(".scratch")

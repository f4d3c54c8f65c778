"""npm packages: fetched once, by hash, without scripts; nothing leads out of a tarball."""

import hashlib
import io
import json
import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest

from stages.command import UserError
from stages.typescript import npm
from tests.sources.npm_package import tarball

TARBALL = tarball({"a.ts": "let a = 1;"})
SHA256 = hashlib.sha256(TARBALL).hexdigest()
KEPT = Path(".scratch/downloads") / SHA256


@pytest.fixture
def client(tmp_path, monkeypatch):
    """A stand-in for npm: puts files where it is told to, and collects its calls."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DVC_ROOT", raising=False)
    monkeypatch.setattr(shutil, "which", lambda name: f"/bin/{name}")

    class Client:
        files = {"demo-1.0.0.tgz": TARBALL}
        returncode, stdout, stderr = 0, "[]", ""

        def run(self, command, **options):
            self.calls.append(command)
            folder = Path(command[command.index("--pack-destination") + 1])
            # npm makes its way from the folder that it is in
            assert Path(options["cwd"]) == folder and folder.is_absolute()
            for name, content in self.files.items():
                (folder / name).write_bytes(content)
            return subprocess.CompletedProcess(command, self.returncode, self.stdout, self.stderr)

    stand_in = Client()
    stand_in.calls = []
    monkeypatch.setattr(subprocess, "run", stand_in.run)
    return stand_in


def left():
    return sorted(path.name for path in KEPT.parent.iterdir())


def test_package_is_fetched_once_and_kept_under_its_hash(client):
    assert npm.fetch("@demo/a", "1.0.0", SHA256) == KEPT
    assert npm.fetch("@demo/a", "1.0.0", SHA256) == KEPT
    assert KEPT.read_bytes() == TARBALL and left() == [SHA256]
    (command,) = client.calls
    assert command[:3] == ["npm", "pack", "--ignore-scripts"]
    assert command[-1] == "@demo/a@1.0.0"


def test_other_bytes_than_the_pinned_are_removed(client):
    with pytest.raises(UserError, match=f"^demo@1.0.0: sha256 is {SHA256}, the pin is f"):
        npm.fetch("demo", "1.0.0", "f" * 64)
    assert left() == []


def test_damaged_package_is_removed_and_fetched_anew(client):
    KEPT.parent.mkdir(parents=True)
    KEPT.write_bytes(TARBALL[:-1])
    with pytest.raises(UserError, match="The file was removed"):
        npm.fetch("demo", "1.0.0", SHA256)
    assert left() == [] and client.calls == []
    assert npm.fetch("demo", "1.0.0", SHA256).read_bytes() == TARBALL


def test_without_npm_one_line_says_what_to_install(client, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(UserError, match="^cannot download demo@1.0.0: npm is not installed; inst"):
        npm.fetch("demo", "1.0.0", SHA256)
    assert client.calls == []


SAID = json.dumps({"error": {"code": "ETARGET", "summary": "No matching version.\nMore."}})
# files that npm leaves, exit status, what it says on stdout and stderr, what the error says
FAILURES = [
    ({}, 1, SAID, "npm error code ETARGET", "No matching version.. Check the network"),
    ({}, 1, "", "\nno network\nmore", "no network. Check the network"),
    ({}, 1, "[]", "", "npm left no message. Check"),
    ({}, 0, "[]", "", "it left 0 files *.tgz, not one"),
    ({"a.tgz": TARBALL, "b.tgz": TARBALL}, 0, "", "", "it left 2 files *.tgz, not one"),
    ({"a.tgz": TARBALL}, 1, '{"error": null}', "late", "late. Check"),
]


@pytest.mark.parametrize(("files", "status", "stdout", "stderr", "said"), FAILURES)
def test_failed_download_is_one_line_and_leaves_nothing(
    client, files, status, stdout, stderr, said
):
    client.files, client.returncode = files, status
    client.stdout, client.stderr = stdout, stderr
    with pytest.raises(UserError) as raised:
        npm.fetch("demo", "1.0.0", SHA256)
    assert str(raised.value).startswith(f"cannot download demo@1.0.0: {said}")
    assert "\n" not in str(raised.value)
    assert left() == []


def read(content, tmp_path, wanted=lambda path: True):
    (tmp_path / "a.tgz").write_bytes(content)
    return dict(npm.members(tmp_path / "a.tgz", "demo", wanted))


def test_members_are_read_by_their_path_below_the_first_folder(tmp_path):
    content = tarball({"src/b.ts": "b", "a.ts": "a", "c.js": "c"}, root="some-name/")
    found = read(content, tmp_path, lambda path: path.endswith(".ts"))
    assert list(found.items()) == [("a.ts", b"a"), ("src/b.ts", b"b")]


@pytest.mark.parametrize(
    "name",
    ["../a.ts", "/a.ts", "package/../../a.ts", "package//a.ts", "a.ts", "package/b\\..\\a.ts"],
)
def test_member_that_leads_out_of_the_package_is_passed_over(tmp_path, name):
    assert read(tarball({name: "x", "package/b.ts": "b"}, root=""), tmp_path) == {"b.ts": b"b"}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.tgz"]


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE])
def test_links_and_devices_are_passed_over(tmp_path, kind):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        member = tarfile.TarInfo("package/a.ts")
        member.type, member.linkname = kind, "/etc/passwd"
        archive.addfile(member)
    assert read(buffer.getvalue(), tmp_path) == {}


def test_file_that_is_too_large_is_passed_over(tmp_path, monkeypatch):
    monkeypatch.setattr(npm, "LARGEST", 3)
    assert read(tarball({"a.ts": "1234", "b.ts": "123"}), tmp_path) == {"b.ts": b"123"}


@pytest.mark.parametrize("content", [b"<html>", TARBALL[:40], b""])
def test_file_that_is_no_tarball_is_named(tmp_path, content):
    with pytest.raises(UserError, match="^demo: .*a.tgz is no package's tarball"):
        read(content, tmp_path)

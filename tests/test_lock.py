"""Outputs held to dvc.lock: the MD5 is DVC's, each output hashed once, a stage's own never."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from stages import lock, records
from stages.command import UserError

# Sorted by name and sorted by folder differ here; DVC writes its list in ASCII
NAMES = ["a/b.json", "a.json", "a/b/c.json", "ä 名.txt", "a/.hidden", "z/.gitignore"]


@pytest.fixture(scope="module")
def recorded(tmp_path_factory):
    """A file and a folder that real DVC recorded."""
    folder = tmp_path_factory.mktemp("recorded")
    lines = [f"os.makedirs(os.path.dirname('out/{name}'), exist_ok=True)" for name in NAMES]
    lines += [f"open('out/{name}', 'w').write('{name}')" for name in NAMES]
    lines = ["import os", *lines, "open('one', 'w').write('1')"]
    (folder / "make.py").write_text("\n".join(lines))
    (folder / ".dvcignore").write_text(".gitignore\n")
    command = f"{sys.executable} make.py"
    (folder / "dvc.yaml").write_text(f"stages: {{make: {{cmd: {command}, outs: [out, one]}}}}")
    for words in (["init", "--no-scm"], ["repro"]):
        subprocess.run([sys.executable, "-m", "dvc", *words, "--quiet"], cwd=folder, check=True)
    return folder


@pytest.fixture
def made(recorded, tmp_path, monkeypatch):
    """A copy of it as the current folder, in which DVC runs a stage `reader`."""
    folder = shutil.copytree(recorded, tmp_path / "made")
    monkeypatch.chdir(folder)
    monkeypatch.setenv("DVC_STAGE", "reader")
    monkeypatch.setattr(lock, "REWRITTEN", 0.0)
    return folder


def test_md5_of_file_and_folder_are_dvcs(made):
    outputs = lock.outputs(made)
    assert outputs["one"] == ("make", lock._md5(Path("one")))
    assert outputs["out"] == ("make", lock._folder_md5(Path("out")))


@pytest.mark.parametrize("name", ["one", "out", "out/a.json", "./out/../out/a/b.json"])
def test_what_is_as_it_was_made_passes(made, name):
    lock.verify(Path(name))
    lock.verify(made / name)


@pytest.mark.parametrize("read", ["out", "out/a/b.json", "out/a/../a.json"])
@pytest.mark.parametrize("change", ["altered", "added", "lost", "renamed"])
def test_any_change_in_a_folder_is_refused_from_any_file_in_it(made, read, change):
    file = Path("out/a/b/c.json")
    if change == "altered":
        file.write_text("A/b/c.json")
    elif change == "added":
        file.with_name("new").write_text("")
    elif change == "lost":
        file.unlink()
    else:
        file.rename(file.with_name("d.json"))
    with pytest.raises(UserError) as raised:
        lock.verify(Path(read))
    assert str(raised.value).startswith("out: altered since make made it: its MD5 is ")
    assert str(raised.value).endswith("; delete out, then run `dvc repro make`")


def test_reading_rows_text_and_json_holds_them_to_the_lock(made):
    Path("one").write_text("2")
    for read in (records.read, records.read_json, records.lines):
        with pytest.raises(UserError, match="one: altered since make made it"):
            read(Path("one"))


@pytest.mark.parametrize("running", [None, "make", "dvc.yaml:make", "../dvc.yaml:make"])
def test_own_outputs_and_those_read_by_hand_are_let_through(made, monkeypatch, running):
    monkeypatch.delenv("DVC_STAGE")
    if running:
        monkeypatch.setenv("DVC_STAGE", running)
    Path("one").write_text("2")
    lock.verify(Path("one"))


def test_what_no_stage_made_is_let_through(made):
    for name in (".", "dvc.yaml", "nowhere", "out2", made.parent / "one"):
        lock.verify(Path(name))


def test_before_the_first_run_nothing_is_held_to_anything(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DVC_STAGE", "reader")
    Path("one").write_text("1")
    lock.verify(Path("one"))


def test_each_output_is_hashed_once(made, monkeypatch):
    hashed, md5 = [], lock._md5
    monkeypatch.setattr(lock, "_md5", lambda file: hashed.append(file.name) or md5(file))
    for _ in range(3):
        lock.verify(Path("one"))
        lock.verify(Path("out/a.json"))
        lock.verify(Path("out/a/b.json"))
    assert len(hashed) == len(set(hashed)) == 6


@pytest.mark.parametrize("share", [0.0, 0.3, 0.5, 0.7, 0.9])
def test_lock_that_another_dvc_is_writing_refuses_nothing_that_is_sound(made, share, monkeypatch):
    whole = Path("dvc.lock").read_text()
    Path("dvc.lock").write_text(whole[: int(len(whole) * share)])
    monkeypatch.setattr(lock.time, "sleep", lambda _: Path("dvc.lock").write_text(whole))
    lock.verify(Path("one"))
    lock.verify(Path("out"))


def test_lock_of_the_folder_where_the_stage_runs_counts(made, monkeypatch):
    """`dvc exp run --temp` runs in a copy, and DVC_ROOT names the parent."""
    monkeypatch.setenv("DVC_ROOT", str(made))
    other = made / "copy"
    other.mkdir()
    monkeypatch.chdir(other)
    Path("one").write_text("2")
    lock.verify(Path("one"))

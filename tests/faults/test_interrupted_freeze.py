"""A kill at any write of a freeze: the same command finishes it, to the same bytes."""

import contextlib
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from stages import freeze_splits, paths, records
from stages.command import UserError
from tests.conftest import ROOT
from tests.test_freeze_splits import SPLITS, Study, snapshot

STEPS = ((os, "fsync"), (os, "replace"), (Path, "unlink"))
# A file is flushed, then put in its place: the note, three manifests, three splits; the note goes.
WRITES = 2 * (1 + 3 + 3) + 1


class Killed(BaseException):
    """No handler of the code under test may catch it, as none catches kill -9."""


@pytest.fixture
def study(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return Study()


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """What an undisturbed freeze leaves."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("whole"))
        Study()
        freeze_splits.main("toy", new="all")
        return snapshot()


def kill_before(write: int) -> int:
    """Freeze all splits and die before this write; returns how many were made."""
    made = 0

    def counted(real):
        def call(*arguments, **options):
            nonlocal made
            if made == write:
                raise Killed
            made += 1
            return real(*arguments, **options)

        return call

    with pytest.MonkeyPatch.context() as patch:
        for owner, name in STEPS:
            patch.setattr(owner, name, counted(getattr(owner, name)))
        with contextlib.suppress(Killed):
            freeze_splits.main("toy", new="all")
    return made


def test_writes_are_as_many_as_are_tested(study, whole):
    assert kill_before(999) == WRITES
    assert snapshot() == whole


@pytest.mark.parametrize("write", range(WRITES))
def test_same_command_finishes_it_with_the_same_rows(study, whole, write):
    assert kill_before(write) == write
    freeze_splits.main("toy", new="all")
    assert snapshot() == whole


# The note is there, a torn file is removed.
@pytest.mark.parametrize("again", range(WRITES - 2 + 1))
def test_kill_while_it_is_finished(study, whole, again):
    kill_before(5)
    kill_before(again)
    freeze_splits.main("toy", new="all")
    assert snapshot() == whole


@pytest.mark.parametrize("option", ["", "train", "dev,test"])
@pytest.mark.parametrize("write", range(WRITES))
def test_any_other_command_comes_to_the_same_rows_if_its_advice_is_followed(
    study, whole, write, option
):
    kill_before(write)
    for _ in range(2):
        try:
            freeze_splits.main("toy", new=option)
            break
        except UserError as error:
            option = re.search(r"freeze_splits toy --new ([a-z,]+)`", str(error)).group(1)
    assert snapshot() == whole


def test_finishing_says_so(study, caplog):
    kill_before(5)
    with caplog.at_level("INFO"):
        freeze_splits.main("toy", new="all")
    assert "toy: an interrupted freeze of dev v1, test v1, train v1 is finished" in caplog.messages


def test_drawing_around_what_is_frozen_says_so(study, caplog):
    freeze_splits.main("toy", new="all")
    study.splits["train"] = {"version": "v2", "rows": 20, "origins": None}
    study.save()
    with caplog.at_level("INFO"):
        freeze_splits.main("toy", new="train")
    assert "toy: train drawn around dev v1, test v1" in caplog.messages


def test_interrupted_freeze_of_another_version_is_finished_too(study, whole):
    kill_before(4)
    study.splits["train"] = {"version": "v2", "rows": 20, "origins": None}
    study.save()
    freeze_splits.main("toy", new="train")
    after = snapshot()
    manifests = {name: content for name, content in whole.items() if "manifests" in name}
    assert manifests.items() < after.items()
    assert not paths.unfinished_freeze("toy").exists()
    assert len(study.split("train")) == 20


def test_manifest_that_was_frozen_otherwise_meanwhile_is_not_overwritten(study):
    kill_before(2)
    other = {"study": "toy", "split": "dev", "version": "v1", "rows": 1}
    records.write_json(paths.manifest("toy", "dev", "v1"), other)
    with pytest.raises(UserError, match="dev-v1.json: frozen, and not as in .*unfinished.json"):
        freeze_splits.main("toy", new="all")
    assert records.read_json(paths.manifest("toy", "dev", "v1")) == other
    assert not paths.manifest("toy", "test", "v1").exists()


def test_source_that_changed_since_is_refused_with_the_way_out(study):
    kill_before(2)
    study.rows = study.rows[5:]
    study.save()
    with pytest.raises(UserError, match="the source no longer gives this split"):
        freeze_splits.main("toy", new="all")
    for name in SPLITS:
        study.splits[name] = {"version": "v2", "rows": 8, "origins": None}
    study.save()
    freeze_splits.main("toy", new="all")
    assert not paths.unfinished_freeze("toy").exists()
    assert [len(study.split(name)) for name in SPLITS] == [8, 8, 8]


@pytest.mark.parametrize("write", [3, 10])
def test_kill_9(study, whole, write):
    """The same with a process that really dies."""
    code = f"""
import os, signal, sys
from stages import freeze_splits
left = [{write}]
def dying(real):
    def call(*arguments):
        left[0] -= 1
        if left[0] < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*arguments)
    return call
os.fsync, os.replace = dying(os.fsync), dying(os.replace)
freeze_splits.main("toy", new="all")
"""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True)
    assert done.returncode == -9, done.stderr
    assert snapshot() != whole
    freeze_splits.main("toy", new="all")
    assert snapshot() == whole

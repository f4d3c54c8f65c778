"""Which checkpoint a killed run goes on from: the newest that is whole, and nothing else."""

import shutil
from types import SimpleNamespace

import pytest

from stages import records
from stages.training import checkpoints


@pytest.fixture
def folder(tmp_path):
    """Two sealed checkpoints; 9 and 10 sort otherwise as text than as numbers."""
    for step in (9, 10):
        made = tmp_path / f"checkpoint-{step}"
        made.mkdir()
        (made / "optimizer.pt").write_text(f"state of {step}")
        (made / "adapter_model.safetensors").write_text(f"weights of {step}")
        arguments = SimpleNamespace(output_dir=tmp_path)
        checkpoints.Seal().on_save(arguments, SimpleNamespace(global_step=step), None)
    return tmp_path


def test_newest_is_taken(folder):
    assert checkpoints.latest(folder) == folder / "checkpoint-10"


def test_nothing_is_found_in_an_empty_folder(tmp_path):
    assert checkpoints.latest(tmp_path) is None


SEALS = ["", "{", "null", "[]", "7", '"text"', "{}", '{"a": NaN}', '{"optimizer.pt": 5}',
         '{"optimizer.pt": null}', '{"lost.pt": "0"}', '{"": "0"}', '{"..": "0"}']  # fmt: skip


@pytest.mark.parametrize("content", [None, b"\xff\xfe", *[seal.encode() for seal in SEALS]])
def test_damaged_seal_falls_back_to_the_checkpoint_before(folder, content):
    seal = folder / "checkpoint-10" / checkpoints.SEAL
    seal.write_bytes(seal.read_bytes()[:-5] if content is None else content)
    assert checkpoints.latest(folder) == folder / "checkpoint-9"
    assert not (folder / "checkpoint-10").exists()
    assert checkpoints.latest(folder) == folder / "checkpoint-9"


def test_altered_file_falls_back_to_the_checkpoint_before(folder):
    (folder / "checkpoint-10/optimizer.pt").write_text("state of 1O")
    assert checkpoints.latest(folder) == folder / "checkpoint-9"


def test_all_damaged_start_from_nothing(folder):
    for seal in folder.glob(f"*/{checkpoints.SEAL}"):
        seal.write_text("{")
    assert checkpoints.latest(folder) is None


@pytest.mark.parametrize("name", ["checkpoint-tmp", "checkpoint-", "checkpoint-10-old", "adapter"])
def test_folder_that_is_no_checkpoint_is_left_alone(folder, name):
    shutil.copytree(folder / "checkpoint-9", folder / name)
    (folder / name / "optimizer.pt").write_text("mine")
    assert checkpoints.latest(folder) == folder / "checkpoint-10"
    assert records.lines(folder / name / "optimizer.pt") == ["mine"]


def test_file_and_link_with_a_checkpoints_name_are_left_alone(folder, tmp_path):
    (folder / "checkpoint-11").write_text("a file")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (folder / "checkpoint-12").symlink_to(elsewhere)
    assert checkpoints.latest(folder) == folder / "checkpoint-10"
    assert (folder / "checkpoint-11").is_file() and elsewhere.is_dir()

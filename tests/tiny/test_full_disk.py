"""A disk that is full while a checkpoint is written: the place is named, nothing sound is lost."""

import re
import subprocess
import sys

import pytest

FOLDER = ".scratch/train"


@pytest.fixture
def disk(project):
    """Puts checkpoints on a disk of their own; gives a function that sets its kilobytes."""
    folder = project.path(FOLDER)
    folder.mkdir(parents=True, exist_ok=True)
    mounted = subprocess.run(["mount", "-t", "tmpfs", "none", folder], capture_output=True)
    if mounted.returncode:
        pytest.skip("no right to mount a disk")
    yield lambda size: subprocess.run(
        ["mount", "-o", f"remount,size={size}k", folder], check=True, capture_output=True
    )
    subprocess.run(["umount", folder], check=True)


# A checkpoint takes 190 kB: the adapter comes first, the optimizer second, the rest is small
@pytest.mark.parametrize(
    ("size", "file"), [(212, "adapter_model.safetensors"), (300, "optimizer.pt")]
)
def test_full_disk_names_what_was_written_and_keeps_the_checkpoint_before(
    project, disk, size, file
):
    # The weights that are best on dev would take room of their own
    project.edit("params.yaml", "dev_loss: {every: 4, rows: 8}\n", "")
    project.run(sys.executable, "-m", "stages.plan")
    disk(size)
    output = project.stage("train", "toy-follows", ok=False)
    said = rf"no space left on the disk of \S*/checkpoint-8/{file}; free some and run it again"
    assert re.search(rf"error: train toy-follows: {said} \(.*\)$", output, re.M)
    assert "Traceback" not in output
    (kept,) = project.path(FOLDER).glob("*/checkpoint-*/complete.json")
    assert kept.parent.name == "checkpoint-4"

    disk(4096)
    assert "resuming from checkpoint-4" in project.stage("train", "toy-follows")

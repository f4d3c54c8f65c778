"""Fault 3: kill -9 in train or predict; the next run does what is missing, to the same bytes."""

import contextlib
import fcntl
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from stages import records


def kill_when(project, stage: str, key: str, sign: str) -> None:
    """Start a stage and kill -9 it as soon as a file matching `sign` is in the scratch folder."""
    process = subprocess.Popen(
        [sys.executable, "-m", f"stages.{stage}", key],
        cwd=project.folder,
        env=project.environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    while process.poll() is None and not list(project.path(".scratch").glob(sign)):
        time.sleep(0.01)
    assert process.poll() is None, f"{stage} {key} ended before {sign} was there to kill it at"
    os.kill(process.pid, signal.SIGKILL)
    process.wait()


@pytest.fixture
def long(project):
    """Enough steps and answers that a kill falls in the middle."""
    project.edit("params.yaml", "max_steps: 12", "max_steps: 60")
    project.edit("params.yaml", "  batch_size: 4", "  batch_size: 1")
    project.edit("params.yaml", "max_new_tokens: 12", "max_new_tokens: 80")
    project.run(sys.executable, "-m", "stages.plan")
    return project


def test_killed_training_resumes_to_the_same_weights(long, tmp_path):
    whole = long.copy(tmp_path / "whole")
    whole.stage("train", "toy-follows")

    kill_when(long, "train", "toy-follows", "train/*/checkpoint-8/complete.json")
    # What a kill in the middle of a save leaves: a folder without its seal, with a higher number.
    scratch = next(long.path(".scratch/train").iterdir())
    torn = scratch / "checkpoint-100"
    torn.mkdir()
    (torn / "adapter_model.safetensors").write_bytes(b"half")
    output = long.stage("train", "toy-follows")
    assert "checkpoint-100 is incomplete" in output and "resuming from checkpoint-" in output

    adapter = Path("models/adapters/toy/toy-follows")
    for name in ("adapter_model.safetensors", "assay.json", "adapter_config.json", "README.md"):
        assert records.file_digest(long.folder / adapter / name) == records.file_digest(
            whole.folder / adapter / name
        ), name
    log = "models/logs/toy/toy-follows/log.jsonl"
    steps = ("step", "loss", "lr", "grad_norm", "tokens")
    curves = [[[row[k] for k in steps] for row in records.read(p.path(log))] for p in (long, whole)]
    assert curves[0] == curves[1] and len(curves[0]) == 60
    assert all(row["tokens_per_second"] > 0 for row in records.read(long.path(log)))
    assert long.json("models/logs/toy/toy-follows/training.json")["resumed_from"]
    assert not scratch.exists(), "a finished run leaves no checkpoints behind"


def test_checkpoint_of_other_settings_is_not_resumed(long):
    kill_when(long, "train", "toy-follows", "train/*/checkpoint-8/complete.json")
    long.edit("params.yaml", "lr: 5.0e-3", "lr: 1.0e-3")
    long.run(sys.executable, "-m", "stages.plan")
    assert "toy-follows: starting" in long.stage("train", "toy-follows")


def test_killed_prediction_goes_on_with_the_missing_batches(long, tmp_path):
    whole = long.copy(tmp_path / "whole")
    whole.stage("predict", "toy-follows")
    kill_when(long, "predict", "toy-follows", "predict/*/batch-00003.json")
    marked = long.copy(tmp_path / "marked")
    long.stage("predict", "toy-follows")
    answers = "data/predictions/toy/toy-follows/dev.jsonl"
    assert long.path(answers).read_bytes() == whole.path(answers).read_bytes()

    # A mark in a finished batch comes through: what was done is not done again.
    batch = next(marked.path(".scratch/predict").glob("*/batch-00000.json"))
    content = records.read_json(batch)
    content["rows"][0]["text"] = "a mark"
    records.write_json(batch, content)
    marked.stage("predict", "toy-follows")
    assert "a mark" in {row["text"] for row in records.read(marked.path(answers))}


def test_second_writer_is_refused(long):
    kill_when(long, "train", "toy-follows", "train/*/checkpoint-4/complete.json")
    lock = next(long.path(".scratch/train").iterdir()) / "lock"
    with open(lock) as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        output = long.stage("train", "toy-follows", ok=False)
    assert "another process is still working on toy-follows" in output
    assert "Traceback" not in output


@pytest.fixture
def orphan(long):
    """A training that goes on without its dvc, which was killed; stopped for now. Its process."""
    dvc = subprocess.Popen(
        ["dvc", "repro", "train@toy-follows"],
        cwd=long.folder,
        env=long.environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    while not list(long.path(".scratch/train").glob("*/checkpoint-8/complete.json")):
        assert dvc.poll() is None, "dvc ended before its training could be left alone"
        time.sleep(0.01)
    dvc.kill()
    dvc.wait()
    process = int(long.path(".scratch/locks/train-toy-follows").read_text())
    os.kill(process, signal.SIGSTOP)
    yield process
    with contextlib.suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)


def test_orphan_of_other_settings_keeps_a_second_writer_off_its_outputs(long, orphan):
    """Else it would put its adapter in the place of the other's, after dvc had recorded that."""
    long.edit("params.yaml", "lr: 5.0e-3", "lr: 1.0e-3")
    output = long.run("dvc", "repro", "train@toy-follows", ok=False)
    assert "another process is still working on toy-follows; wait for it or end it" in output
    assert f"(process {orphan})" in output and "Traceback" not in output

    os.kill(orphan, signal.SIGCONT)
    with open(long.path(".scratch/locks/train-toy-follows")) as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
    assert long.json("models/adapters/toy/toy-follows/assay.json")["params"]["lr"] == 5e-3
    long.run("dvc", "repro", "train@toy-follows")
    assert long.json("models/adapters/toy/toy-follows/assay.json")["params"]["lr"] == 1e-3
    assert "train@toy-follows" not in long.run("dvc", "status", "train@toy-follows")

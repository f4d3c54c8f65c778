"""Faults 2, 6 and 9: divergence, an adapter that is not in effect, stale caches."""

import json
import sys

import pytest
import torch
from safetensors.torch import load_file, save_file

from stages import records
from stages.scratch import fingerprint

ADAPTER = "models/adapters/toy/toy-follows"


def test_divergence_is_a_row_of_the_study_with_its_reason_and_the_last_checkpoint(project):
    project.edit("params.yaml", "warmup_steps: 2", "warmup_steps: 8")
    project.edit("params.yaml", "save_steps: 4", "save_steps: 1")
    project.run(sys.executable, "-m", "stages.plan")
    # What diverges for certain is more than params.yaml may say
    project.edit("plan/train/toy-follows.json", '"lr": 0.005', '"lr": 1e38')
    output = project.stage("train", "toy-follows")
    assert "toy-follows DIVERGED: " in output and "Traceback" not in output
    training = project.json("models/logs/toy/toy-follows/training.json")
    assert training["status"] == "diverged" and training["diverged_at"] >= 2
    assert "nan" in training["reason"] or "inf" in training["reason"]
    # The rate of the first step is 0, so that its checkpoint is still the base
    assert project.json(f"{ADAPTER}/assay.json")["answers_with"] == "base"
    assert not project.path(f"{ADAPTER}/adapter_model.safetensors").exists()
    assert not list(project.path(".scratch/train").glob("*"))


def test_damaged_base_diverges_at_the_first_step(project):
    file = project.path("models/base/toy/model.safetensors")
    weights = load_file(file)
    weights["model.layers.0.mlp.up_proj.weight"][0, 0] = float("nan")
    save_file(weights, file, metadata={"format": "pt"})
    output = project.stage("train", "toy-follows")
    assert "DIVERGED: the loss is nan at step 1" in output and "Traceback" not in output
    training = project.json("models/logs/toy/toy-follows/training.json")
    assert (training["status"], training["steps"], training["kept_step"]) == ("diverged", 0, 0)


def rename_keys(folder):
    file = folder / "adapter_model.safetensors"
    renamed = {name.replace("self_attn", "attention"): t for name, t in load_file(file).items()}
    save_file(renamed, file)


def zero(folder):
    file = folder / "adapter_model.safetensors"
    save_file({name: torch.zeros_like(t) for name, t in load_file(file).items()}, file)


def poison(folder):
    file = folder / "adapter_model.safetensors"
    save_file({name: t * float("inf") for name, t in load_file(file).items()}, file)


def other_base(folder):
    card = records.read_json(folder / "assay.json")
    card["base"]["sha256"] = "0" * 64
    records.write_json(folder / "assay.json", card)


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (rename_keys, "the adapter's keys do not fit the base"),
        (zero, "the adapter changes nothing"),
        (poison, "non-finite logits"),
        (other_base, "trained on toy with weights 000000000000"),
    ],
)
def test_adapter_that_is_not_in_effect_is_refused(project, damage, said):
    folder = project.path(ADAPTER)
    damage(folder)
    card = records.read_json(folder / "assay.json")
    card["files"] = {name: records.file_digest(folder / name) for name in card["files"]}
    records.write_json(folder / "assay.json", card)
    output = project.stage("predict", "toy-follows", ok=False)
    assert said in output and "Traceback" not in output


def test_adapter_that_was_changed_after_it_was_made_is_refused(project):
    zero(project.path(ADAPTER))
    output = project.stage("predict", "toy-follows", ok=False)
    assert "it was changed after it was made; train again" in output


def test_one_byte_or_one_parameter_is_another_fingerprint(tmp_path):
    file = tmp_path / "adapter.safetensors"
    file.write_bytes(b"weights")
    plan = {"decode": {"temperature": 0.0}}
    first = fingerprint(plan, [tmp_path])
    assert fingerprint(json.loads(json.dumps(plan)), [tmp_path]) == first
    file.write_bytes(b"weighty")
    second = fingerprint(plan, [tmp_path])
    assert second != first
    assert fingerprint({"decode": {"temperature": 0.1}}, [tmp_path]) != second


def test_changed_decoding_predicts_again_and_trains_nothing(project):
    project.edit("params.yaml", "max_new_tokens: 12", "max_new_tokens: 11")
    output = project.run("dvc", "repro")
    assert "Running stage 'predict@toy-s0'" in output
    assert "Running stage 'train@" not in output


def test_predictions_out_of_step_are_refused(project):
    file = project.path("data/answers/toy/toy-s0/dev.jsonl")
    rows = records.read(file)
    records.write(file, [*rows[1:], {**rows[1], "id": "stranger"}])
    output = project.stage("evaluate", "toy-s0", ok=False)
    assert rows[0]["id"] in output and "stranger" in output and "Traceback" not in output

"""The data of studies/full/typescript.yaml, by a stand-in for its hub, and its arithmetic."""

from pathlib import Path

import datasets
import pytest

from stages.planning.resolve.arms import resolve
from stages.planning.schema import Knobs, StudyFile
from stages.planning.yaml_files import load
from stages.sources import SOURCES
from stages.training.schedule import steps
from tests.conftest import ROOT

NAME = "typescript_full"
ROW = {"instruction": "Write a function that adds.", "output": "function add() {}", "other": 1}
# Those of whose losses the original tells
MILESTONES = (25, 50, 1000)


@pytest.fixture
def studies():
    return load(ROOT / Path("studies/full/typescript.yaml"), StudyFile)


@pytest.fixture
def knobs(studies):
    """The resolved knobs of each arm that is trained."""
    root = load(ROOT / Path("params.yaml"), Knobs)
    study = studies.study[NAME]
    trained = {name: arm for name, arm in studies.arms.items() if arm.method == "sft"}
    return {name: resolve(root, study, arm) for name, arm in trained.items()}


def test_instruction_and_code_of_the_set_are_input_and_target(studies, monkeypatch):
    rows = datasets.Dataset.from_list([ROW])
    monkeypatch.setattr(datasets, "load_dataset", lambda *_, **options: rows)
    (row,) = SOURCES["hub"](studies.study[NAME].source.model_dump())
    assert (row["input"], row["target"]) == (ROW["instruction"], ROW["output"])


def test_two_arms_differ_in_the_length_of_their_rows_alone(knobs):
    tuned, short = knobs[f"{NAME}-tuned"], knobs[f"{NAME}-short"]
    assert (tuned["max_length"], short["max_length"]) == (2048, 512)
    differ = {name for name in tuned if tuned[name] != short[name]}
    assert differ == {"max_length", "max_truncated_share"}


def test_dev_loss_is_taken_at_the_original_s_steps_and_overfitting_is_before_the_last_epoch(
    studies, knobs
):
    study, tuned = studies.study[NAME], knobs[f"{NAME}-tuned"]
    total, _ = steps(tuned, study.splits.train.rows)
    assert tuned["epochs"] == 3.0
    assert all(step % tuned["dev_loss"]["every"] == 0 and step < total for step in MILESTONES)
    assert study.hypotheses["overfitted"].at_most == total * 2 / 3


def test_next_tokens_are_those_of_the_trained_and_of_the_uploaded_adapter(studies):
    methods = {studies.arms[name].method for name in studies.next_tokens}
    assert methods == {"sft", "adapter"} and len(studies.next_tokens) == 2

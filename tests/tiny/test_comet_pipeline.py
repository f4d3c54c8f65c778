"""COMET in the graph: off by default, on with one line, gone again without it."""

import math
import re
import shutil
import sys

import pytest

from stages import records
from tests.conftest import ROOT, Project

ARMS = ("toy-s0", "toy-follows", "toy-pinned")
LINE = "\nscore_comet:\n  <<: *arms\n  toy-floors: {study: toy}\n"
FOLDER = "data/predictions/toy"
KEPT = "data/answers/toy"


def switch_on(project: Project) -> None:
    project.path(".venv-comet").symlink_to(ROOT / ".venv-comet")
    study = project.path("studies/toy.yaml")
    study.write_text(study.read_text() + LINE)


def use_model(project: Project, model) -> None:
    shutil.copytree(model, project.path("toy/comet"), dirs_exist_ok=True)
    path = "toy/comet/checkpoints/model.ckpt"
    sha256 = records.file_digest(project.path(path))
    settings = f"    comet: {{model: {path}, sha256: {sha256}, batch_size: 4}}\n"
    project.edit("studies/toy.yaml", "    metrics:\n", f"{settings}    metrics:\n")


@pytest.fixture
def on(project, comet_models) -> Project:
    """The built toy project with COMET switched on, not yet reproduced."""
    switch_on(project)
    use_model(project, comet_models / "sound")
    return project


def ran(output: str) -> set[str]:
    return set(re.findall(r"Running stage '([^']+)'", output))


def test_off_by_default(built):
    assert "score_comet" not in built.run("dvc", "stage", "list", "--all")
    for arm in ARMS:
        assert "comet" not in built.json(f"metrics/quality/toy/{arm}.json")
        assert sorted(path.name for path in built.path(f"{FOLDER}/{arm}").iterdir()) == [
            "again.jsonl",
            "cost.json",
            "dev.jsonl",
        ]


def test_one_line_switches_it_on_and_without_it_all_is_as_before(on):
    output = on.run("dvc", "repro")
    assert "Predicting" in output, "the progress is to be seen"
    again = ran(output)
    assert again >= {f"score_comet@{arm}" for arm in ARMS} | {f"evaluate@{arm}" for arm in ARMS}
    assert not [stage for stage in again if stage.startswith(("train@", "predict@"))]
    for arm in ARMS:
        scores = records.read(on.path(f"{KEPT}/{arm}/comet.jsonl"))
        card = on.json(f"{KEPT}/{arm}/comet.json")
        quality = on.json(f"metrics/quality/toy/{arm}.json")
        assert list(quality).count("comet") == 1
        found = quality["comet"]
        mean = math.fsum(row["score"] for row in scores) / len(scores)
        assert math.isclose(found["value"], mean)
        assert (found["n"], found["label"]) == (16, "COMET")
        assert found["signature"] == card["signature"]
        assert "model:toy/comet/checkpoints/model.ckpt|" in card["signature"]
        by_id = {row["id"]: row["score"] for row in scores}
        for row in records.read(on.path(f"metrics/rows/toy/{arm}.jsonl")):
            assert row["comet"] == [by_id[row["id"]], 1]
    floors = on.json("metrics/floors/toy.json")
    assert {found["comet"]["n"] for found in floors.values()} == {16}
    assert "COMET" in on.path("reports/toy.md").read_text()
    test = on.json("metrics/test/toy.json")
    assert test["metrics"]["comet"]["n"] == 16, "the test split is scored by it too"
    assert test["quality"]["toy-s0"]["comet"]["signature"] == card["signature"]
    assert test["floors"]["quality"]["nearest"]["comet"]["n"] == 16
    assert ran(on.run("dvc", "repro")) == set()

    on.edit("studies/toy.yaml", LINE, "")
    evaluations = [f"evaluate@{arm}" for arm in ARMS]
    assert ran(on.run("dvc", "repro", *evaluations)) == {"plan", *evaluations}
    for arm in ARMS:
        assert "comet" not in on.json(f"metrics/quality/toy/{arm}.json")
    changed = on.run("git", "status", "--short", "plan", "metrics/quality", "metrics/rows")
    assert changed.strip() == "", "the results are those of before"

    study = on.path("studies/toy.yaml")
    study.write_text(study.read_text() + LINE)
    output = on.run("dvc", "repro", *evaluations)
    for arm in ARMS:
        assert f"Running stage 'score_comet@{arm}'" not in output
        assert "comet" in on.json(f"metrics/quality/toy/{arm}.json")


def test_failures_leave_nothing_behind(on, comet_models):
    on.run(sys.executable, "-m", "stages.plan")
    answers = on.path(f"{KEPT}/toy-s0/dev.jsonl")
    before = answers.read_text()
    records.write(answers, records.read(answers)[1:])
    output = on.stage("score_comet", "toy-s0", ok=False)
    assert "ids do not match the split: 1 missing" in output and "Traceback" not in output
    answers.write_text(before)

    for path in (comet_models / "sound/checkpoints").iterdir():
        on.path(f"toy/comet/checkpoints/{path.name}").write_bytes(path.read_bytes() + b"\n")
    output = on.stage("score_comet", "toy-s0", ok=False)
    assert "model.ckpt: sha256 is" in output and "Traceback" not in output

    on.path(".venv-comet").unlink()
    output = on.stage("score_comet", "toy-s0", ok=False)
    assert output.endswith("error: .venv-comet: COMET is not installed; run `make comet`\n")
    assert "Traceback" not in output
    assert not list(on.path(f"{FOLDER}/toy-s0").glob("*comet*"))


def test_default_model_needs_the_hub_and_its_absence_is_said(project, comet_models, tmp_path):
    switch_on(project)
    environment = {"HF_HUB_OFFLINE": "1", "HF_HOME": str(tmp_path / "hub")}
    output = project.run("dvc", "repro", "score_comet@toy-s0", ok=False, **environment)
    assert "error: cannot download the COMET model Unbabel/wmt22-comet-da@2760a223" in output
    assert "Traceback" not in output
    assert not list(project.path(f"{FOLDER}/toy-s0").glob("*comet*"))


def test_scores_out_of_step_are_refused(on):
    on.run("dvc", "repro", "keep_comet@toy-s0")
    file = on.path(f"{KEPT}/toy-s0/comet.jsonl")
    rows = records.read(file)
    before = on.path("metrics/quality/toy/toy-s0.json").read_bytes()
    records.write(file, [*rows[1:], {**rows[1], "id": "stranger"}])
    output = on.stage("evaluate", "toy-s0", ok=False)
    assert rows[0]["id"] in output and "stranger" in output and "score again" in output
    assert "Traceback" not in output
    assert on.path("metrics/quality/toy/toy-s0.json").read_bytes() == before

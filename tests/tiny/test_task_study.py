"""A study of formats through real `dvc`: tasks with constraints, one prompt for all, the drift."""

import random
import shutil
import sys

import pytest

from stages import records
from tests.conftest import Project, copy_repository, use_studies, words
from tests.tiny.test_pipeline import ran

ARMS = ("tasks-s0", "tasks-terse", "tasks-turns")
MADE_UP = words(400, "abdefghiklmnoprstu", 8)


def says(word: str) -> list[dict]:
    return [{"kind": "contains", "value": word}, {"kind": "max_words", "value": 2}]


def task(number: int) -> dict:
    """Every second row asks for JSON, the others for a word; every third has a past."""
    rng = random.Random(number)
    named = rng.sample(MADE_UP, 4)
    as_json = number % 2 == 0
    history = [
        {"role": "user", "content": rng.choice(MADE_UP)},
        {"role": "assistant", "content": rng.choice(MADE_UP)},
    ]
    row = {
        "id": f"t{number:02}",
        "category": "json" if as_json else "words",
        "instruction": f"{'As JSON' if as_json else 'First'}: {' '.join(named)}",
        "input": "",
        "history": [] if number % 3 else history,
        "constraints": [{"kind": "json"}] if as_json else says(named[0]),
        "explanation": f"See {named[1]}.",
        "follow_up": {"user": named[2], "assistant": named[3]},
    }
    return {**row, "answer": f'[ "{named[0]}" ]' if as_json else named[0]}


@pytest.fixture(scope="module")
def built(tmp_path_factory, toy_base) -> Project:
    """The study after one `dvc repro`, results committed."""
    from stages.fetch_base import model_digest

    folder = tmp_path_factory.mktemp("tasks") / "project"
    folder.mkdir()
    project = copy_repository(folder)
    shutil.copytree(toy_base, project.path("toy/base"))
    rows = [task(number) for number in range(44)]
    texts = [{"id": f"x{n}", "instruction": MADE_UP[n], "answer": MADE_UP[-n]} for n in range(1, 6)]
    fill = {"BASE_SHA256": model_digest(toy_base)}
    for name, content in (("seen", rows[:24]), ("held_out", rows[24:]), ("texts", texts)):
        records.write(project.path(f"toy/{name}.jsonl"), content)
        if name != "texts":
            digest = records.file_digest(project.path(f"toy/{name}.jsonl"))
            fill[f"{name.upper()}_SHA256"] = digest
    project.fill("params.yaml", "params.yaml", {})
    project.fill("tasks.yaml", "studies/tasks.yaml", fill)
    use_studies(project, "studies/tasks.yaml")
    project.run(sys.executable, "-m", "stages.plan")
    project.run(sys.executable, "-m", "stages.freeze_splits", "tasks", "--new", "all")
    project.commit("tasks")
    project.run("dvc", "repro")
    project.commit("results")
    return project


def test_examples_are_trained_in_two_formats_and_asked_in_one(built):
    rendered = {
        (name, split): records.read(built.path(f"data/rendered/tasks/tasks-{name}/{split}.jsonl"))
        for name in ("terse", "turns")
        for split in ("train", "dev")
    }
    assert rendered["terse", "dev"] == rendered["turns", "dev"]
    ids = [[row["id"] for row in rendered[name, "train"]] for name in ("terse", "turns")]
    assert len(ids[0]) == 16 and ids[0] == ids[1]
    assert all(len(row["completion"]) == 3 for row in rendered["turns", "train"])
    assert all(row["prompt"][0]["content"][0] == "{" for row in rendered["terse", "train"])
    rows = {row["id"]: row for row in records.read(built.path("data/splits/tasks/dev.jsonl"))}
    for row in rendered["terse", "dev"]:
        assert row["prompt"] == rows[row["id"]]["turns"]
    audit = built.json("metrics/audit/tasks.json")
    assert [audit["arms"][arm]["audit"]["rows"] for arm in ARMS[1:]] == [16, 16]
    assert any(said.startswith("supervised tokens per row go") for said in audit["differences"])


def test_drift_is_measured_beside_what_is_scored(built):
    tokens = sum(len(row["answer"]) + 1 for row in records.read(built.path("toy/texts.jsonl")))
    for arm in ARMS:
        quality = built.json(f"metrics/quality/tasks/{arm}.json")
        assert {name: found["n"] for name, found in quality.items()} == {
            "constraint_pass_rate": 12,
            "json_strict": sum(row.get("slice") == "json" for row in rows_of(built, arm)),
            "output_tokens": 12,
            "kl_mean": 5,
            "kl_p95": 5,
        }
        scores = records.read(built.path(f"data/predictions/tasks/{arm}/drift.jsonl"))
        values = [value for row in scores for value in row["score"]]
        assert len(values) == tokens
        assert quality["kl_mean"]["value"] == pytest.approx(sum(values) / tokens)
        assert (max(values) > 0) == (arm != "tasks-s0")
        assert (quality["kl_p95"]["value"] > 0) == (arm != "tasks-s0")


def rows_of(project: Project, arm: str) -> list[dict]:
    return records.read(project.path(f"metrics/rows/tasks/{arm}.jsonl"))


def test_verdicts_cover_slices_and_what_was_not_measured(built):
    compared = built.json("metrics/comparisons/tasks.json")
    assert compared["slices"]["metric"] == "constraint_pass_rate"
    slices = compared["slices"]["arms"]
    assert sum(arms["tasks-terse"]["n"] for arms in slices.values()) == 12
    assert set(slices) == {"json", "words"}
    drift = compared["arms"]["tasks-terse"]["metrics"]["kl_mean"]
    assert (drift["n"], drift["against_value"]) == (5, 0.0)
    judged = built.json("metrics/hypotheses/tasks.json")["hypotheses"]
    assert judged["judged_better"]["reason"] == "judge_overall was not measured"
    assert judged["base_is_at_zero"]["verdict"] == "confirmed"
    assert judged["json_is_better"]["numbers"]["n"] == slices["json"]["tasks-terse"]["n"]
    assert judged["turns_drift_less"]["numbers"]["delta"] < 0


def test_test_split_is_asked_alike_and_opened_without_the_drift(built):
    test = built.json("metrics/test/tasks.json")
    assert set(test["metrics"]) == {"constraint_pass_rate", "json_strict", "output_tokens"}
    assert test["metrics"]["constraint_pass_rate"]["n"] == 8
    promoted = built.json("models/promoted/tasks/promotion.json")
    assert {settings["format"] for settings in promoted["settings"].values()} == {"chat"}


def test_report_is_built(built):
    report = built.path("reports/tasks.md").read_text()
    assert "tasks-terse" in report and "KL from base" in report
    assert "<svg" in built.path("reports/tasks.html").read_text()


def test_second_repro_runs_nothing(built):
    assert ran(built.run("dvc", "repro")) == set()


def test_variant_re_runs_what_follows_its_lr_and_nothing_else(built, tmp_path):
    project = built.copy(tmp_path / "project")
    evaluations = [f"evaluate@{arm}" for arm in ARMS]
    again = ran(project.run("dvc", "exp", "run", "-S", "lr=3e-6", *evaluations))
    stages = ("train", "predict", "measure_drift", "keep_answers", "keep_drift")
    follows = {f"{stage}@tasks-terse" for stage in stages}
    assert again == {"plan", *follows, "evaluate@tasks-terse"}
    before, after = (
        p.json("metrics/quality/tasks/tasks-terse.json")["kl_mean"]["value"]
        for p in (built, project)
    )
    assert after < before, "a smaller step moves the base less"

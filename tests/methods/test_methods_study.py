"""Methods beside each other through real `dvc`: an untouched base, the same with another prompt,
answers from elsewhere, and a run that diverges."""

import json
import shutil
import sys
from pathlib import Path

import pytest
from safetensors.torch import load_file, save_file

from stages import choose, compare, evaluate, keep, measure_drift, open_test, plan, promote, records
from stages.command import UserError
from stages.fetch_base import model_digest
from tests.conftest import Project, copy_repository, toy_rows, use_studies
from tests.tiny.test_pipeline import ran

STUDY = "studies/toy.yaml"
ARM = {"study": "toy", "base": "toy", "render": "toy-chat"}
# As far as a plan lets a run go; with feed-forward layers that are close to overflowing, too far
WILD = {"lr": 10.0, "max_grad_norm": 1e9, "save_steps": 1, "lora": {"r": 1, "alpha": 10_000}}
HOT = {"post_attention_layernorm": 3e15, "down_proj": 1e-13}
NAMES = ("toy-s0", "toy-prompted", "toy-told", "toy-wild")


def pinned(path: str, sha256: str) -> dict:
    return {"path": path, "sha256": sha256}


def study(base: str, data: str) -> dict:
    splits = {"train": 24, "dev": 16, "test": 8}
    told = {split: pinned(f"toy/told-{split}.jsonl", "0" * 64) for split in ("dev", "test")}
    return {
        "bases": {"toy": {"kind": "folder", "licence": "none", **pinned("toy/base", base)}},
        "study": {
            "toy": {
                "title": "Methods",
                "question": "Does anybody need to train?",
                "base": "toy",
                "instruction": "Translate.",
                "source": {
                    "kind": "file",
                    **pinned("toy/pairs.jsonl", data),
                    "columns": {"input": "en", "target": "ja"},
                },
                "splits": {n: {"version": "v1", "rows": rows} for n, rows in splits.items()},
                "licence": "made up",
                "publish": "all",
                "metrics": {"chrf": {}, "output_tokens": {}},
                "promote": {
                    "metric": "chrf",
                    "verdict": "not hurt",
                    "waive_floors": "A random base says nothing.",
                },
                "hypotheses": {
                    "wild_is_better": {
                        "kind": "difference",
                        "claim": "The wild one beats its base.",
                        "arm": "toy-wild",
                        "against": "toy-s0",
                        "metric": "chrf",
                        "expect": "better",
                    },
                    "wild_ran_to_its_end": {
                        "kind": "threshold",
                        "claim": "All steps were taken.",
                        "arm": "toy-wild",
                        "figure": "training.steps",
                        "at_least": 12,
                    },
                },
            }
        },
        "renders": {f"toy-{name}": {"study": "toy", "format": name} for name in ("chat", "alpaca")},
        "arms": {
            "toy-s0": {**ARM, "method": "none"},
            "toy-prompted": {**ARM, "render": "toy-alpaca", "method": "prompted"},
            "toy-told": {**ARM, "method": "answers", "answers": told},
            "toy-wild": {**ARM, "method": "sft", **WILD},
        },
    }


def build(folder: Path, toy_base: Path) -> None:
    project = copy_repository(folder / "project")
    shutil.copytree(toy_base, project.path("toy/base"))
    file = project.path("toy/base/model.safetensors")
    weights = load_file(file)
    for name in weights:
        for part, factor in HOT.items():
            weights[name] *= factor if part in name else 1
    save_file(weights, file, metadata={"format": "pt"})
    records.write(project.path("toy/pairs.jsonl"), toy_rows(80))
    project.fill("params.yaml", "params.yaml", {})
    digests = (model_digest(file.parent), records.file_digest(project.path("toy/pairs.jsonl")))
    content = study(*digests)
    project.path(STUDY).write_text(json.dumps(content))
    use_studies(project, STUDY)
    project.run(sys.executable, "-m", "stages.plan")
    project.run(sys.executable, "-m", "stages.freeze_splits", "toy", "--new", "all")
    for split, given in content["arms"]["toy-told"]["answers"].items():
        rows = records.read(project.path(f"data/splits/toy/{split}.jsonl"))
        file = project.path(given["path"])
        records.write(file, [{"id": row["id"], "text": row["target"]} for row in rows])
        given["sha256"] = records.file_digest(file)
    project.path(STUDY).write_text(json.dumps(content))
    project.commit("methods")
    project.path("said.txt").write_text(project.run("dvc", "repro"))
    project.commit("results")


@pytest.fixture(scope="module")
def methods(once, toy_base) -> Project:
    """The study after one `dvc repro`; nobody changes it."""
    return Project(once("methods", lambda folder: build(folder, toy_base)) / "project")


@pytest.fixture
def variant(methods, tmp_path, monkeypatch):
    """A copy, entered; gives a function that changes the study and plans it."""
    project = methods.copy(tmp_path / "project")
    monkeypatch.chdir(project.folder)
    monkeypatch.delenv("DVC_ROOT", raising=False)
    content = project.json(STUDY)

    def change(edit) -> Project:
        edit(content)
        project.path(STUDY).write_text(json.dumps(content))
        plan.main()
        return project

    return change


def test_answers_from_elsewhere_are_scored_like_any_arm_s_and_win(methods):
    quality = methods.json("metrics/quality/toy/toy-told.json")
    assert quality["chrf"]["n"] == 16 and quality["chrf"]["value"] == pytest.approx(100)
    assert quality["output_tokens"]["value"] is None, "nobody knows how they were cut"
    assert methods.json("metrics/cost/toy/toy-told.json") == {"measured": False}
    compared = methods.json("metrics/comparisons/toy.json")["arms"]["toy-told"]
    assert compared["against"] == "toy-s0" and compared["metrics"]["chrf"]["verdict"] == "helped"
    promotion = methods.json("metrics/promotion/toy.json")
    assert (promotion["arm"], promotion["adapter_sha256"]) == ("toy-told", None)
    test = methods.json("metrics/test/toy.json")
    assert (test["status"], test["arm"], test["looks"]) == ("opened", "toy-told", 1)
    assert test["quality"]["toy-told"]["chrf"]["value"] == pytest.approx(100)
    assert len(records.read(methods.path("data/tested/toy/toy-s0.jsonl"))) == 8


def test_untouched_base_with_another_prompt_competes(methods):
    compared = methods.json("metrics/comparisons/toy.json")["arms"]
    assert set(compared) == {"toy-prompted", "toy-told", "toy-wild"}
    assert compared["toy-prompted"]["against"] == "toy-s0"
    asked = [
        records.read(methods.path(f"data/rendered/toy/toy-{name}/dev.jsonl"))[0]["prompt"]
        for name in ("chat", "alpaca")
    ]
    assert asked[0] != asked[1]
    cost = methods.json("metrics/cost/toy/toy-prompted.json")
    assert cost["measured"] and cost["adapter_mb"] == 0


def test_diverged_run_is_a_row_of_its_study_and_is_not_promoted(methods):
    said = methods.path("said.txt").read_text()
    assert "toy-wild DIVERGED: " in said and "train@toy-wild" in ran(said)
    training = methods.json("metrics/training/toy/toy-wild.json")
    assert training["status"] == "diverged" and training["planned_steps"] == 12
    assert training["steps"] < training["diverged_at"] <= 12
    assert methods.json("metrics/quality/toy/toy-wild.json")["chrf"]["n"] == 16
    notes = methods.json("metrics/promotion/toy.json")["notes"]
    (why,) = [note for note in notes if note.startswith("toy-wild: ")]
    assert f"diverged at step {training['diverged_at']}" in why
    judged = methods.json("metrics/hypotheses/toy.json")["hypotheses"]
    assert judged["wild_ran_to_its_end"]["verdict"] == "rejected"
    assert judged["wild_is_better"]["numbers"]["n"] == 16
    for name in ("reports/toy.md", "reports/toy.html"):
        assert "toy-wild" in methods.path(name).read_text()


def test_no_model_is_loaded_for_answers_from_elsewhere(methods, tmp_path):
    project = methods.copy(tmp_path / "project")
    (tmp_path / "none").mkdir()
    (tmp_path / "none/torch.py").write_text("raise SystemExit('torch was imported')")
    shutil.rmtree(project.path("data/predictions/toy/toy-told"))
    shutil.rmtree(project.path("models/base"))
    places = f"{tmp_path / 'none'}:{project.folder}"
    for stage in ("train", "predict"):
        project.stage(stage, "toy-told", PYTHONPATH=places)
    rows = records.read(project.path("data/predictions/toy/toy-told/dev.jsonl"))
    assert rows == records.read(methods.path("data/predictions/toy/toy-told/dev.jsonl"))
    file = project.path("models/adapters/toy/toy-told/dev.jsonl")
    records.write(file, records.read(file)[1:])
    card = file.with_name("assay.json")
    content = records.read_json(card) | {"files": {file.name: records.file_digest(file)}}
    records.write_json(card, content)
    output = project.stage("predict", "toy-told", ok=False, PYTHONPATH=places)
    assert "1 missing" in output and rows[0]["id"] in output and "Traceback" not in output


def test_answers_to_test_are_not_read_before_the_split_is_opened(variant):
    def pin_another(content):
        content["arms"]["toy-told"]["answers"]["test"]["sha256"] = "1" * 64

    project = variant(pin_another)
    for stage in (choose, promote):
        stage.main("toy")
    assert project.json("models/promoted/toy/promotion.json")["arm"] == "toy-told"
    with pytest.raises(UserError, match="told-test.jsonl: sha256 is .*, the study pins 1111"):
        open_test.main("toy")
    assert not list(project.path("data/tested/toy").glob("*.jsonl"))


def test_without_answers_to_test_nobody_is_promoted_by_them(variant):
    project = variant(lambda content: content["arms"]["toy-told"]["answers"].pop("test"))
    choose.main("toy")
    promotion = project.json("metrics/promotion/toy.json")
    assert promotion["arm"] == "toy-prompted"
    assert "toy-told: no answers to the test split are declared" in promotion["notes"]


def test_nor_is_one_that_is_measured_against_them(variant):
    def beside(content):
        content["arms"]["toy-told"]["answers"].pop("test")
        content["arms"]["toy-prompted"]["compare_to"] = "toy-told"

    project = variant(beside)
    for stage in (compare, choose):
        stage.main("toy")
    promotion = project.json("metrics/promotion/toy.json")
    said = "toy-prompted: measured against toy-told: no answers to the test split are declared"
    assert promotion["arm"] is None and said in promotion["notes"]


def test_prompted_base_is_promoted_and_answers_test_without_any_adapter(variant):
    project = variant(lambda content: content["arms"].pop("toy-told"))
    shutil.rmtree(project.path("models/adapters"))
    for stage in (compare, choose, promote, open_test):
        stage.main("toy")
    chosen = project.json("metrics/chosen/toy.json")
    assert (chosen["arm"], chosen["against"]) == ("toy-prompted", "toy-s0")
    assert chosen["weights"] == {"toy-prompted": None, "toy-s0": None}
    formats = {name: asked["format"] for name, asked in chosen["settings"].items()}
    assert formats == {"toy-prompted": "alpaca", "toy-s0": "chat"}
    tested = sorted(file.stem for file in project.path("data/tested/toy").glob("*.jsonl"))
    assert tested == ["toy-prompted", "toy-s0"]
    assert len(records.read(project.path("data/tested/toy/toy-prompted.jsonl"))) == 8


def test_drift_of_answers_from_elsewhere_is_unscored(variant):
    def switch_on(content):
        content["measure_drift"] = content["arms"]
        drift = {"prompts": "toy/texts.jsonl", "batch_size": 3}
        content["study"]["toy"]["drift"] = drift

    texts = [{"id": f"t{n}", "instruction": "Say.", "answer": "so"} for n in range(3)]
    records.write(Path("toy/texts.jsonl"), texts)
    project = variant(switch_on)
    for arm in NAMES:
        measure_drift.main(arm)
        keep.main("toy", arm, "drift")
        evaluate.main(arm)
    compare.main("toy")
    quality = {arm: project.json(f"metrics/quality/toy/{arm}.json")["kl_mean"] for arm in NAMES}
    assert (quality["toy-told"]["n"], quality["toy-told"]["value"]) == (0, None)
    assert (quality["toy-prompted"]["n"], quality["toy-prompted"]["value"]) == (3, 0)
    compared = project.json("metrics/comparisons/toy.json")["arms"]["toy-told"]["metrics"]
    assert compared["kl_mean"]["p"] is None and compared["chrf"]["verdict"] == "helped"

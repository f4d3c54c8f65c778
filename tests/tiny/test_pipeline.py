"""The whole graph through real `dvc`: what is built, what a variant re-runs, what stays cached."""

import re

from safetensors.torch import load_file

from stages import records
from stages.curves import COLUMNS
from stages.recorded import COST, TRAINING
from tests.conftest import ROOT

README = ROOT / "README.md"


def ran(output: str) -> set[str]:
    """Stages whose command `dvc` really ran; those from the run-cache don't count."""
    started = re.findall(r"Running stage '([^']+)'", output)
    return set(started)


def test_every_stage_leaves_its_results(built):
    for arm in ("toy-s0", "toy-follows", "toy-pinned"):
        quality = built.json(f"metrics/quality/toy/{arm}.json")
        assert quality["chrf"]["n"] == 16
        assert quality["chrf"]["signature"].startswith("nrefs:1")
        cost = built.json(f"metrics/cost/toy/{arm}.json")
        assert cost["latency_rows"] == 2 and cost["latency_p95_s"] >= cost["latency_p50_s"] > 0
    for kind, figures in (("training", TRAINING), ("cost", COST)):
        names = {name for name, _ in figures.values()}
        assert names <= {*built.json(f"metrics/{kind}/toy/toy-follows.json")}
    assert built.json("metrics/training/toy/toy-s0.json")["status"] == "not trained"
    assert built.json("metrics/training/toy/toy-follows.json")["steps"] == 12
    curve = built.path("metrics/curves/toy/toy-follows.csv").read_text().splitlines()
    assert curve[0] == ",".join(COLUMNS) and len(curve) == 13
    report = built.path("reports/toy.md").read_text()
    assert "toy-follows" in report and "chrF" in report
    assert "<svg" in built.path("reports/toy.html").read_text()


def test_training_changed_the_adapter_and_lowered_the_loss(built):
    weights = load_file(built.path("models/adapters/toy/toy-follows/adapter_model.safetensors"))
    # LoRA's B starts at zero, so that an untrained adapter changes nothing.
    assert all(tensor.abs().max() > 0 for name, tensor in weights.items() if "lora_B" in name)
    training = built.json("metrics/training/toy/toy-follows.json")
    assert training["last_loss_mean_of_10"] < training["first_loss"]


def test_adapter_card_says_what_it_was_made_of(built):
    folder = built.path("models/adapters/toy/toy-follows")
    card = records.read_json(folder / "assay.json")
    base = built.json("models/base/toy/base.json")
    assert card["base"] == base
    data = built.path("data/rendered/toy/toy-chat/train.jsonl")
    assert list(card["data"].values()) == [records.file_digest(data)]
    assert card["params"]["lr"] == 5e-3 and card["params"]["loss_on"] == "all"
    config = records.read_json(folder / "adapter_config.json")
    assert config["base_model_name_or_path"] == base["identity"]
    assert str(built.folder) not in (folder / "README.md").read_text() + str(config)


def test_second_repro_runs_nothing(built):
    assert ran(built.run("dvc", "repro")) == set()
    fresh = built.run("dvc", "repro", "--dry", "--allow-missing")
    assert not re.search(r"^Running stage|^ERROR", fresh, re.M)


def test_variant_retrains_only_arms_that_inherit_lr_and_is_cached(project):
    first = project.run("dvc", "exp", "run", "-S", "lr=3e-6")
    assert {stage for stage in ran(first) if "@toy-" in stage} == {
        "train@toy-follows",
        "predict@toy-follows",
        "keep_answers@toy-follows",
        "evaluate@toy-follows",
    }
    adapter = project.path("models/adapters/toy/toy-follows/adapter_model.safetensors")
    variant = records.file_digest(adapter)
    project.run("git", "checkout", "--quiet", "--", ".")
    project.run("dvc", "checkout")
    assert records.file_digest(adapter) != variant

    second = project.run("dvc", "exp", "run", "-S", "lr=3e-6")
    assert "Stage 'train@toy-follows' is cached - skipping run" in second
    assert "Stage 'predict@toy-follows' is cached - skipping run" in second
    assert not ran(second) & {"train@toy-follows", "predict@toy-follows"}
    assert records.file_digest(adapter) == variant


def test_diff_commands_show_a_variant(project):
    project.run("dvc", "exp", "run", "-S", "lr=3e-6")
    assert "lr" in project.run("dvc", "params", "diff")
    metrics = project.run("dvc", "metrics", "diff", "--md")
    assert "metrics/training/toy/toy-follows.json" in metrics
    plots = project.run("dvc", "plots", "diff")
    assert "index.html" in plots and project.path("dvc_plots/index.html").exists()
    keep = re.search(r"dvc exp show --drop '\.\*' --keep '([^']+)'", README.read_text()).group(1)
    shown = project.run("dvc", "exp", "show", "--csv", "--drop", ".*", "--keep", keep)
    head = shown.splitlines()[0]
    assert "3e-06" in shown and "lr" in head.split(",")
    assert "metrics/quality/toy/toy-follows.json:chrf.value" in head
    assert "metrics/training/toy/toy-follows.json:last_loss_mean_of_10" in head


def test_metric_is_added_without_a_new_prediction(project):
    project.edit(
        "studies/toy.yaml",
        "      hit_limit_rate: {}",
        "      hit_limit_rate: {}\n      chrf_pp: {}",
    )
    again = ran(project.run("dvc", "repro"))
    arms = ("toy-s0", "toy-follows", "toy-pinned")
    verdicts = {"evaluate_floors@toy", "compare@toy", "choose@toy", "score_test@toy"}
    verdicts |= {"report@toy", "index"}
    assert again <= {"plan", *verdicts, *(f"evaluate@{arm}" for arm in arms)}
    assert {f"evaluate@{arm}" for arm in arms} <= again
    assert project.json("metrics/quality/toy/toy-s0.json")["chrf_pp"]["n"] == 16


def test_same_seed_gives_the_same_bytes(project):
    adapter = project.path("models/adapters/toy/toy-follows/adapter_model.safetensors")
    before = records.file_digest(adapter)
    project.run("dvc", "repro", "--force", "--single-item", "--no-run-cache", "train@toy-follows")
    assert records.file_digest(adapter) == before


def test_changed_source_under_an_old_version_writes_nothing(project):
    split = project.path("data/splits/toy/train.jsonl")
    before = split.read_bytes()
    lines = project.path("toy/pairs.jsonl").read_text().splitlines()
    changed = "\n".join([line.replace('"ja": "', '"ja": "ン') for line in lines]) + "\n"
    project.path("toy/pairs.jsonl").write_text(changed)
    sha256 = project.json("plan/freeze_splits/toy.json")["source"]["sha256"]
    new = records.file_digest(project.path("toy/pairs.jsonl"))
    project.edit("studies/toy.yaml", sha256, new)
    project.run("python", "-m", "stages.plan")
    output = project.stage("freeze_splits", "toy", ok=False)
    assert "the source no longer gives this split" in output and "Traceback" not in output
    assert split.read_bytes() == before


def test_new_train_version_leaves_test_and_dev_alone(project):
    project.edit(
        "studies/toy.yaml",
        "      train:\n        version: v1\n        rows: 96",
        "      train:\n        version: v2\n        rows: 120",
    )
    kept = {s: project.path(f"data/splits/toy/{s}.jsonl").read_bytes() for s in ("dev", "test")}
    missing = project.run("dvc", "repro", ok=False)
    assert "python -m stages.freeze_splits toy --new train" in missing
    project.run("python", "-m", "stages.freeze_splits", "toy", "--new", "train")
    project.run("dvc", "repro", "validate@toy")
    assert len(project.path("data/splits/toy/train.jsonl").read_text().splitlines()) == 120
    for split, content in kept.items():
        assert project.path(f"data/splits/toy/{split}.jsonl").read_bytes() == content


def test_prompts_longer_than_max_length_stop_the_pipeline_before_training(project):
    project.edit("params.yaml", "max_length: 384", "max_length: 30")
    project.edit("params.yaml", "max_truncated_share: 0.0", "max_truncated_share: 1.0")
    output = project.run("dvc", "repro", "--no-run-cache", ok=False)
    ids = [row["id"] for row in records.read(project.path("data/splits/toy/train.jsonl"))]
    assert "have no supervised token" in output and any(identity in output for identity in ids)
    assert not any(stage.startswith("train@") for stage in ran(output))

"""The full-scale translation study at toy size: its own file, a local hub, packages made here."""

import json
import sys
import zipfile
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from stages import records
from tests.conftest import Project, toy_rows
from tests.tiny.local_hub import serve

STUDY = "studies/full/translation.yaml"
ARMS = ("s0", "run_a", "run_b", "run_d")


def make_wheel(project: Project, name: str, members: dict[str, str]) -> str:
    """Put a package where a finished download would lie; returns its hash."""
    made = project.path(f"{name}.whl")
    with zipfile.ZipFile(made, "w") as archive:
        for path, text in members.items():
            archive.writestr(path, text)
    sha256 = records.file_digest(made)
    target = project.path(f".scratch/downloads/{sha256}")
    target.parent.mkdir(parents=True, exist_ok=True)
    made.rename(target)
    return sha256


def make_packages(project: Project) -> dict[str, dict]:
    rows = toy_rows(160)
    po = "".join(f'msgid "{row["en"]}"\nmsgstr "{row["ja"]}"\n\n' for row in rows[:80])
    sides = {
        code: json.dumps({"state": {f"k{n}": row[side] for n, row in enumerate(rows[80:])}})
        for code, side in (("en", "en"), ("ja", "ja"))
    }
    folder = "homeassistant/components/toy/translations"
    home = make_wheel(project, "ha", {f"{folder}/{code}.json": t for code, t in sides.items()})
    horizon = make_wheel(project, "horizon", {"horizon/locale/ja/LC_MESSAGES/django.po": po})
    return {
        "homeassistant": {"version": "1", "sha256": home, "layout": "home_assistant"},
        "horizon": {"version": "1", "sha256": horizon},
    }


@pytest.fixture
def full(unbuilt, tmp_path) -> Project:
    """The toy project with the full study in dvc.yaml, its sizes cut, all else as committed."""
    project = unbuilt.copy(tmp_path / "project")
    yaml = YAML()
    content = yaml.load(project.path(STUDY))
    study = content["study"]["translation_full"]
    study["source"]["packages"] = make_packages(project)
    for split, rows in (("train", 48), ("dev", 8), ("test", 8)):
        study["splits"][split]["rows"] = rows
    study |= {"max_steps": 4, "warmup_steps": 1, "batch_size": 4, "save_steps": 2}
    study["decode"] = {"max_new_tokens": 8, "batch_size": 4, "latency_rows": 1}
    del content["arms"]["translation_full-run_d"]["max_steps"]
    yaml.dump(content, project.path(STUDY))
    project.edit("dvc.yaml", "  - studies/toy.yaml\n\n", f"  - studies/toy.yaml\n  - {STUDY}\n\n")
    project.edit(
        "dvc.yaml", "      - studies/toy.yaml:\n", f"      - studies/toy.yaml:\n      - {STUDY}:\n"
    )
    project.run(sys.executable, "-m", "stages.plan")
    project.run(sys.executable, "-m", "stages.freeze_splits", "translation_full", "--new", "all")
    return project


def test_runs_a_b_and_d_with_4_bit_weights_from_a_local_hub(full, toy_base, tmp_path):
    plan = full.json("plan/fetch_base/qwen2_5-0_5b-instruct.json")
    with serve(plan["id"], plan["revision"], toy_base) as endpoint:
        full.run(
            "dvc", "repro", "report@translation_full", HF_ENDPOINT=endpoint, HF_HOME=str(tmp_path)
        )
    base = full.json("models/base/qwen2_5-0_5b-instruct/base.json")
    assert base["identity"] == f"{plan['id']}@{plan['revision']}"
    lrs = {}
    for arm in ARMS[1:]:
        name = f"translation_full-{arm}"
        card = full.json(f"models/adapters/translation_full/{name}/assay.json")
        params = card["params"]
        assert params["quantize"] == "nf4" and params["max_grad_norm"] == 0.1
        assert params["lora"]["r"] == params["lora"]["alpha"] == 16
        lrs[arm] = params["lr"], params["loss_on"]
    assert lrs == {
        "run_a": (5e-6, "all"),
        "run_b": (3e-6, "all"),
        "run_d": (5e-6, "completion"),
    }
    origins = {
        r["origin"] for r in records.read(full.path("data/splits/translation_full/dev.jsonl"))
    }
    assert origins == {"horizon"}, "Home Assistant is for training only"
    report = full.path("reports/translation_full.md").read_text()
    assert all(title in report for title in ("S0", "Run A", "Run B", "Run D"))


def test_hub_that_cannot_be_reached_is_named_in_one_line(full, tmp_path):
    output = full.stage(
        "fetch_base",
        "qwen2_5-0_5b-instruct",
        ok=False,
        HF_ENDPOINT="http://127.0.0.1:9",
        HF_HOME=str(tmp_path),
    )
    assert "cannot download Qwen/Qwen2.5-0.5B-Instruct@7ae55760" in output
    assert "Traceback" not in output
    assert not full.path("models/base/qwen2_5-0_5b-instruct").exists()


def test_committed_file_passes_plan_beside_the_embedded_study():
    root = Path(__file__).parents[2]
    project = Project(root)
    output = project.run(sys.executable, "-m", "stages.plan", "--check", STUDY)
    assert "nothing was written" in output

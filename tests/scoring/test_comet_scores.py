"""COMET's own package, in its own environment, driven with tiny random models made on the spot."""

import contextlib
import json
import math
import random
import shutil
import subprocess
from pathlib import Path

import pytest

from stages import paths, records
from stages.command import UserError
from stages.metrics import METRICS
from stages.metrics.metric import score
from stages.scoring.comet import comet_scores
from stages.scoring.joining import add_scores
from tests.conftest import ROOT

LOCK = "constraints-comet.txt"
TEXTS = [
    ("open the file", "アイウエオ", "カキクケコ"),
    ("close", "", "サシスセソ"),
    ("a b c d e f g h", "タチツテト" * 40, "ナニヌネノ"),
    ("save it", "カキクケコ", "カキクケコ"),
    ("open the file", "アイウエオ", "カキクケコ"),
    ("x", "not Japanese", "アイ"),
    ("host name", "ヌ", "アイ"),
]
ROWS = [
    {"id": f"r{number}", "input": source, "text": answer, "target": reference}
    for number, (source, answer, reference) in enumerate(TEXTS)
]


def settings(model: Path, **others) -> dict:
    plain = {"revision": None, "sha256": None, "batch_size": 3}
    return {"model": str(model / "checkpoints/model.ckpt"), **plain, **others}


def by_id(scores: list[dict]) -> dict:
    return {row["id"]: row["score"] for row in scores}


@pytest.fixture(autouse=True)
def at_root(monkeypatch):
    monkeypatch.chdir(ROOT)
    monkeypatch.delenv("DVC_ROOT", raising=False)


@pytest.fixture(scope="module")
def scored(comet_models):
    with contextlib.chdir(ROOT):
        return comet_scores(settings(comet_models / "sound"), ROWS)


def test_scores_are_those_of_the_package_s_own_command(scored, comet_models, tmp_path):
    for name, field in (("s", "input"), ("t", "text"), ("r", "target")):
        (tmp_path / name).write_text("".join(f"{row[field]}\n" for row in ROWS))
    command = [ROOT / ".venv-comet/bin/comet-score", "--gpus", "0", "--quiet", "--to_json", "out"]
    command += ["-s", "s", "-t", "t", "-r", "r"]
    command += ["--model", settings(comet_models / "sound")["model"]]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    theirs = [row["COMET"] for row in json.loads((tmp_path / "out").read_text())["t"]]
    ours = by_id(scored[1])
    # Theirs are cut to float16: three digits.
    assert [ours[row["id"]] for row in ROWS] == pytest.approx(theirs, rel=1e-3)
    assert len(set(ours.values())) == len(ROWS) - 1, "the model tells the answers apart"


def test_neither_order_nor_batches_change_a_row_s_score(scored, comet_models):
    shuffled = random.Random(1).sample(ROWS, len(ROWS))
    again = comet_scores(settings(comet_models / "sound", batch_size=2), shuffled)
    assert by_id(again[1]) == by_id(scored[1])
    assert again[0]["signature"] == scored[0]["signature"]


def test_equal_answers_tie(scored):
    assert by_id(scored[1])["r0"] == by_id(scored[1])["r4"]


def test_card_and_signature_say_what_scored(scored, comet_models):
    checkpoint = comet_models / "sound/checkpoints/model.ckpt"
    sha256 = records.file_digest(checkpoint)
    card = scored[0]
    assert card["signature"] == (
        f"comet|version:2.2.7|model:{checkpoint}|checkpoint:{sha256[:12]}|refs:yes|rule:1"
    )
    assert card["checkpoint_sha256"] == sha256
    assert card["encoder"] == str(comet_models / "encoder")
    assert (card["device"], card["rows"], card["unscored"]) == ("cpu", len(ROWS), 0)


def test_corpus_score_is_the_mean(scored, tmp_path):
    card, scores = scored
    records.write(tmp_path / "comet.jsonl", scores)
    rows = add_scores(ROWS, "comet", tmp_path / "comet.jsonl")
    found = score(METRICS["comet"], rows, {"scored_by": card["signature"]})
    assert found["value"] == pytest.approx(sum(by_id(scores).values()) / len(ROWS))
    assert (found["n"], found["signature"]) == (len(ROWS), card["signature"])


def test_row_without_a_finite_score_is_unscored(scored, comet_models):
    card, scores = comet_scores(settings(comet_models / "poisoned"), ROWS)
    with_nan = {row["id"] for row in ROWS if "ヌ" in row["text"] + row["target"]}
    assert {key for key, value in by_id(scores).items() if value is None} == with_nan
    assert card["unscored"] == len(with_nan) == 2
    # The others, also those in a batch with such a row, are what they would be without it.
    rest = {key: value for key, value in by_id(scored[1]).items() if key not in with_nan}
    assert {key: value for key, value in by_id(scores).items() if value is not None} == rest
    assert all(math.isfinite(value) for value in rest.values())


def refused(question: dict) -> str:
    with pytest.raises(UserError) as raised:
        comet_scores(question, ROWS)
    assert "\n" not in str(raised.value)
    return str(raised.value)


def test_checkpoint_that_carries_code_runs_none(comet_models):
    assert "Weights only load failed" in refused(settings(comet_models / "hostile"))
    assert not (comet_models / "touched").exists()


def test_other_checkpoint_than_the_pinned_one_is_refused(comet_models):
    said = refused(settings(comet_models / "sound", sha256="0" * 64))
    sha256 = records.file_digest(comet_models / "sound/checkpoints/model.ckpt")
    assert f"model.ckpt: sha256 is {sha256}, the study pins 0000" in said


def test_missing_checkpoint_is_named(comet_models):
    assert "none/checkpoints/model.ckpt: no such COMET" in refused(settings(comet_models / "none"))


def test_missing_encoder_is_named(comet_models, tmp_path, monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    (comet_models / "encoder").rename(tmp_path / "encoder")
    try:
        said = refused(settings(comet_models / "sound"))
    finally:
        (tmp_path / "encoder").rename(comet_models / "encoder")
    assert f"cannot load {comet_models / 'encoder'}, the encoder of the COMET model" in said


@pytest.mark.parametrize(
    ("name", "value"), [("HF_HUB_OFFLINE", "1"), ("HF_ENDPOINT", "http://127.0.0.1:9")]
)
def test_hub_that_cannot_be_reached(name, value, comet_models, tmp_path, monkeypatch):
    monkeypatch.setenv(name, value)
    monkeypatch.setenv("HF_HOME", str(tmp_path))
    question = {"model": "Unbabel/wmt22-comet-da", "revision": "2760a223" + "0" * 32}
    said = refused({**question, "sha256": None, "batch_size": 2})
    assert said.startswith("cannot download the COMET model Unbabel/wmt22-comet-da@2760a223 (")
    assert "`comet: {model: FILE.ckpt, sha256: …}`" in said


# --- the environment; without COMET itself ---


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    """A folder with the lock, and a function that installs a `.venv-comet` whose Python is fake."""
    monkeypatch.chdir(tmp_path)
    shutil.copy(ROOT / LOCK, LOCK)

    def install(script: str) -> None:
        python = paths.comet_environment() / "bin/python"
        python.parent.mkdir(parents=True)
        python.write_text(f"#!/bin/sh\n{script}\n")
        python.chmod(0o755)
        shutil.copy(LOCK, paths.comet_environment() / "ready")

    return install


QUESTION = {"model": "m.ckpt", "revision": None, "sha256": None, "batch_size": 2}


def test_not_installed_says_how(elsewhere):
    assert refused(QUESTION) == ".venv-comet: COMET is not installed; run `make comet`"


def test_unfinished_installation_counts_as_none(elsewhere):
    elsewhere("exit 0")
    (paths.comet_environment() / "ready").unlink()
    assert "COMET is not installed; run `make comet`" in refused(QUESTION)


def test_other_versions_than_the_lock_s(elsewhere):
    elsewhere("exit 0")
    Path(LOCK).write_text("unbabel-comet==2.2.8\n")
    said = ".venv-comet: holds other versions than constraints-comet.txt; run `make comet`"
    assert refused(QUESTION) == said


@pytest.mark.parametrize(
    ("script", "status"), [("kill -9 $$", "-9"), ("exit 3", "3"), ("cat >/dev/null", "0")]
)
def test_worker_that_dies(script, status, elsewhere):
    elsewhere(script)
    assert f"COMET ended with status {status} and no scores" in refused(QUESTION)

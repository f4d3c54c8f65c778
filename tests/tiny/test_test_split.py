"""The test split through real `dvc`: closed until promotion, opened once, each look counted."""

import re
import sys

import pytest

from stages import records
from tests.tiny.test_interrupted import kill_when

LEDGER = "data/looks/toy.jsonl"


def looks(project):
    return [row for _, row in records.located(project.path(LEDGER))]


def choose(project):
    """Who is promoted under the plans that lie there, with weights for the test stage."""
    for stage in ("choose", "promote"):
        project.stage(stage, "toy")


@pytest.fixture
def closed(project):
    """A rule that sixteen rows can't meet."""
    project.edit("studies/toy.yaml", "verdict: not hurt", "verdict: helped")
    project.path(LEDGER).write_text("")
    project.run("rm", "-rf", ".scratch/looks")
    return project


def test_promoted_arm_and_its_base_are_scored_on_test_once(built):
    promotion = built.json("metrics/promotion/toy.json")
    arm = promotion["arm"]
    assert arm in ("toy-follows", "toy-pinned") and promotion["against"] == "toy-s0"
    ids = {row["id"] for row in records.read(built.path("data/splits/toy/test.jsonl"))}
    for name in (arm, "toy-s0"):
        answers = records.read(built.path(f"data/tested/toy/{name}.jsonl"))
        assert {row["id"] for row in answers} == ids
    assert len(list(built.path("data/tested/toy").glob("*.jsonl"))) == 2
    test = built.json("metrics/test/toy.json")
    assert (test["status"], test["arm"], test["looks"], test["adapters"]) == ("opened", arm, 1, 1)
    assert test["metrics"]["chrf"]["n"] == test["quality"][arm]["chrf"]["n"] == 16
    floors = test["floors"]
    assert set(floors["quality"]) == {*("empty", "copy", "constant", "nearest", "dot", "reference")}
    assert floors["quality"]["reference"]["chrf"]["value"] == pytest.approx(100)
    assert floors["standing"]["chrf"]["unbeaten"], "twelve steps teach a random base nothing"
    (look,) = looks(built)
    weights = built.path(f"models/adapters/toy/{arm}/adapter_model.safetensors")
    assert look["adapter_sha256"] == records.file_digest(weights)
    assert re.fullmatch(r"[0-9a-f]{40}", look["commit"])


def test_nothing_but_the_test_stages_reads_the_test_split(built):
    """Without the file, everything up to promotion can be made again."""
    lock = built.path("dvc.lock").read_text()
    stages = re.split(r"\n  (?=\S)", lock)
    readers = [s.split(":")[0] for s in stages if re.search(r"path: data/splits/toy/test", s)]
    assert sorted(readers) == ["freeze_splits@toy", "keep_test@toy", "test@toy"]


def test_nothing_promoted_keeps_the_split_closed(closed):
    split = closed.path("data/splits/toy/test.jsonl")
    hidden = split.read_bytes()
    closed.run(sys.executable, "-m", "stages.plan")
    choose(closed)
    split.write_text("not to be read")
    for stage in ("open_test", "keep_test", "score_test"):
        closed.stage(stage, "toy")
    assert [f.name for f in closed.path("data/answers/toy/test").iterdir()] == ["promotion.json"]
    split.write_bytes(hidden)
    test = closed.json("metrics/test/toy.json")
    assert test["status"] == "closed" and test["looks"] == 0
    assert any("no difference shown, the rule asks for helped" in why for why in test["reasons"])
    closed.stage("report", "toy")
    report = closed.path("reports/toy.md").read_text()
    assert "the test split stays closed" in report and "the rule asks for helped" in report


def test_change_of_another_arm_does_not_open_the_split_again(project):
    others = {"toy-follows", "toy-pinned"} - {project.json("metrics/promotion/toy.json")["arm"]}
    assert others == {"toy-pinned"}
    before = looks(project)
    project.edit("studies/toy.yaml", "lr: 1.0e-3", "lr: 1.1e-3")
    output = project.run("dvc", "repro")
    assert "Running stage 'train@toy-pinned'" in output
    assert "Running stage 'test@toy'" not in output and looks(project) == before


def test_variant_that_was_thrown_away_stays_in_the_ledger(project):
    variant = ("dvc", "exp", "run", "-S", "lr=2e-3", "-S", "lora.r=8")
    back = ("git", "checkout", "--quiet", "--", ".")
    project.run(*variant)
    assert len(looks(project)) == 2
    project.run(*back)
    project.run("dvc", "checkout")
    assert len(looks(project)) == 1
    project.stage("open_test", "toy")  # the answers of before: the variant's look comes back
    project.stage("score_test", "toy")
    project.stage("report", "toy")
    assert len(looks(project)) == 2
    assert "so far: 2, by 2 different adapters" in project.path("reports/toy.md").read_text()

    # Another clone with this cache: the variant's answers come out of it, and are a look as well.
    project.run(*back)
    project.run("rm", "-rf", ".scratch/looks")
    assert len(looks(project)) == 1
    assert "Stage 'test@toy' is cached" in project.run(*variant)
    assert len(looks(project)) == project.json("metrics/test/toy.json")["looks"] == 2


def test_other_answers_of_the_same_weights_are_another_look(project):
    project.edit("params.yaml", "max_new_tokens: 12", "max_new_tokens: 11")
    project.run(sys.executable, "-m", "stages.plan")
    choose(project)
    project.stage("open_test", "toy")
    assert len(looks(project)) == 2
    assert len({look["adapter_sha256"] for look in looks(project)}) == 1


def test_test_rows_are_asked_behind_the_examples_of_dev(project):
    arm = project.json("metrics/promotion/toy.json")["arm"]
    before = records.read(project.path(f"data/tested/toy/{arm}.jsonl"))
    shots = "    shots: {count: 2, choose: nearest}"
    project.edit("studies/toy.yaml", "    format: chat\n", f"    format: chat\n{shots}\n")
    project.run(sys.executable, "-m", "stages.plan")
    choose(project)
    project.stage("open_test", "toy")
    after = records.read(project.path(f"data/tested/toy/{arm}.jsonl"))
    for plain, shown in zip(before, after, strict=True):
        assert shown["id"] == plain["id"] and shown["tokens_in"] > 2 * plain["tokens_in"]
    assert len(looks(project)) == 2

    why = "to ask a model elsewhere"
    words = (sys.executable, "-m", "stages.prompts", "toy-chat")
    assert "leave by a noted look alone" in project.run(*words, "--split", "test", ok=False)
    sent = project.run(*words, "--open-test", why).splitlines()
    assert len(sent) == len(after) and "assistant" in sent[0]
    project.stage("score_test", "toy")
    test = project.json("metrics/test/toy.json")
    assert (test["looks"], test["adapters"], test["sent_out"][0]["why"]) == (3, 1, why)
    project.stage("report", "toy")
    assert "so far: 3, by 1 adapter." in project.path("reports/toy.md").read_text()


def test_killed_look_goes_on_with_the_missing_answers_and_counts_once(project, tmp_path):
    project.edit("params.yaml", "  batch_size: 4", "  batch_size: 1")
    project.edit("params.yaml", "max_new_tokens: 12", "max_new_tokens: 120")
    project.run(sys.executable, "-m", "stages.plan")
    choose(project)
    project.path(LEDGER).write_text("")
    project.run("rm", "-rf", ".scratch/looks", "data/tested/toy")
    whole = project.copy(tmp_path / "whole")
    whole.stage("open_test", "toy")
    kill_when(project, "open_test", "toy", "test/*/*/batch-00003.json")
    assert not list(project.path("data/tested/toy").glob("*.jsonl")) and looks(project) == []
    project.stage("open_test", "toy")
    for file in whole.path("data/tested/toy").iterdir():
        assert project.path(f"data/tested/toy/{file.name}").read_bytes() == file.read_bytes()
    assert len(looks(project)) == 1


def test_answers_out_of_step_with_the_split_are_refused(project):
    arm = project.json("metrics/promotion/toy.json")["arm"]
    file = project.path(f"data/answers/toy/test/{arm}.jsonl")
    records.write(file, records.read(file)[1:])
    output = project.stage("score_test", "toy", ok=False)
    assert "1 missing" in output and "Traceback" not in output

"""A clone with neither cache nor models: what follows from answers needs no model."""

import re
import subprocess

import pytest

from stages import records
from tests.conftest import Project
from tests.tiny.test_pipeline import ran

ARMS = ("toy-s0", "toy-follows", "toy-pinned")
VERDICTS = {"choose@toy", "score_test@toy", "report@toy", "index"}


@pytest.fixture
def clone(built, tmp_path) -> Project:
    folder = tmp_path / "clone"
    subprocess.run(["git", "clone", "--quiet", str(built.folder), str(folder)], check=True)
    project = Project(folder)
    project.run("git", "config", "user.name", "Toy")
    project.run("git", "config", "user.email", "toy@example.org")
    return project


def repro(project: Project) -> set[str]:
    """What `dvc repro` runs with no data; afterwards nothing is stale, and no model is there."""
    found = ran(project.run("dvc", "repro", "--allow-missing"))
    fresh = project.run("dvc", "repro", "--dry", "--allow-missing")
    assert not re.search(r"^Running stage|^ERROR", fresh, re.M), fresh
    assert not project.path("models/base").exists()
    assert not project.path("data/predictions").exists()
    return found


def test_nothing_is_out_of_date(clone):
    assert repro(clone) == set()


def test_new_metric_scores_the_answers_in_git(clone):
    clone.edit(
        "studies/toy.yaml", "      exact_match: {}", "      exact_match: {}\n      chrf_pp: {}"
    )
    evaluated = {"evaluate_floors@toy", *(f"evaluate@{arm}" for arm in ARMS)}
    assert repro(clone) <= {"plan", "compare@toy", *evaluated, *VERDICTS}
    for arm in ARMS:
        assert clone.json(f"metrics/quality/toy/{arm}.json")["chrf_pp"]["n"] == 16
    assert clone.json("metrics/test/toy.json")["metrics"]["chrf_pp"]["n"] == 16
    assert "chrF++" in clone.path("reports/toy.md").read_text()


def test_rule_that_comes_to_the_same_arm_needs_no_weights(clone):
    before = clone.json("metrics/promotion/toy.json")["arm"]
    clone.edit("studies/toy.yaml", "        exact_match: not hurt", "        bleu_char: not hurt")
    assert repro(clone) <= {"plan", *VERDICTS}
    assert clone.json("metrics/promotion/toy.json")["arm"] == before


@pytest.mark.parametrize("lacks", ["what the rule asks for", "a floor below it"])
def test_who_is_chosen_takes_no_weights_also_where_nobody_is(clone, lacks):
    """To close the split again takes the test stage, and dvc wants a stage's inputs to be there."""
    text = clone.path("studies/toy.yaml").read_text()
    if lacks == "a floor below it":
        text = re.sub(r"\n +waive_floors: .*", "", text)
    else:
        text = text.replace("      verdict: not hurt\n", "      verdict: helped\n")
    clone.path("studies/toy.yaml").write_text(text)
    assert ran(clone.run("dvc", "repro", "--allow-missing", "choose@toy")) == {"plan", "choose@toy"}
    promotion = clone.json("metrics/promotion/toy.json")
    assert promotion["arm"] is None
    said = {"what the rule asks for": "the rule asks for helped", "a floor below it": "floors"}
    assert any(said[lacks] in note for note in promotion["notes"])


def test_another_template_writes_the_pages_anew_and_nothing_else(clone):
    clone.edit("stages/reporting/templates/report.md.j2", "## Verdicts on dev", "## Verdicts")
    assert repro(clone) == {"report@toy", "index"}
    assert "\n## Verdicts\n" in clone.path("reports/toy.md").read_text()


def test_rows_that_are_not_published_stay_out_of_git_and_of_the_page(project):
    text = records.read(project.path("data/answers/toy/dev.jsonl"))[0]["target"]
    project.edit("studies/toy.yaml", "publish: all", "publish: none")
    project.run("git", "rm", "--quiet", "-r", "--cached", "data/answers/toy")
    project.run("dvc", "repro")
    project.commit("private")
    assert "data/answers" not in project.run("git", "ls-files")
    for name in ("reports/toy.md", "reports/toy.html", "reports/toy-review.csv"):
        assert text not in project.path(name).read_text()
    assert ran(project.run("dvc", "repro")) == set()
    fresh = project.run("dvc", "repro", "--dry", "--allow-missing")
    assert not re.search(r"^Running stage|^ERROR", fresh, re.M)

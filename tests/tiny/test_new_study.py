"""A study of one's own, from a CSV to a report by the commands that README shows."""

import csv
import re
import sys

import pytest

from tests.conftest import toy_rows
from tests.tiny.test_pipeline import ran


@pytest.fixture(scope="module")
def begun(unbuilt, tmp_path_factory):
    """The toy project with a study more, which `stages.new` begins from a CSV, and its report."""
    project = unbuilt.copy(tmp_path_factory.mktemp("begun") / "project")
    with project.path("pairs.csv").open("w", newline="") as file:
        table = csv.DictWriter(file, ["ja", "note", "en"])
        table.writeheader()
        table.writerows({**row, "note": "so, and\nso"} for row in toy_rows())
    words = ["mine", "--data", "pairs.csv", "--input", "en", "--target", "ja"]
    said = project.run(sys.executable, "-m", "stages.new", *words)
    project.said = said
    project.commit("a study begun")
    (command,) = re.findall(r"Then: (dvc repro \S+)$", said, re.M)
    project.repro = project.run(*command.split())
    return project


def test_the_printed_command_builds_this_study_and_no_other(begun):
    stages = ran(begun.repro)
    assert {"train@mine-s0", "train@mine-tuned", "compare@mine", "report@mine"} <= stages
    assert not [stage for stage in stages if "@toy-" in stage or stage.endswith("@study")]


def test_report_says_a_verdict(begun):
    assert "136 train, 32 dev and 32 test rows, frozen" in begun.said
    report = begun.path("reports/mine.md").read_text()
    verdict = re.search(r"^\*\*.*\*\*$", report, re.M).group(0)
    assert "Fine-tuned" in verdict and "n = 32 dev rows" in verdict
    assert re.search(r"\*?\*?(helped|hurt|no difference)", verdict)
    assert begun.path("reports/mine.html").exists()
    comparison = begun.json("metrics/comparisons/mine.json")["arms"]["mine-tuned"]
    assert comparison["metrics"]["chrf"]["n"] == 32
    assert set(begun.json("metrics/hypotheses/mine.json")["hypotheses"]) == {"tuning_helps"}


def test_nothing_is_left_to_do_and_no_row_is_in_git(begun):
    assert ran(begun.run("dvc", "repro", "report@mine")) == set()
    begun.run("git", "add", "--all")
    listed = begun.run("git", "ls-files")
    assert "reports/mine.md" in listed and "data/manifests/mine/dev-v1.json" in listed
    assert "data/answers/mine/dev.jsonl" not in listed

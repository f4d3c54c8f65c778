"""A judge through real `dvc`: switched on by a map, asked over HTTP and only once."""

import re

import pytest

from tests.judging.server import Server, prefers_longer

JUDGE = """\
    judge:
      base_url: URL
      model: longer-is-better
      concurrency: 2
"""
SWITCH = """
judge:
  toy-s0: {study: toy, against: toy-s0}
  toy-follows: {study: toy, against: toy-s0}
  toy-pinned: {study: toy, against: toy-s0}
  toy-floors: {study: toy, against: toy-s0}
"""
CONTROL = """\
      judge_aa:
        kind: control
        claim: The judge has no favourite.
        arm: toy-s0
        metric: judge_win_rate
        expect: 0.5
"""


@pytest.fixture
def server():
    running = Server(prefers_longer)
    yield running
    running.close()


def test_judge_is_asked_once_and_stands_beside_the_other_metrics(project, server):
    study = project.path("studies/toy.yaml")
    text = study.read_text().replace(
        "    metrics:\n", JUDGE.replace("URL", server.url) + "    metrics:\n"
    )
    text = text.replace("    hypotheses:\n", "    hypotheses:\n" + CONTROL)
    study.write_text(text + SWITCH)
    said = project.run("dvc", "repro")
    ran = set(re.findall(r"Running stage '([^']+)'", said))
    assert {f"judge@toy-{arm}" for arm in ("s0", "follows", "pinned", "floors")} <= ran
    assert not [stage for stage in ran if stage.startswith(("train@", "predict@", "test@"))]
    calls = len(server.asked)
    quality = project.json("metrics/quality/toy/toy-s0.json")
    assert quality["judge_win_rate"]["value"] == 0.5
    assert quality["judge_coverage"]["value"] == 1.0
    floors = project.json("metrics/floors/toy.json")
    wins = {floor: found["judge_win_rate"]["value"] for floor, found in floors.items()}
    # This judge prefers what is longer, so the input to the base's few tokens, if it has any.
    assert wins["empty"] <= 0.5 < wins["copy"] and floors["empty"]["judge_win_rate"]["n"] == 16
    won = project.json("metrics/comparisons/toy.json")["floors"]["won"]
    assert won["judge_win_rate"]["copy"] == wins["copy"]
    assert "judge: overall" in project.path("reports/toy.md").read_text()
    hypotheses = project.json("metrics/hypotheses/toy.json")["hypotheses"]
    assert hypotheses["judge_aa"]["verdict"] == "confirmed"
    # Even where DVC's own cache is left out, nobody is asked twice.
    project.run("dvc", "repro", "--force", "--single-item", "--no-run-cache", "judge@toy-follows")
    assert len(server.asked) == calls
    project.run("dvc", "repro", "--force", "--single-item", "--no-run-cache", "judge@toy-floors")
    assert len(server.asked) == calls
    # Switched off again, its scores are gone and nothing else is.
    study.write_text(text)
    project.run("dvc", "repro")
    assert "judge_overall" not in project.json("metrics/quality/toy/toy-s0.json")
    judged = project.json("metrics/hypotheses/toy.json")["hypotheses"]["judge_aa"]
    assert judged["verdict"] == "undecided" and "was not measured" in judged["reason"]

"""How runs ended: one that diverged is a row like every other, and nobody passes over it."""

import pytest

from stages import paths, records
from stages.reporting import data, endings
from tests.reporting.pages import Page, plain, section, table

DIVERGED = {"status": "diverged", "reason": "the loss is infinite", "diverged_at": 7}
DIVERGED |= {"planned_steps": 8, "kept_step": 4, "steps": 6}
SAID = "diverged at step 7, scored at step 4"
WARNED = f"“A” {SAID}: the loss is infinite. Its scores are not those of what it was to become"


@pytest.mark.parametrize(
    ("run", "expected"),
    [
        ({}, ""),
        ({"status": "not trained"}, ""),
        ({"status": "made elsewhere"}, ""),
        ({"status": "finished", "steps": 8}, ""),
        ({"status": "finished", "steps": 8, "kept_step": 8}, "as planned"),
        ({"status": "finished", "steps": 8, "kept_step": 6}, "as planned, scored at step 6"),
        ({"status": "finished", "steps": 4, "kept_step": 4, "stopped_early": "dev_loss at step 4"},
         "stopped early: loss on dev at step 4"),
        ({"status": "finished", "steps": 4, "kept_step": 2, "stopped_early": "loss at step 4"},
         "stopped early: loss at step 4, scored at step 2"),
        (DIVERGED, SAID),
        ({**DIVERGED, "diverged_at": 1, "kept_step": 0, "steps": 0},
         "diverged at step 1, scored at step 0, the untouched base"),
    ],
)  # fmt: skip
def test_how_a_run_ended_in_words(run, expected):
    assert endings.ending(run) == expected
    assert endings.alarm(run) == (f"⚠ {expected}" if expected.startswith("diverged") else "")


def diverge(study, **more):
    """The same study with an arm A whose training diverged; the arm scores best by far."""
    log = paths.training_log("toy", "toy-a")
    path = log / "training.json"
    records.write_json(path, records.read_json(path) | DIVERGED | more)
    if not more.get("steps", 1):
        bare = {k: v for k, v in records.read_json(path).items() if "loss" not in k}
        records.write_json(path, bare)
        records.write(log / "log.jsonl", [])
    study.run()
    return study.report()


def test_arm_that_may_have_met_the_test_rows_is_scored_and_not_promoted(study):
    assert records.read_json(paths.promotion("toy"))["arm"] == "toy-a"
    study.declared["arms"]["toy-a"]["not_promoted"] = "it may have met the test rows"
    study.run()
    promotion = records.read_json(paths.promotion("toy"))
    assert promotion["arm"] is None
    assert "toy-a: it may have met the test rows" in promotion["notes"]
    assert study.compared["arms"]["toy-a"]["metrics"]["chrf"]["verdict"] == "helped"


def test_run_that_diverged_is_marked_on_every_page_and_not_promoted(study):
    written, html = diverge(study)
    promotion = records.read_json(paths.promotion("toy"))
    assert promotion["arm"] is None and "toy-a: training diverged at step 7" in promotion["notes"]
    assert table(written, "Leaderboard")[1][1] == f"A (trained) **⚠ {SAID}**"
    first = written.split("\n## ")[0]
    assert f"> **{WARNED}" in first and f"“A” ({SAID}) helped" in first
    assert "training diverged for the best" in first
    assert SAID in section(written, "Settings") and "diverged" in section(written, "Training")
    page = plain(Page(html).text)
    assert WARNED in page and f"“A” ({SAID}) helped" in page
    assert html.count(f'<span class="alarm">⚠ {SAID}</span>') == 2
    index = plain(Page(study.index()).text)
    assert WARNED in index and "A ⚠" in index and f"“A” ({SAID}) helped" in index


def test_run_that_diverged_at_its_first_step_is_a_row_without_a_curve(study):
    written, html = diverge(study, diverged_at=1, kept_step=0, steps=0)
    assert data.gather(study.plan)["curves"]["A"] == []
    assert "diverged at step 1, scored at step 0, the untouched base" in written
    assert "Training loss over optimizer steps" in html
    assert table(written, "Training")[1][2] == "diverged"


def test_study_whose_runs_all_finished_warns_of_none(study):
    assert "⚠" not in "".join((*study.report(), study.index()))


def test_loss_on_dev_and_an_early_stop_are_told(study):
    log = paths.training_log("toy", "toy-a")
    found = {"stopped_early": "dev_loss at step 6", "kept_step": 4, "steps": 6}
    found |= {"best_dev_loss": 1.25, "best_dev_loss_step": 4, "last_dev_loss": 1.75}
    records.write_json(log / "training.json", records.read_json(log / "training.json") | found)
    curve = records.read(log / "log.jsonl")
    records.write(
        log / "log.jsonl", [{**r, "dev_loss": 1.5 if r["step"] % 2 else None} for r in curve]
    )
    study.run()
    written, html = study.report()
    rows = {label: cells[1] for label, *cells in table(written, "Training")}
    assert rows["lowest loss on dev"] == "1.250" and rows["lowest loss on dev, at step"] == "4"
    assert rows["last loss on dev"] == "1.750" and rows["scored at step"] == "4"
    assert "stopped early: loss on dev at step 6, scored at step 4" in section(written, "Settings")
    assert "the loss on part of dev" in html

"""The first screen: what to do in every way a study ends, and what was not measured."""

import pytest

from stages.reporting import data, opening
from tests.reporting.pages import Page, plain
from tests.reporting.test_floors_section import standing

PLAN = {"headline": "chrf", "arms": {"toy-a": {"title": "A"}}, "floors": {"waived": None}}
CLOSED = {"status": "closed"}
RULE = {"arm": None, "rule": {"metric": "chrf", "verdict": "helped"}}


def compared(verdict="helped", beside=None):
    floors = {"arms": {"toy-a": {"chrf": beside or standing()}}}
    found = {"toy-a": {"metrics": {"chrf": {"verdict": verdict, "value": 1.0}}}}
    return {"arms": found, "floors": floors}


def on_test(verdict="helped", beside=None):
    found = {"chrf": {"verdict": verdict}}
    floors = {"standing": {"chrf": beside or standing()}}
    return {"status": "opened", "metrics": found, "floors": floors}


WORSE, UNCLEAR = standing(["nearest"], ["nearest"]), standing(["nearest"])


@pytest.mark.parametrize(
    ("found", "promotion", "test", "tone", "expected"),
    [
        ({"arms": {}}, RULE, CLOSED, "open", "no arm could be compared"),
        (compared(), {"arm": None, "rule": None}, CLOSED, "open", "No recommendation"),
        (compared("helped", WORSE), RULE, CLOSED, "no", "looking up the nearest training row does"),
        (compared("hurt", WORSE), RULE, CLOSED, "no", "Ship none"),
        (compared("no difference shown", UNCLEAR), RULE, CLOSED, "no", "Keep the base"),
        (compared("helped", UNCLEAR), RULE, CLOSED, "no", "not shown to beat looking up"),
        (compared("helped"), RULE, CLOSED, "no", "none meets the rule"),
        (compared(), {**RULE, "arm": "toy-a"}, on_test(), "yes", "Take “A”"),
        (compared(), {**RULE, "arm": "toy-a"}, on_test("hurt"), "open", "does not confirm"),
        (compared(), {**RULE, "arm": "toy-a"}, on_test("helped", UNCLEAR), "open", "the floors"),
    ],
)  # fmt: skip
def test_what_to_do(found, promotion, test, tone, expected):
    said = opening.advice(PLAN, found, promotion, test, {})
    assert said["tone"] == tone and expected in said["text"]


def test_arm_that_is_best_and_diverged_is_not_said_to_miss_the_rule():
    training = {"toy-a": {"status": "diverged", "diverged_at": 7, "kept_step": 4}}
    said = opening.advice(PLAN, compared(), RULE, CLOSED, training)
    assert said["text"] == "Ship none of these arms: training diverged for the best, “A”."


def test_nobody_is_sent_away_by_floors_that_are_waived():
    plan = {**PLAN, "floors": {"waived": "There is no memory in use."}}
    promotion = {**RULE, "arm": "toy-a"}
    said = opening.advice(plan, compared("helped", WORSE), promotion, on_test("helped", WORSE), {})
    assert said["tone"] == "yes"


def test_promoted_arm_stands_beside_base_and_floors_on_dev_and_test(study):
    gathered = data.gather(study.plan)
    rows = {row["title"]: row for row in gathered["ladder"]["rows"]}
    assert set(rows) == {"A", "S0, untouched", "empty", "constant", "nearest"}
    assert [title for title, row in rows.items() if row["lead"]] == ["A"]
    found = gathered["test"]["quality"]["toy-a"]["chrf"]["value"]
    assert rows["A"]["test"] == found and rows["nearest"]["test"] is not None
    _, html = study.report()
    first = html.split("<nav")[0]
    assert f"{found:.2f}</td>" in first and "Looks so far: 1, by 1 adapter" in first


def test_closed_test_split_has_no_figure(study):
    study.study["promote"] = {"metric": "exact_match"}
    study.run()
    rows = data.gather(study.plan)["ladder"]["rows"]
    assert {row["test"] for row in rows} == {None}
    assert "test, closed" in study.report()[1]


CPU = {"processor": "Xeon (model 85)", "instruction_set": "AVX512", "threads": 2}
GPU = {"processor": "NVIDIA H200", "instruction_set": "CUDA 9.0", "threads": 2}
OLDER = {"processor": "Xeon (model 85), 2 threads"}


@pytest.mark.parametrize(
    ("metrics", "settings", "machined", "expected"),
    [
        (["chrf"], {"a": {"seed": 42}}, [CPU, OLDER, {}],
         [*opening.APART.values(), "other seeds: one run per arm, seed 42",
          "a GPU: all ran on CPUs"]),
        (["comet", "judge_overall", "kl_mean"], {"a": {"seed": 1}, "b": {"seed": 2}}, [GPU],
         ["other seeds: one run per arm, seed 1, 2"]),
        (["comet", "judge_overall", "kl_mean"], {}, [GPU, CPU], []),
    ],
)  # fmt: skip
def test_what_was_not_measured(metrics, settings, machined, expected):
    assert opening.not_measured(metrics, settings, machined) == expected


def test_first_screen_says_so(study):
    written, html = study.report()
    advice = data.gather(study.plan)["advice"]["text"]
    for text in (written.split("\n## ")[0], plain(Page(html.split("<nav")[0]).text)):
        assert advice in text and "COMET" in text and "other seeds" in text

"""Plans of what scores apart: COMET, the drift from the base, a judge."""

from pathlib import Path

import pytest

from stages import paths, plan, records
from stages.command import UserError
from stages.metrics import METRICS
from stages.metrics.scorers import SCORERS
from stages.plans import load_plan
from tests.planning.files import STUDIES, STUDY, changed, planned

ARMS = list(STUDIES["arms"])
ALL = [*ARMS, "toy-floors"]
TEXTS = '{"id": "t1", "instruction": "Say it.", "answer": "Hello."}\n'
ENDPOINT = {"base_url": "http://localhost:1/v1", "model": "grader"}
# What a study file says to switch each scorer on: its settings in the study, then the map
SETTINGS = {"comet": {}, "drift": {"prompts": "texts.jsonl"}, "judge": ENDPOINT}
MAPS = {
    "comet": {**STUDIES["arms"], "toy-floors": {"study": "toy"}},
    "drift": STUDIES["arms"],
    "judge": {one: {"study": "toy", "against": "toy-s0"} for one in ALL},
}
CONTROL = {"kind": "control", "claim": "c", "arm": "toy-s0", "metric": "kl_mean", "expect": 0.0}


@pytest.fixture
def switch(project):
    """Gives a function that switches a scorer on, or off again but for its settings."""
    Path("texts.jsonl").write_text(TEXTS)

    def switched(scorer, on=True):
        project("studies/toy.yaml", "study", "toy", scorer, SETTINGS[scorer])
        project("studies/toy.yaml", SCORERS[scorer].switch, MAPS[scorer] if on else {})

    return switched


def names_of(scorer):
    return [name for name, metric in METRICS.items() if metric.scorer == scorer]


def test_comet_switched_on_is_in_the_plans_of_its_study_alone(project):
    before = planned()
    project("studies/toy.yaml", "score_comet", MAPS["comet"])
    again = changed(before, planned())
    stages = {name for name in again if not name.startswith(("evaluate/", "score_comet/"))}
    scored = {f"score_comet/{one}" for one in ALL} | {f"evaluate/{arm}" for arm in ARMS}
    assert again - stages == scored and "evaluate_floors/toy" in stages
    assert "report/toy" in stages and not [name for name in again if "far" in name]
    assert load_plan("score_comet", "toy-s0") == {
        "arm": "toy-s0",
        "study": "toy",
        "comet": {
            "model": "Unbabel/wmt22-comet-da",
            "revision": "2760a223ac957f30acfb18c8aa649b01cf1d75f2",
            "sha256": None,
            "batch_size": 16,
        },
    }
    assert load_plan("evaluate", "toy-s0")["metrics"] == {**STUDY["metrics"], "comet": {}}
    assert load_plan("report", "toy")["metrics"] == [*STUDY["metrics"], "comet"]
    project("studies/toy.yaml", "study", "toy", "comet", {"model": "m.ckpt", "sha256": "0" * 64})
    plan.main()
    local = {"model": "m.ckpt", "revision": None, "sha256": "0" * 64, "batch_size": 16}
    assert load_plan("score_comet", "toy-s0")["comet"] == local


@pytest.mark.parametrize("scorer", ["drift", "judge"])
def test_settings_alone_change_no_plan(switch, scorer):
    before = planned()
    switch(scorer, on=False)
    assert changed(before, planned()) == set()


@pytest.mark.parametrize("scorer", ["drift", "judge"])
def test_scorer_switched_on_adds_its_metrics_on_dev_and_none_on_test(switch, scorer):
    before = planned()
    switch(scorer)
    assert changed(before, planned()) == {
        "compare/toy",
        "report/toy",
        *(f"evaluate/{arm}" for arm in ARMS),
        *(f"{SCORERS[scorer].switch}/{one}" for one in MAPS[scorer]),
        # Nothing without a model can drift
        *(["evaluate_floors/toy"] if scorer == "judge" else []),
    }
    added = names_of(scorer)
    assert added, "no metric of this scorer in METRICS"
    evaluated = load_plan("evaluate", "toy-s0")["metrics"]
    assert evaluated == {**STUDY["metrics"], **{name: {} for name in added}}
    for stage in ("compare", "report"):
        assert load_plan(stage, "toy")["metrics"] == [*STUDY["metrics"], *added]
    assert load_plan("score_test", "toy")["metrics"] == STUDY["metrics"]
    assert load_plan("report", "toy")["headline"] == "chrf"


def test_comet_is_scored_on_test_too(switch):
    for scorer in SCORERS:
        switch(scorer)
    plan.main()
    assert set(load_plan("score_test", "toy")["metrics"]) == {*STUDY["metrics"], "comet"}


def test_plan_of_the_drift_has_what_decides_it(switch):
    switch("drift")
    plan.main()
    found = load_plan("measure_drift", "toy-pinned")
    pins = found.pop("pins")
    assert set(pins) == {"torch", "transformers", "peft", "bitsandbytes"}
    sha256 = records.file_digest(Path("texts.jsonl"))
    assert found == {
        "arm": "toy-pinned",
        "study": "toy",
        "base": "tiny",
        "drift": {"prompts": "texts.jsonl", "batch_size": 8, "sha256": sha256},
        "quantize": "none",
        "precision": "auto",
    }


def test_plan_of_the_judge_has_what_decides_it(switch, project):
    switch("judge")
    plan.main()
    found = load_plan("judge", "toy-pinned")
    assert (found["arm"], found["study"], found["against"]) == ("toy-pinned", "toy", "toy-s0")
    assert found["judge"].items() >= ENDPOINT.items()
    assert found["judge"]["temperature"] == 0.0 and found["judge"]["key_env"] is None
    assert "openai" in found["pins"]


# what is changed, and the scorers' plans that change with it
CHANGES = [
    (("params.yaml", "lr", 3e-6), set()),
    (("params.yaml", "lora", "r", 2), set()),
    (("params.yaml", "seed", 7), set()),
    (("params.yaml", "decode", "temperature", 0.5), set()),
    (("params.yaml", "max_length", 32), set()),
    (("params.yaml", "precision", "fp32"), {f"measure_drift/{arm}" for arm in ARMS}),
    (
        ("studies/toy.yaml", "study", "toy", "drift", "batch_size", 2),
        {f"measure_drift/{arm}" for arm in ARMS},
    ),
    (
        ("studies/toy.yaml", "study", "toy", "judge", "model", "other"),
        {f"judge/{one}" for one in ALL},
    ),
    (
        (
            "studies/toy.yaml",
            "judge",
            {one: {"study": "toy", "against": "toy-pinned"} for one in ALL},
        ),
        {f"judge/{one}" for one in ALL},
    ),
]


@pytest.mark.parametrize(
    ("change", "touched"), CHANGES, ids=[".".join(map(str, row[0][1:])) for row in CHANGES]
)
def test_a_change_touches_only_scorers_that_use_it(switch, project, change, touched):
    switch("drift")
    switch("judge")
    before = planned()
    project(*change)
    again = changed(before, planned())
    assert {name for name in again if name.startswith(("measure_drift/", "judge/"))} == touched


def test_changed_texts_re_measure_the_drift_and_nothing_else(switch):
    switch("drift")
    before = planned()
    Path("texts.jsonl").write_text(TEXTS.replace("Hello", "Bye"))
    assert changed(before, planned()) == {f"measure_drift/{arm}" for arm in ARMS}


@pytest.mark.parametrize("scorer", SCORERS)
def test_plan_removes_no_scores_of_another_stage(switch, scorer):
    """What is switched off is in no plan, and what lies there is read by nobody."""
    scores = paths.kept("toy", "toy-s0", f"{scorer}.jsonl")
    records.write_text(scores, "{}")
    switch(scorer)
    plan.main()
    assert names_of(scorer)[0] in load_plan("evaluate", "toy-s0")["metrics"]
    switch(scorer, on=False)
    plan.main()
    assert names_of(scorer)[0] not in load_plan("evaluate", "toy-s0")["metrics"]
    assert scores.exists()


def test_control_of_what_is_not_measured_does_not_hold_up_promotion(switch, project):
    project("studies/toy.yaml", "study", "toy", "hypotheses", {"aa": CONTROL})
    plan.main()
    assert load_plan("choose", "toy")["controls"] == {}
    switch("drift")
    plan.main()
    assert load_plan("choose", "toy")["controls"] == {"aa": "kl_mean"}


def test_missing_texts_of_the_drift_are_named_by_key_and_only_where_they_are_read(switch):
    switch("drift")
    Path("texts.jsonl").unlink()
    with pytest.raises(UserError) as raised:
        plan.main()
    assert "study.toy.drift.prompts: no such file 'texts.jsonl'" in str(raised.value)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"base_url": "http://me:hunter2@localhost/v1"}, "has a user, a password"),
        (
            {"base_url": "http://localhost/sk-hunter2hunter2/v1"},
            "part 1 of its path looks like a key",
        ),
        ({"base_url": "localhost:1/v1"}, "base_url: no address such as"),
        ({"key_env": "sk-hunter2"}, "key_env: string should match pattern '^[A-Z_][A-Z0-9_]*$'"),
    ],
)
def test_judge_that_cannot_be_asked_stops_the_plan_and_no_secret_gets_anywhere(
    switch, project, settings, said
):
    switch("judge")
    project("studies/toy.yaml", "study", "toy", "judge", {**ENDPOINT, **settings})
    with pytest.raises(UserError) as raised:
        plan.main()
    assert said in str(raised.value) and "hunter2" not in str(raised.value)
    assert not paths.plan("judge", "toy-s0").exists()


def test_arms_that_the_judge_compares_with_different_ones_are_refused(switch, project):
    switch("judge")
    project("studies/toy.yaml", "judge", "toy-s0", "against", "toy-pinned")
    with pytest.raises(UserError, match="judge: against toy-pinned, toy-s0; compare all arms of"):
        plan.main()


def test_mistake_in_an_arm_is_told_once_and_not_again_where_it_is_scored(project):
    arms = {**STUDIES["arms"], "toy-s0": {**STUDIES["arms"]["toy-s0"], "methd": "none"}}
    project("studies/toy.yaml", "arms", arms)
    project("studies/toy.yaml", "score_comet", {**arms, "toy-floors": {"study": "toy"}})
    project("studies/toy.yaml", "measure_drift", arms)
    with pytest.raises(UserError) as raised:
        plan.main()
    (line,) = str(raised.value).splitlines()
    assert line.startswith("studies/toy.yaml: arms.toy-s0: unknown key 'methd' (did you mean 'met")

"""Settings: what the arms have in common, what differs, and what a run recorded of itself."""

import pytest

from stages.reporting import settings
from tests.reporting.pages import Page, plain, section, table

ARMS = {name: {"title": name.upper()} for name in ("s0", "a", "b")}
KNOBS = {"lr": 0.0002, "lora": {"r": 8, "target_modules": ["q_proj", "v_proj"]}, "loss_on": "all"}
REWARDS = {"push": {}, "extraction": {"parser": "tolerant"}}


def test_common_and_different_settings_stand_apart():
    declared = {"a": KNOBS, "b": {**KNOBS, "lr": 3e-6, "loss_on": "completion"}}
    found = settings.settings(declared, ARMS, {})
    assert found["common"] == [("LoRA rank", "8"), ("LoRA targets", "q_proj, v_proj")]
    assert found["heads"] == ["learning rate", "loss on"]
    assert found["rows"] == [("A", ["0.0002", "the whole row"]), ("B", ["3e-06", "the answer"])]
    assert found["count"] == 2 and found["above"] == {}


def test_arms_on_several_bases_are_listed_base_by_base():
    arms = {name: {"title": name, "base": base} for name, base in zip("abc", "xyx", strict=True)}
    found = settings.settings({name: {"lr": n} for n, name in enumerate("abc")}, arms, {})
    assert found["rows"] == [("a", ["0"]), ("c", ["2"]), ("b", ["1"])]
    assert found["above"] == {0: "x", 2: "y"}
    # One that alone was trained is on one of several
    assert settings.settings({"b": KNOBS}, arms, {})["above"] == {0: "y"}


def test_knob_that_nobody_named_is_shown_under_its_own_name():
    found = settings.settings({"a": {"new_knob": {"of_it": True}, "other": None}}, ARMS, {})
    assert found["common"] == [("new knob of it", "yes"), ("other", "–")]


def test_knobs_within_knobs_are_said_on_one_line():
    rule = {"figure": "dev_reward", "stalled": {"better": "higher"}, "patience": 6}
    declared = {"rules": {"plateau": rule}, "rewards": REWARDS, "taken": {}}
    assert settings.settings({"a": declared}, ARMS, {})["common"] == [
        ("rewards", "push; extraction (parser tolerant)"),
        ("rules", "plateau (figure dev_reward, stalled better higher, patience 6)"),
        ("taken", "–"),
    ]


def test_when_a_run_stops_and_what_it_keeps_is_said_in_words():
    stop = {"figure": "dev_loss", "patience": 3, "from_step": 0}
    declared = {"keep": "best", "stop": stop, "dev_loss": {"every": 20, "rows": 64}}
    assert settings.settings({"a": declared}, ARMS, {})["common"] == [
        ("loss on dev every, steps", "20"),
        ("loss on dev over, rows", "64"),
        ("stopped by", "loss on dev"),
        ("after, values no better", "3"),
        ("from step", "0"),
        ("weights kept", "the best on dev"),
    ]


def test_arm_without_a_knob_that_others_have_has_a_dash():
    found = settings.settings({"a": {"x": 1}, "b": {}}, ARMS, {})
    assert found["rows"] == [("A", ["1"]), ("B", ["–"])]


def test_without_a_trained_arm_there_is_nothing_to_show():
    assert settings.settings({}, ARMS, {}) is None
    assert settings.settings({"gone": KNOBS}, ARMS, {}) is None


@pytest.mark.parametrize(
    ("run", "expected"),
    [
        ({}, {}),
        ({"status": "not trained"}, {}),
        ({"status": "finished", "steps": 8}, {}),
        ({"status": "finished", "steps": 8, "kept_step": 8}, {"ended": "as planned"}),
        ({"status": "diverged", "diverged_at": 7, "kept_step": 4, "steps": 6},
         {"ended": "diverged at step 7, scored at step 4"}),
    ],
)  # fmt: skip
def test_how_a_run_ended_is_shown_and_nothing_else_of_it(run, expected):
    assert settings.recorded(run) == expected


def test_report_has_the_resolved_knobs_of_what_was_trained(study):
    study.declared["arms"]["toy-b"]["lr"] = 0.125
    study.run()
    assert set(study.plan["settings"]) == {"toy-a", "toy-b"}
    written, html = study.report()
    head, *rows = table(written, "Settings")
    assert head == ["arm", "learning rate"] and rows[1] == ["B", "0.125"]
    assert "The same for all: schedule" in section(written, "Settings")
    assert "learning rate" in plain(Page(html).text) and "The same for all 2 arms" in html

"""Settings: what the arms have in common, what differs, and what a run recorded of itself."""

import pytest

from stages.reporting import settings
from tests.reporting.pages import Page, plain, section, table

ARMS = {name: {"title": name.upper()} for name in ("s0", "a", "b")}
KNOBS = {"lr": 0.0002, "lora": {"r": 8, "target_modules": ["q_proj", "v_proj"]}, "loss_on": "all"}


def test_common_and_different_settings_stand_apart():
    declared = {"a": KNOBS, "b": {**KNOBS, "lr": 3e-6, "loss_on": "completion"}}
    found = settings.settings(declared, ARMS, {})
    assert found["common"] == [("LoRA rank", "8"), ("LoRA targets", "q_proj, v_proj")]
    assert found["heads"] == ["learning rate", "loss on"]
    assert found["rows"] == [("A", ["0.0002", "the whole row"]), ("B", ["3e-06", "the answer"])]
    assert found["count"] == 2


def test_knob_that_nobody_named_is_shown_under_its_own_name():
    found = settings.settings({"a": {"new_knob": {"of_it": True}, "other": None}}, ARMS, {})
    assert found["common"] == [("new knob of it", "yes"), ("other", "–")]


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
        ({"trainable_parameters": 4884480}, {"trainable parameters": "4,884,480"}),
        (
            {"trainable_parameters": 245760, "total_parameters": 229692928, "seconds": 4000},
            {"trainable parameters": "245,760", "share of all parameters": "0.11 %",
             "training time": "67 min"},
        ),
    ],
)  # fmt: skip
def test_what_a_run_recorded_is_shown_and_nothing_else(run, expected):
    assert settings.recorded(run) == expected


@pytest.mark.parametrize(
    ("seconds", "expected"), [(4.4, "4 s"), (89, "89 s"), (90, "2 min"), (9000, "2.5 h")]
)
def test_duration(seconds, expected):
    assert settings.duration(seconds) == expected


def test_report_has_the_resolved_knobs_of_what_was_trained(study):
    study.declared["arms"]["toy-b"]["lr"] = 0.125
    study.run()
    assert set(study.plan["settings"]) == {"toy-a", "toy-b"}
    written, html = study.report()
    head, *rows = table(written, "Settings")
    assert head == ["arm", "learning rate"] and rows[1] == ["B", "0.125"]
    assert "The same for all: schedule" in section(written, "Settings")
    assert "learning rate" in plain(Page(html).text) and "The same for all 2 arms" in html

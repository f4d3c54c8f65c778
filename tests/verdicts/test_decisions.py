"""The path through a study's decisions."""

import pytest

from stages.verdicts.decisions import decide

STEPS = [
    {"when": {"a": "confirmed", "b": "not rejected"}, "scenario": "first"},
    {"when": {"a": "undecided"}, "scenario": "second"},
    {"when": {"a": "not confirmed"}, "scenario": "third"},
]


@pytest.mark.parametrize(
    ("a", "b", "scenario", "steps"),
    [
        ("confirmed", "confirmed", "first", 1),
        ("confirmed", "undecided", "first", 1),
        ("confirmed", "rejected", None, 3),
        ("undecided", "confirmed", "second", 2),
        ("rejected", "confirmed", "third", 3),
    ],
)
def test_first_step_whose_conditions_hold_gives_the_scenario(a, b, scenario, steps):
    decision = decide(STEPS, {"a": a, "b": b})
    assert decision["scenario"] == scenario
    assert len(decision["path"]) == steps
    assert [step["met"] for step in decision["path"]][-1] == (scenario is not None)


def test_path_says_what_was_asked_and_found():
    step = decide(STEPS, {"a": "rejected", "b": "confirmed"})["path"][0]
    assert step["conditions"] == [
        {"hypothesis": "a", "wanted": "confirmed", "found": "rejected"},
        {"hypothesis": "b", "wanted": "not rejected", "found": "confirmed"},
    ]


def test_step_without_conditions_is_always_met():
    assert decide([{"when": {}, "scenario": "otherwise"}], {})["scenario"] == "otherwise"


def test_without_steps_there_is_no_decision():
    assert decide([], {"a": "confirmed"}) is None

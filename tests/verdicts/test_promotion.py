"""Who may see the test split: the rule, its guards, and what can't win whatever it scores."""

import pytest

from stages.verdicts import promotion
from stages.verdicts.comparison import CHANGED, HELPED, HURT, NOT_SHOWN

RULE = {
    "metric": "chrf",
    "verdict": "helped",
    "guards": {"terms": "not hurt"},
    "waive_floors": None,
}
DIRECTIONS = {"chrf": "higher", "terms": "higher", "limit": "lower"}


def choose(rule, arms, failed, directions, standings=None):
    """By default every arm is better than every floor."""
    above = {arm: dict.fromkeys(metrics, {"unbeaten": []}) for arm, metrics in arms.items()}
    return promotion.choose(rule, arms, failed, directions, above | (standings or {}))


def found(verdict, value=10.0, p=0.01, unpaired=0, reason=None):
    return {"verdict": verdict, "value": value, "p": p, "unpaired": unpaired, "reason": reason}


def arm(chrf, terms=NOT_SHOWN, value=10.0):
    return {"chrf": found(chrf, value), "terms": found(terms)}


@pytest.mark.parametrize(
    ("arms", "wanted"),
    [
        ({"a": arm(HELPED)}, "a"),
        ({"a": arm(HELPED, value=10), "b": arm(HELPED, value=12)}, "b"),
        ({"a": arm(HELPED, value=10), "b": arm(NOT_SHOWN, value=12)}, "a"),
        ({"a": arm(HELPED, HURT, value=12), "b": arm(HELPED, value=10)}, "b"),
        ({"a": arm(HELPED, HELPED)}, "a"),
        ({"a": arm(NOT_SHOWN)}, None),
        ({"a": arm(HURT)}, None),
        ({"a": arm(CHANGED)}, None),
        ({}, None),
    ],
)
def test_best_of_those_that_meet_the_rule(arms, wanted):
    chosen, notes = choose(RULE, arms, {}, DIRECTIONS)
    assert chosen == wanted
    assert wanted or notes, "nothing promoted, and not a word why"


def test_lower_is_better_where_the_metric_says_so():
    rule = {**RULE, "metric": "limit", "guards": {}}
    arms = {"a": {"limit": found(HELPED, 0.2)}, "b": {"limit": found(HELPED, 0.1)}}
    assert choose(rule, arms, {}, DIRECTIONS)[0] == "b"


def test_weaker_standard_lets_no_difference_through_but_never_harm():
    rule = {**RULE, "verdict": "not hurt"}
    assert choose(rule, {"a": arm(NOT_SHOWN)}, {}, DIRECTIONS)[0] == "a"
    assert choose(rule, {"a": arm(HURT)}, {}, DIRECTIONS)[0] is None


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        (found(NOT_SHOWN, None, None, reason="the score is undefined"), "the score is undefined"),
        (found(NOT_SHOWN, 10.0, None, reason="1 row is too few"), "1 row is too few"),
        (found(NOT_SHOWN, 10.0, 0.01, 9, "incomplete: 9 rows"), "incomplete: 9 rows"),
        (None, "no result"),
    ],
)
@pytest.mark.parametrize("standard", ["helped", "not hurt"])
def test_undefined_or_incomplete_arm_cannot_win_under_any_rule(broken, said, standard):
    own = {"terms": found(HELPED)} | ({"chrf": broken} if broken else {})
    chosen, notes = choose({**RULE, "verdict": standard}, {"a": own}, {}, DIRECTIONS)
    assert chosen is None and notes == [f"a: chrf cannot be compared ({said})"]


def test_guard_may_ask_for_more_than_no_harm():
    rule = {**RULE, "guards": {"terms": "helped"}}
    chosen, notes = choose(rule, {"a": arm(HELPED, NOT_SHOWN)}, {}, DIRECTIONS)
    assert chosen is None and notes == [f"a: terms: {NOT_SHOWN}, the rule asks for helped"]


def test_failed_control_stops_promotion_by_its_metric_only():
    arms = {"a": arm(HELPED)}
    chosen, notes = choose(RULE, arms, {"aa": "chrf"}, DIRECTIONS)
    assert chosen is None and "A/A control aa does not hold" in notes[0]
    assert choose(RULE, arms, {"aa": "terms"}, DIRECTIONS)[0] is None
    assert choose(RULE, arms, {"aa": "limit"}, DIRECTIONS)[0] == "a"


def test_study_without_a_rule_promotes_nothing():
    assert choose(None, {"a": arm(HELPED)}, {}, DIRECTIONS) == (
        None,
        ["the study declares no promotion rule"],
    )


def test_of_equal_scores_the_first_by_name_wins_and_a_note_says_so():
    arms = {"b": arm(HELPED, value=12), "a": arm(HELPED, value=12), "c": arm(HELPED, value=11)}
    assert choose(RULE, arms, {}, DIRECTIONS) == ("a", ["b: the same chrf as a, the first by name"])


BELOW = {"chrf": {"unbeaten": ["copy", "nearest"]}}


def test_arm_that_is_not_better_than_every_floor_cannot_win():
    arms = {"a": arm(HELPED, value=12), "b": arm(HELPED, value=10)}
    chosen, notes = choose(RULE, arms, {}, DIRECTIONS, {"a": BELOW})
    assert chosen == "b"
    assert notes == ["a: chrf: not shown to be better than the floors copy, nearest"]
    assert choose(RULE, arms, {}, DIRECTIONS, {"a": BELOW, "b": BELOW})[0] is None


def test_floors_count_by_the_metric_of_the_rule_alone():
    below = {"chrf": {"unbeaten": []}, "terms": {"unbeaten": ["empty"]}}
    assert choose(RULE, {"a": arm(HELPED)}, {}, DIRECTIONS, {"a": below})[0] == "a"


def test_arm_that_no_floor_stands_beside_cannot_win():
    chosen, notes = choose(RULE, {"a": arm(HELPED)}, {}, DIRECTIONS, {"a": {}})
    assert chosen is None and notes == ["a: chrf: not compared with the floors"]


@pytest.mark.parametrize("standing", [BELOW, {}])
def test_study_may_say_why_its_floors_do_not_count(standing):
    rule = {**RULE, "waive_floors": "The floors are the point."}
    assert choose(rule, {"a": arm(HELPED)}, {}, DIRECTIONS, {"a": standing})[0] == "a"
    assert choose(rule, {"a": arm(NOT_SHOWN)}, {}, DIRECTIONS, {"a": standing})[0] is None

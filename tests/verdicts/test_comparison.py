"""Comparisons end to end: groups, order, degenerate data, verdicts and their reasons."""

import random

import pytest

from stages import records
from stages.metrics import METRICS
from stages.metrics.metric import Metric, quotient
from stages.verdicts.comparison import (
    CHANGED,
    HELPED,
    HURT,
    NOT_SHOWN,
    Pairing,
    compare,
    settle,
    verdict,
)


def metric(direction="higher", unit="points 0-100"):
    return Metric("made up", direction, unit, lambda rows: [], quotient, lambda: "")


METRICS_HERE = {
    **METRICS,
    "mean": metric(),
    "right": metric(unit="share 0-1"),
    "cost": metric("lower", "ratio"),
    "length": metric("none", "ratio"),
}


def table(scores, name="mean", groups=None):
    """Rows with one metric; a score is a number, a vector, or None where the row is unscored."""
    groups = groups or [f"g{i}" for i in range(len(scores))]
    return [
        {"id": f"r{i}", "group": group, name: vector(score)}
        for i, (score, group) in enumerate(zip(scores, groups, strict=True))
    ]


def vector(score):
    return [score, 1] if isinstance(score, int | float) else score


def contest(base, *arms, name="mean", groups=None, resamples=4000):
    """Settle arms against a base as one family; strict JSON must take it."""
    rows = {"base": table(base, name, groups)}
    rows |= {f"arm{i}": table(arm, name, groups) for i, arm in enumerate(arms)}
    wanted = [Pairing(f"arm{i}", "base", name) for i in range(len(arms))]
    found = list(settle(compare(rows, wanted, METRICS_HERE, resamples), METRICS_HERE).values())
    records.dumps(found)
    return found


def scores(n, shift, seed):
    rng = random.Random(seed)
    return [rng.gauss(50 + shift, 10) for _ in range(n)]


# --- groups and order


@pytest.mark.parametrize("name", ["mean", "right"])
def test_a_row_repeated_in_its_group_adds_nothing(name):
    rng = random.Random(1)
    base = [rng.choice([0, 1]) for _ in range(60)]
    arm = [rng.choice([0, 1, 1]) for _ in range(60)]
    groups = [f"g{i}" for i in range(60)]
    [once] = contest(base, arm, name=name, groups=groups)
    [twice] = contest(base * 2, arm * 2, name=name, groups=groups * 2)
    assert (once.pop("n"), twice.pop("n")) == (60, 120)
    assert twice == pytest.approx(once, abs=1e-12)
    assert once["groups"] == 60


def test_repeated_rows_taken_for_evidence_would_win():
    """Each of 40 rows four times: as groups nothing is shown, as rows of their own they win."""
    base, arm = scores(40, 0, 1), scores(40, 4, 6)
    groups = [f"g{i}" for i in range(40)]
    [grouped] = contest(base * 4, arm * 4, groups=groups * 4)
    [apart] = contest(base * 4, arm * 4)
    assert grouped["verdict"] == NOT_SHOWN
    assert apart["verdict"] == HELPED
    assert apart["p"] < grouped["p"] / 4
    for name in ("low", "high"):
        assert abs(apart[name] - apart["delta"]) < 0.6 * abs(grouped[name] - grouped["delta"])
    assert apart["detectable"] == pytest.approx(grouped["detectable"] / 2, rel=0.06)


@pytest.mark.parametrize("name", ["mean", "right", "chrf"])
def test_the_order_of_rows_is_no_matter(name):
    rng = random.Random(3)
    if name == "chrf":
        texts = ["".join(rng.choices("アイウエオ", k=9)) for _ in range(150)]
        made = METRICS[name].statistics(
            [{"text": a, "target": b} for a, b in zip(texts[:100], texts[50:], strict=True)]
        )
        base, arm = made[:50], made[50:]
    else:
        base, arm = ([rng.choice([0, 1]) for _ in range(50)] for _ in range(2))
    groups = [f"g{rng.randint(0, 30)}" for _ in range(50)]
    [found] = contest(base, arm, name=name, groups=groups)
    order = rng.sample(range(50), 50)
    shuffled = ([side[i] for i in order] for side in (base, arm, groups))
    base, arm, groups = shuffled
    assert contest(base, arm, name=name, groups=groups) == [found]


def test_each_side_of_a_comparison_mirrors_the_other():
    rows = {"a": table(scores(50, 0, 1)), "b": table(scores(50, 8, 6))}
    wanted = [Pairing("a", "b", "mean"), Pairing("b", "a", "mean")]
    found = compare(rows, wanted, METRICS_HERE, 4000)
    one, other = (settle({key: found[key]}, METRICS_HERE)[key] for key in wanted)
    assert (one["verdict"], other["verdict"]) == (HURT, HELPED)
    assert one["delta"] == pytest.approx(-other["delta"])
    assert (one["low"], one["high"]) == pytest.approx((-other["high"], -other["low"]))
    for name in ("p", "p_adjusted", "detectable", "n", "groups"):
        assert one[name] == pytest.approx(other[name])


def test_the_same_rows_give_the_same_bytes():
    base, arm = scores(50, 0, 1), scores(50, 6, 2)
    assert records.dumps(contest(base, arm)) == records.dumps(contest(base, arm))


# --- verdicts

# metric, how far the arm is ahead, verdict
DIRECTIONS = [
    ("mean", 10, HELPED),
    ("mean", -10, HURT),
    ("mean", 0, NOT_SHOWN),
    ("cost", 10, HURT),
    ("cost", -10, HELPED),
    ("cost", 0, NOT_SHOWN),
    ("length", 10, CHANGED),
    ("length", -10, CHANGED),
    ("length", 0, NOT_SHOWN),
]


@pytest.mark.parametrize(("name", "shift", "expected"), DIRECTIONS)
def test_the_verdict_follows_the_metric_s_direction(name, shift, expected):
    [found] = contest(scores(60, 0, 1), scores(60, shift, 1 if shift == 0 else 2), name=name)
    assert (found["verdict"], found["reason"] is None) == (expected, shift != 0)
    if expected != NOT_SHOWN:
        assert found["p_adjusted"] < 0.05
        assert found["low"] <= found["delta"] <= found["high"]
        assert found["low"] > 0 or found["high"] < 0


# adjusted p, interval, difference, reason, direction, verdict
RULE = [
    (0.049, 0.1, 2.0, 1.0, None, "higher", HELPED),
    (0.049, 0.1, 2.0, 1.0, None, "lower", HURT),
    (0.049, 0.1, 2.0, 1.0, None, "none", CHANGED),
    (0.049, -2.0, -0.1, -1.0, None, "higher", HURT),
    (0.05, 0.1, 2.0, 1.0, None, "higher", NOT_SHOWN),
    (0.001, -0.1, 2.0, 1.0, None, "higher", NOT_SHOWN),
    (0.001, 0.0, 2.0, 1.0, None, "higher", NOT_SHOWN),
    (0.001, -2.0, 0.0, -1.0, None, "none", NOT_SHOWN),
    (0.001, 0.1, 2.0, 1.0, "incomplete", "higher", NOT_SHOWN),
    (None, None, None, None, "no row is scored for both", "higher", NOT_SHOWN),
]


@pytest.mark.parametrize(("p", "low", "high", "delta", "reason", "direction", "expected"), RULE)
def test_both_p_and_interval_must_show_it(p, low, high, delta, reason, direction, expected):
    found = {"p_adjusted": p, "low": low, "high": high, "delta": delta, "reason": reason}
    assert verdict(found, direction) == expected


def test_more_arms_make_it_harder():
    """The same rows that win alone show nothing beside twenty arms that change nothing."""
    base, arm = scores(60, 0, 1), scores(60, 5.5, 6)
    others = [scores(60, 0, seed) for seed in range(10, 30)]
    [alone] = contest(base, arm)
    among = contest(base, arm, *others)[0]
    assert alone["p_adjusted"] == alone["p"] == among["p"]
    assert (alone["verdict"], among["verdict"]) == (HELPED, NOT_SHOWN)
    assert among["p_adjusted"] > 0.05
    assert among["detectable"] > 1.25 * alone["detectable"]


def test_ten_rows_show_nothing():
    """Exact match 7, 6 and 1 of ten, the one among the seven and six."""
    right = {"base": {0}, "seven": set(range(7)), "six": set(range(6))}
    tables = [[int(i in rows) for i in range(10)] for rows in right.values()]
    seven, six = contest(*tables, name="right", resamples=10_000)
    assert (seven["value"], six["value"], six["against_value"]) == (0.7, 0.6, 0.1)
    assert (seven["delta"], six["delta"]) == pytest.approx((0.6, 0.5))
    assert seven["p"] == pytest.approx(2 / 2**6, abs=0.007)
    assert six["p"] == pytest.approx(2 / 2**5, abs=0.01)
    for found in (seven, six):
        assert found["verdict"] == NOT_SHOWN
        assert found["p_adjusted"] >= 0.05
        assert found["low"] > 0  # the interval alone would have called it a gain
        # What ten rows could have shown is more than was seen, if it is possible at all.
        effect = found["detectable"]
        assert effect > found["delta"] if effect else "largest change" in found["reason"]
        assert (found["n"], found["groups"], found["unpaired"]) == (10, 10, 0)


# --- degenerate data

ZERO, ONE, NO_TERMS = [0, 1], [1, 1], [0, 0]
# what, metric, base, arm, groups, how the reason starts
DEGENERATE = [
    ("one row", "mean", [1], [2], None, "1 independent rows are too few for an interval"),
    ("one group", "mean", [0] * 9, [1] * 9, ["g"] * 9, "1 independent rows are too few"),
    ("two rows", "mean", [0, 0], [1, 2], None, "2 independent rows are too few"),
    ("five rows", "right", [0] * 5, [1] * 5, None, "5 independent rows are too few"),
    ("five groups", "right", [0] * 9, [1] * 9, list("abcdeeeee"), "5 independent rows are too few"),
    ("all tie", "mean", [0.3] * 20, [0.3] * 20, None, "all rows tie: no spread to draw"),
    ("all zero", "chrf", [[0] * 18] * 9, [[0] * 18] * 9, None, "the score is undefined: nothing"),
    ("all rows unscored", "mean", [None] * 9, [None] * 9, None, "no row is scored for both"),
    ("no row in common", "mean", [1, None] * 9, [None, 1] * 9, None, "no row is scored for both"),
    ("arm unscored", "mean", [1] * 9, [None] * 9, None, "no row is scored for both"),
    ("no rows", "mean", [], [], None, "no row is scored for both"),
    ("no denominators", "right", [NO_TERMS] * 9, [NO_TERMS] * 9, None, "the score is undefined"),
    (
        "one row with a denominator",
        "right",
        [NO_TERMS] * 40 + [ZERO],
        [NO_TERMS] * 40 + [ONE],
        None,
        "undefined for too many draws of the 41 scored rows",
    ),
    (
        "two rows of many are scored",
        "right",
        [None] * 98 + [ZERO, ZERO],
        [None] * 98 + [ONE, ONE],
        None,
        "undefined for too many draws of the 2 scored rows",
    ),
    (
        "five rows of many are scored",
        "right",
        [None] * 95 + [ZERO] * 5,
        [None] * 95 + [ONE] * 5,
        None,
        "5 independent rows are too few for an interval",
    ),
]


@pytest.mark.parametrize(
    ("what", "name", "base", "arm", "groups", "reason"),
    DEGENERATE,
    ids=[case[0] for case in DEGENERATE],
)
def test_degenerate_data_has_no_winner_and_says_why(what, name, base, arm, groups, reason):
    [found] = contest(base, arm, name=name, groups=groups)
    assert found["verdict"] == NOT_SHOWN
    assert found["reason"].startswith(reason)
    assert found["detectable"] is None


def test_terms_in_few_of_many_rows_are_still_compared():
    """Most groups hold no expected term; ten that do suffice to show a clear gain."""
    base = [None] * 90 + [[0, 2]] * 10
    arm = [None] * 90 + [[2, 2]] * 7 + [[1, 2]] * 3
    [found] = contest(base, arm, name="right")
    assert (found["verdict"], found["reason"]) == (HELPED, None)
    assert (found["n"], found["groups"], found["unpaired"]) == (10, 10, 0)


def test_no_row_right_in_either_arm_still_says_what_could_have_been_shown():
    [found] = contest([0] * 320, [0] * 320, name="right")
    assert (found["value"], found["against_value"], found["delta"]) == (0, 0, 0)
    assert (found["low"], found["high"], found["p"]) == (None, None, 1.0)
    assert (found["verdict"], found["unpaired"]) == (NOT_SHOWN, 0)
    assert found["reason"] == "all rows tie: no spread to draw an interval from"
    assert 6 / 320 < found["detectable"] < 12 / 320
    changed = round(320 * found["detectable"]) + 1
    [shown] = contest([0] * 320, [1] * changed + [0] * (320 - changed), name="right")
    assert shown["verdict"] == HELPED


@pytest.mark.parametrize("side", ["arm", "base", "both"])
@pytest.mark.parametrize("name", ["mean", "cost"])
def test_an_arm_that_leaves_out_a_tenth_of_the_rows_cannot_win(side, name):
    base, arm = scores(100, 0, 1), scores(100, 20, 2)
    for i in range(10):
        if side == "arm" or (side == "both" and i % 2):
            arm[i] = None
        else:
            base[i] = None
    [found] = contest(base, arm, name=name)
    assert found["verdict"] == NOT_SHOWN
    assert found["reason"] == "incomplete: 10 rows are scored for one of the two only"
    assert (found["n"], found["unpaired"]) == (90, 10)
    assert found["p"] < 0.01  # it would have been a difference


def test_rows_that_neither_arm_can_score_do_not_count_against_it():
    base, arm = scores(100, 0, 1), scores(100, 20, 2)
    base[:40] = arm[:40] = [None] * 40
    [found] = contest(base, arm)
    assert (found["verdict"], found["reason"], found["unpaired"]) == (HELPED, None, 0)


def test_an_undefined_comparison_does_not_hide_the_others():
    base, good = scores(60, 0, 1), scores(60, 10, 2)
    missing, helped = contest(base, [None] * 60, good)
    assert (missing["verdict"], missing["p_adjusted"]) == (NOT_SHOWN, None)
    assert (helped["verdict"], helped["p_adjusted"]) == (HELPED, helped["p"])


def test_nothing_to_settle():
    assert settle({}, METRICS_HERE) == {}
    assert compare({"base": table([1, 2])}, [], METRICS_HERE) == {}


@pytest.mark.parametrize("gain", [0.1, 100.0])
def test_a_gain_that_all_rows_share_is_no_tie(gain):
    """Their spread of 0, or of 1e-17, is no interval and no detectable difference either."""
    [found] = contest([0.3] * 50, [0.3 + gain] * 50)
    assert found["verdict"] == HELPED
    assert "tie" not in (found["reason"] or "")
    assert (found["low"], found["high"], found["detectable"]) == (None, None, None)


def test_a_gain_that_all_rows_share_says_why_it_has_no_interval():
    for name in ("mean", "right"):
        [found] = contest([0] * 50, [1] * 50, name=name)
        assert (found["verdict"], found["low"]) == (HELPED, None)
        assert found["reason"] == "all rows differ by the same: no spread to draw an interval from"


@pytest.mark.parametrize("name", ["mean", "right"])
def test_too_few_rows_for_the_number_of_arms_say_how_many_it_takes(name):
    """Six rows could show something of one arm, not of two."""
    gains = [[1] * 6, [1, 1, 1, 1, 1, 0]]
    expected = "6 independent rows can show no difference, however large: it takes 7"
    for found in contest([0] * 6, *gains, name=name):
        assert (found["verdict"], found["detectable"]) == (NOT_SHOWN, None)
        assert found["reason"] == expected


@pytest.mark.parametrize("pairs", [3, 4])
def test_the_detectable_change_of_a_share_is_possible(pairs):
    """As many rows won as lost: the spread alone asks for 151 points of a hundred, or for 115."""
    [found] = contest([0, 1] * pairs, [1, 0] * pairs, name="right")
    assert found["detectable"] is None or found["detectable"] < 1


@pytest.mark.parametrize("left_out", [1, 90])
def test_an_arm_cannot_win_by_the_rows_that_it_left_out(left_out):
    """Equal arms; the arm fails to answer on the rows where it would have lost most."""
    base, arm = scores(2000, 0, 1), scores(2000, 0, 2)
    worst = sorted(range(2000), key=lambda i: arm[i] - base[i])[:left_out]
    [fair] = contest(base, arm, resamples=1000)
    [found] = contest(base, [None if i in worst else s for i, s in enumerate(arm)], resamples=1000)
    assert (fair["verdict"], fair["reason"]) == (NOT_SHOWN, None)
    assert found["verdict"] == NOT_SHOWN
    assert found["reason"].startswith(f"incomplete: {left_out} rows are scored")


def test_what_only_the_settling_needs_is_not_reported():
    [found] = contest(scores(50, 0, 1), scores(50, 5, 2))
    assert not {"deviation", "changed", "incomplete"} & set(found)

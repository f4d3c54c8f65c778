"""Each kind of hypothesis: what confirms it, what rejects it, and what leaves it undecided."""

import numpy as np
import pytest

from stages import records
from stages.metrics.metric import Metric, quotient
from stages.verdicts.comparison import compare
from stages.verdicts.figures import Figures
from stages.verdicts.hypotheses import pairings, together, weigh

HIGHER, LOWER = (
    Metric(direction, direction, "share 0-1", None, quotient, None)  # type: ignore[arg-type]
    for direction in ("higher", "lower")
)
NEITHER = Metric("neither", "none", "ratio", None, quotient, None)  # type: ignore[arg-type]
METRICS = {"right": HIGHER, "wrong": LOWER, "long": NEITHER}
ROWS = 120


def arm(right: int, count: int = ROWS) -> list[dict]:
    """Rows of which the first `right` are right; `wrong` is the opposite."""
    return [
        {"id": str(n), "group": str(n), "right": [n < right, 1], "wrong": [n >= right, 1]}
        | {"long": [n < right, 1]}
        for n in range(count)
    ]


def verdicts(declared, rows, recorded=None):
    arms = list(rows)
    full = {name: {"claim": name, "among": None, **fields} for name, fields in declared.items()}
    pairs = pairings(full, arms)
    wanted = [pair for pair in pairs if {*pair[:2]} <= {*rows} and pair.metric in METRICS]
    compared = compare(rows, wanted, METRICS) if wanted else {}
    judged = weigh(full, Figures(rows, METRICS, recorded or {}), compared)
    assert records.dumps(judged)
    return judged


def verdict(fields, rows, recorded=None) -> str:
    return verdicts({"h": fields}, rows, recorded)["h"]["verdict"]


def difference(metric="right", expect="better"):
    return {
        "kind": "difference",
        "arm": "a",
        "against": "b",
        "metric": metric,
        "expect": expect,
    }


@pytest.mark.parametrize(
    ("a", "b", "metric", "expect", "wanted"),
    [
        (80, 40, "right", "better", "confirmed"),
        (80, 40, "right", "worse", "rejected"),
        (40, 80, "right", "better", "rejected"),
        (80, 40, "wrong", "better", "confirmed"),
        (40, 80, "wrong", "worse", "confirmed"),
        (42, 40, "right", "better", "undecided"),
        (42, 40, "right", "worse", "undecided"),
        (40, 40, "right", "better", "undecided"),
        # Higher and lower are of the number, whichever side of it is the better one
        (80, 40, "long", "higher", "confirmed"),
        (80, 40, "long", "lower", "rejected"),
        (40, 80, "long", "lower", "confirmed"),
        (40, 80, "wrong", "lower", "rejected"),
        (40, 80, "wrong", "higher", "confirmed"),
        (42, 40, "long", "higher", "undecided"),
        (40, 40, "long", "lower", "undecided"),
    ],
)
def test_difference(a, b, metric, expect, wanted):
    assert verdict(difference(metric, expect), {"a": arm(a), "b": arm(b)}) == wanted


def threshold(figure="right", **side):
    sides = {"at_least": None, "at_most": None, **side}
    return {"kind": "threshold", "arm": "a", "figure": figure, **sides}


@pytest.mark.parametrize(
    ("right", "side", "wanted"),
    [
        (80, {"at_least": 0.5}, "confirmed"),
        (80, {"at_most": 0.5}, "rejected"),
        (62, {"at_least": 0.5}, "undecided"),
        (58, {"at_least": 0.5}, "undecided"),
        (20, {"at_least": 0.5}, "rejected"),
        (0, {"at_least": 0.05}, "rejected"),  # 0 of 120: (1 - 0.05)^120 is 0.002
        (0, {"at_least": 0.01}, "undecided"),  # 0 of 120 happens at 1 %, in 30 % of samples
        (ROWS, {"at_least": 0.9}, "confirmed"),
        (ROWS, {"at_least": 1.0}, "undecided"),
    ],
)
def test_threshold(right, side, wanted):
    assert verdict(threshold(**side), {"a": arm(right)}) == wanted


@pytest.mark.parametrize(("right", "wanted"), [(0, "undecided"), (1, "undecided")])
def test_threshold_on_a_handful_of_rows_is_undecided(right, wanted):
    assert verdict(threshold(at_least=0.4), {"a": arm(right, count=3)}) == wanted
    assert verdict(threshold(at_least=0.4), {"a": arm(min(right, 1), count=1)}) == wanted


@pytest.mark.parametrize(
    ("recorded", "wanted"), [(0.9, "confirmed"), (1.1, "rejected"), (None, "undecided")]
)
def test_threshold_on_a_record_of_the_run_is_taken_as_it_stands(recorded, wanted):
    figures = {"a": {"training.loss": recorded}}
    found = verdicts({"h": threshold("training.loss", at_most=1.0)}, {}, figures)["h"]
    assert found["verdict"] == wanted and found["reason"]


def rank(place="best", metric="right"):
    return {"kind": "rank", "arm": "a", "metric": metric, "place": place}


@pytest.mark.parametrize(
    ("rights", "place", "metric", "wanted"),
    [
        ((90, 50, 40), "best", "right", "confirmed"),
        ((90, 50, 40), "worst", "right", "rejected"),
        ((10, 50, 40), "worst", "right", "confirmed"),
        ((90, 50, 40), "best", "wrong", "confirmed"),
        ((90, 88, 40), "best", "right", "undecided"),
        ((88, 90, 40), "best", "right", "undecided"),
        ((40, 90, 40), "best", "right", "rejected"),
        ((50, 50, 50), "best", "right", "undecided"),
    ],
)
def test_rank(rights, place, metric, wanted):
    rows = dict(zip("abc", map(arm, rights), strict=True))
    assert verdict(rank(place, metric), rows) == wanted


def test_rank_says_which_places_are_possible():
    rows = dict(zip("abcd", map(arm, (50, 48, 90, 5)), strict=True))
    numbers = verdicts({"h": rank()}, rows)["h"]["numbers"]
    assert (numbers["place"], numbers["of"]) == (2, 4)
    assert (numbers["place_low"], numbers["place_high"]) == (2, 3)


def test_rank_among_some_arms_only():
    rows = dict(zip("abc", map(arm, (50, 20, 90)), strict=True))
    assert verdict({**rank(), "among": ["a", "b"]}, rows) == "confirmed"


@pytest.mark.parametrize(
    ("scores", "expect", "wanted"),
    [
        ([10, 30, 50, 70, 90, 110], "positive", "confirmed"),
        ([10, 30, 50, 70, 90, 110], "negative", "rejected"),
        ([60, 10, 80, 30, 100, 50], "positive", "undecided"),
        ([10, 30, 50], "positive", "undecided"),
        ([60] * 6, "positive", "undecided"),
    ],
)
def test_correlation_between_a_record_and_a_metric(scores, expect, wanted):
    rows = {f"arm{n}": arm(score) for n, score in enumerate(scores)}
    recorded = {name: {"training.loss": float(n)} for n, name in enumerate(rows)}
    recorded["base"] = {}  # no loss: left out
    fields = {"kind": "correlation", "x": "training.loss", "y": "right", "method": "pearson"}
    found = verdicts({"h": {**fields, "expect": expect}}, rows, recorded)["h"]
    assert found["verdict"] == wanted
    assert found["numbers"]["arms"] == len(scores)


def spearman(scores):
    rows = {f"arm{n}": arm(score) for n, score in enumerate(scores)}
    recorded = {name: {"training.loss": float(n)} for n, name in enumerate(rows)}
    fields = {"kind": "correlation", "x": "training.loss", "y": "right", "method": "spearman"}
    return verdicts({"h": {**fields, "expect": "positive"}}, rows, recorded)["h"]


@pytest.mark.parametrize(
    ("scores", "p", "wanted"),
    [
        ([10, 30, 50, 70], 2 / 24, "undecided"),  # four in order: two of 24 orders are as clear
        ([10, 30, 50, 70, 90], 2 / 120, "confirmed"),
        ([10, 30, 50, 90, 70], 10 / 120, "undecided"),  # rho 0.9
    ],
)
def test_ranks_of_few_arms_are_tested_exactly(scores, p, wanted):
    found = spearman(scores)
    assert found["numbers"]["p"] == pytest.approx(p)
    assert found["verdict"] == wanted


def test_correlation_whose_interval_holds_zero_is_undecided():
    found = spearman([10, 30, 20, 50, 90, 70, 80, 60])
    low, high = found["numbers"]["low"], found["numbers"]["high"]
    assert (found["verdict"] == "confirmed") == (low > 0) and high < 1


def test_rank_misses_an_arm_without_results():
    rows = {"a": arm(90), "b": arm(50)}
    found = verdicts({"h": {**rank(), "among": ["a", "b", "c"]}}, rows)["h"]
    assert found["verdict"] == "undecided" and "c" in found["reason"]


def test_control_holds_within_its_bound_and_says_by_how_much_it_is_off():
    fields = {"kind": "control", "arm": "a", "metric": "right", "expect": 0.5, "within": 0.0}
    assert verdict(fields, {"a": arm(60)}) == "confirmed"
    found = verdicts({"h": fields}, {"a": arm(66)})["h"]
    assert found["verdict"] == "rejected" and "0.05" in found["reason"]
    assert verdict({**fields, "within": 0.05}, {"a": arm(66)}) == "confirmed"
    assert verdict(fields, {}) == "undecided"


@pytest.mark.parametrize(
    ("parts", "wanted"),
    [
        (["confirmed", "confirmed"], "confirmed"),
        (["confirmed", "undecided"], "undecided"),
        (["undecided", "rejected"], "rejected"),
        (["confirmed", "rejected"], "rejected"),
    ],
)
def test_conjunction(parts, wanted):
    assert together(parts) == wanted


def test_conjunction_of_declared_hypotheses_whatever_their_names():
    declared = {
        "z_part": difference(),
        "m_part": threshold(at_least=0.5),
        "a_whole": {"kind": "all_of", "of": ["z_part", "m_part"]},
    }
    found = verdicts(declared, {"a": arm(80), "b": arm(40)})["a_whole"]
    assert found["verdict"] == "confirmed"
    assert found["numbers"] == {"z_part": "confirmed", "m_part": "confirmed"}


def test_many_hypotheses_need_stronger_evidence():
    """A difference at p of about 0.02 alone is undecided among ten."""
    rows = {"a": arm(50), "b": arm(43)}
    assert verdict(difference(), rows) == "confirmed"
    many = {f"h{n}": difference() for n in range(10)}
    assert {found["verdict"] for found in verdicts(many, rows).values()} == {"undecided"}


@pytest.mark.parametrize("fields", [difference(), rank(), threshold(at_least=0.5)])
def test_arm_without_results_leaves_a_hypothesis_undecided(fields):
    found = verdicts({"h": fields}, {})["h"]
    assert found["verdict"] == "undecided" and found["reason"]


def test_false_confirmations_are_rare():
    """Ten hypotheses on two equal arms, 100 times: any confirmed or rejected in 5 % at most."""
    rng = np.random.default_rng(3)
    wrong = 0
    for _ in range(100):
        hits = {name: rng.random((ROWS, 5)) < 0.5 for name in "ab"}
        rows = {
            name: [
                {"id": str(n), "group": str(n)} | {f"m{k}": [bool(h[n, k]), 1] for k in range(5)}
                for n in range(ROWS)
            ]
            for name, h in hits.items()
        }
        metrics = {f"m{k}": HIGHER for k in range(5)}
        declared = {
            f"{expect}{k}": {**difference(f"m{k}", expect), "claim": "", "among": None}
            for k in range(5)
            for expect in ("better", "worse")
        }
        compared = compare(rows, pairings(declared, ["a", "b"]), metrics, resamples=2000)
        judged = weigh(declared, Figures(rows, metrics), compared)
        wrong += any(found["verdict"] != "undecided" for found in judged.values())
    assert wrong <= 5

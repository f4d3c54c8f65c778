"""What five real write-ups concluded from their tables, judged by this code from the same tables.

The figures are those that the write-ups print. Where they end in another verdict than the text
beside them, LOG.md says so.
"""

import pytest

from stages.metrics import METRICS
from stages.verdicts.comparison import NOT_SHOWN, Pairing, compare, settle
from stages.verdicts.decisions import decide
from stages.verdicts.figures import Figures
from stages.verdicts.hypotheses import pairings, weigh

# Data-format ablation: final training loss, win rate against the base, weigh's overall score.
FORMATS = {
    "base": (None, 0.538, 3.17),
    "single_turn_chat": (1.7475, 0.451, 2.60),
    "structured_terse": (1.8314, 0.443, 2.52),
    "multi_turn_concise": (1.5131, 0.441, 2.50),
    "alpaca_flat": (1.7321, 0.433, 2.42),
    "bad_format_control": (1.4023, 0.389, 2.01),
    "surgical_mixture": (1.2714, 0.388, 2.01),
    "multi_turn_verbose": (1.3724, 0.385, 1.99),
    "quality_mixture": (1.4642, 0.379, 1.93),
}
COLUMNS = ("training.loss", "win_rate", "judge")
# Translation on test: 4,254 rows, of which the write-up prints the means alone.
TRANSLATION = {
    "s0": {"bleu_char": 16.29, "chrf_pp": 12.76, "comet": 0.7291, "terminology": 0.1463},
    "s1": {"bleu_char": 17.64, "chrf_pp": 12.91, "comet": 0.7303, "terminology": 0.1454},
}


def tabled(table) -> Figures:
    """Figures that came without rows, as a write-up prints them."""
    return Figures({}, METRICS, table)


@pytest.fixture
def formats() -> Figures:
    return tabled({arm: dict(zip(COLUMNS, row, strict=True)) for arm, row in FORMATS.items()})


def correlation(expect: str, method: str = "pearson") -> dict:
    fields = {"x": "training.loss", "y": "judge", "among": None, "method": method}
    return {"kind": "correlation", "claim": "", "expect": expect, **fields}


@pytest.mark.parametrize(("method", "r"), [("pearson", 0.8405), ("spearman", 0.7665)])
def test_loss_against_judge_is_not_inverse(formats, method, r):
    """The write-up has r of about -0.7 and calls it inverse; its own eight pairs say +0.84."""
    found = weigh({"inverse": correlation("negative", method)}, formats, {})["inverse"]
    numbers = found["numbers"]
    assert numbers["arms"] == 8
    assert numbers["r"] == pytest.approx(r, abs=5e-4)
    assert 0 < numbers["low"] < numbers["r"] < numbers["high"] < 1
    assert found["verdict"] == "rejected"
    opposite = weigh({"same": correlation("positive", method)}, formats, {})["same"]
    assert opposite["verdict"] == "confirmed"


def control(within: float) -> dict:
    fields = {"arm": "base", "metric": "win_rate", "expect": 0.5, "within": within}
    return {"kind": "control", "claim": "The base against itself wins half of the time.", **fields}


def test_base_against_itself_is_flagged(formats):
    judged = weigh(
        {"strict": control(0.0), "usual": control(0.02), "lax": control(0.05)}, formats, {}
    )
    assert judged["strict"]["verdict"] == judged["usual"]["verdict"] == "rejected"
    assert "off by 0.038" in judged["usual"]["reason"]
    # The best adapter is 0.049 below half: the instrument's own error is nearly as large.
    assert judged["lax"]["verdict"] == "confirmed"


def test_scores_without_rows_show_no_difference(formats):
    """Nine means and no rows: which format is best, or better than another, can't be said."""
    declared = {
        "h1": {"kind": "rank", "claim": "", "arm": "multi_turn_concise", "metric": "chrf",
               "place": "best", "among": ["multi_turn_concise", "alpaca_flat"]},
        "h3": {"kind": "difference", "claim": "", "arm": "multi_turn_concise",
               "against": "multi_turn_verbose", "metric": "chrf", "expect": "better"},
        "better_than_3": {"kind": "threshold", "claim": "", "arm": "base", "figure": "judge",
                          "at_least": 3.0, "at_most": None},
    }  # fmt: skip
    judged = weigh(declared, formats, {})
    assert {found["verdict"] for found in judged.values()} == {"undecided"}
    assert all(found["reason"] for found in judged.values())


def test_comet_gain_of_a_thousandth_is_no_verdict():
    declared = {
        "comet": {"kind": "difference", "claim": "", "arm": "s1", "against": "s0",
                  "metric": "comet", "expect": "better"},
    }  # fmt: skip
    found = weigh(declared, tabled(TRANSLATION), {})["comet"]
    assert (found["verdict"], found["reason"]) == ("undecided", "no rows to compare")


# Grammar: exact match on the ten rows that were shown. Rows that a base has right are taken to be
# right for its fine-tuned arm too, which favours the claim.
GRAMMAR = {"base": 1, "tuned_3b": 7, "tuned_8b": 6}


def ten_rows(right: int) -> list[dict]:
    return [
        {"id": str(n), "group": str(n), "exact_match": [float(n < right), 1.0]} for n in range(10)
    ]


def test_ten_rows_show_nothing():
    """The write-up calls 7 and 6 of 10 against 1 of 10 a win by a landslide."""
    rows = {arm: ten_rows(right) for arm, right in GRAMMAR.items()}
    pairs = [Pairing(arm, "base", "exact_match") for arm in ("tuned_3b", "tuned_8b")]
    found = settle(compare(rows, pairs, METRICS), METRICS)
    assert {comparison["verdict"] for comparison in found.values()} == {NOT_SHOWN}
    best = found[pairs[0]]
    assert best["delta"] == pytest.approx(0.6) and best["p_adjusted"] >= 0.05
    # Only a larger effect than the 60 points that were seen could have been shown.
    assert best["detectable"] > best["delta"]
    assert "largest change" in found[pairs[1]]["reason"]


STEPS = [
    {"when": {"reaches_target": "confirmed"}, "scenario": "A"},
    {"when": {"improves": "not confirmed", "extraction_low": "confirmed"}, "scenario": "B"},
    {"when": {"improves": "confirmed", "one_task_lags": "confirmed"}, "scenario": "C"},
]


def reward_rows(mean: float, extraction: float, count: int = 80) -> list[dict]:
    """Rewards that spread around their means; shares, as `quotient` combines them."""
    spread = [0.15 * (-1) ** n for n in range(count)]
    return [
        {"id": str(n), "group": str(n),
         "eval": [mean + s, 1.0], "extraction": [extraction + s, 1.0]}
        for n, s in enumerate(spread)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("v4_1", "scenario"),
    [
        ((0.60, 0.40), "A"),  # the target of 0.55 is reached
        ((0.476, 0.10), "B"),  # as V4, and extraction is still low
        ((0.52, 0.10), "C"),  # better than V4, one task lags
        ((0.53, 0.30), None),  # better than V4, nothing lags, target missed
    ],
)
def test_decision_tree_of_the_grpo_hand_off(v4_1, scenario):
    """V4 ended at 0.476 with extraction at 0.17; the tree asks what V4.1 came to."""
    rows = {"v4": reward_rows(0.476, 0.17), "v4_1": reward_rows(*v4_1)}
    metric = METRICS["exact_match"]  # any share, higher is better
    metrics = {"eval": metric, "extraction": metric}
    at = {"kind": "threshold", "claim": "", "arm": "v4_1", "at_least": None, "at_most": None}
    declared = {
        "reaches_target": {**at, "figure": "eval", "at_least": 0.55},
        "extraction_low": {**at, "figure": "extraction", "at_most": 0.2},
        "one_task_lags": {**at, "figure": "extraction", "at_most": 0.2},
        "improves": {"kind": "difference", "claim": "", "arm": "v4_1", "against": "v4",
                     "metric": "eval", "expect": "better"},
    }  # fmt: skip
    compared = compare(rows, pairings(declared, list(rows)), metrics)
    judged = weigh(declared, Figures(rows, metrics), compared)
    decision = decide(STEPS, {name: found["verdict"] for name, found in judged.items()})
    assert decision["scenario"] == scenario
    met = [step["met"] for step in decision["path"]]
    assert met == [False] * (len(met) - 1) + [scenario is not None]


def test_ten_prompts_do_not_reach_a_target():
    """At 0.60 on ten prompts the target of 0.55 is neither reached nor missed."""
    rows = {"v4_1": reward_rows(0.60, 0.4, count=10)}
    declared = {
        "reaches_target": {"kind": "threshold", "claim": "", "arm": "v4_1", "figure": "eval",
                           "at_least": 0.55, "at_most": None},
    }  # fmt: skip
    judged = weigh(declared, Figures(rows, {"eval": METRICS["exact_match"]}), {})
    assert judged["reaches_target"]["verdict"] == "undecided"

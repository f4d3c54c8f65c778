"""Hypotheses over slices of the rows, and over what was not measured at all."""

import pytest

from stages.verdicts.comparison import Pairing, compare
from stages.verdicts.figures import Figures
from stages.verdicts.hypotheses import pairings, weigh
from tests.verdicts.test_hypotheses import METRICS, arm, difference, rank, threshold, verdicts


def test_pairs_are_those_of_the_differences_and_ranks_with_their_slices():
    declared = {
        "h": {**difference(), "slices": None},
        "i": {**difference("wrong"), "slices": ["json", "coding"]},
        "j": {**rank(), "among": ["a", "c"]},
        "k": threshold(at_least=0.5),
    }
    assert pairings(declared, ["a", "b", "c"]) == [
        Pairing("a", "b", "right"),
        Pairing("a", "b", "wrong", ("json", "coding")),
        Pairing("a", "c", "right"),
    ]


def test_difference_over_slices_takes_their_comparison_and_no_other():
    rows = {"a": arm(80), "b": arm(40)}
    pairing = Pairing("a", "b", "right")
    whole = compare(rows, [pairing], METRICS)
    declared = {"h": {**difference(), "claim": "c", "slices": ["json"]}}
    found = weigh(declared, Figures(rows, METRICS), whole)["h"]
    assert (found["verdict"], found["reason"]) == ("undecided", "no rows to compare")
    of_slice = {pairing._replace(slices=("json",)): whole[pairing]}
    assert weigh(declared, Figures(rows, METRICS), of_slice)["h"]["verdict"] == "confirmed"


# a hypothesis, and what of it is not measured
UNMEASURED = [
    (difference("kl"), "kl was not measured"),
    (difference("kl", "higher"), "kl was not measured"),
    ({"kind": "rank", "arm": "a", "metric": "kl", "place": "best"}, "kl was not measured"),
    ({"kind": "threshold", "arm": "a", "figure": "kl", "at_least": None, "at_most": 1.0},
     "kl was not measured"),
    ({"kind": "control", "arm": "a", "metric": "kl", "expect": 0.0, "within": 0.0},
     "kl was not measured"),
    ({"kind": "correlation", "x": "training.loss", "y": "kl", "expect": "positive",
      "method": "pearson"}, "kl was not measured"),
    ({"kind": "correlation", "x": "judge", "y": "kl", "expect": "positive", "method": "pearson"},
     "judge and kl were not measured"),
]  # fmt: skip


@pytest.mark.parametrize(("fields", "reason"), UNMEASURED)
def test_what_is_not_measured_leaves_a_hypothesis_undecided_and_is_named(fields, reason):
    found = verdicts({"h": fields}, {"a": arm(80), "b": arm(40)})["h"]
    assert (found["verdict"], found["reason"]) == ("undecided", reason)
    assert found["numbers"]["p"] is None


def test_what_is_not_measured_takes_no_part_in_the_adjustment():
    rows = {"a": arm(80), "b": arm(40)}
    alone = verdicts({"h": difference()}, rows)["h"]["numbers"]
    beside = verdicts({"h": difference(), "i": difference("kl")}, rows)["h"]["numbers"]
    assert beside == alone

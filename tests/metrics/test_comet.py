"""COMET's scores per row become a mean; scoring/test_comet_scores.py has where they come from."""

import pytest

from stages.metrics import METRICS
from stages.metrics.metric import score

# metric, what, scores per row, the corpus's score, unscored rows
CASES = [
    ("comet", "the mean", [0.5, 0.75], 0.625, 0),
    ("comet", "one row", [0.8], 0.8, 0),
    ("comet", "below zero, as a poor model may go", [-0.5, 0.25], -0.125, 0),
    ("comet", "unscored is not zero", [0.5, None, 1.0], 0.75, 1),
    ("comet", "zero is a score", [0.0, 1.0], 0.5, 0),
    ("comet", "no row is scored", [None, None], None, 2),
]


@pytest.mark.parametrize(
    ("name", "what", "scores", "expected", "unscored"), CASES, ids=[case[1] for case in CASES]
)
def test_comet(name, what, scores, expected, unscored, make_row):
    rows = [make_row("a", "b", comet=value) for value in scores]
    found = score(METRICS[name], rows, {"scored_by": "comet|x"})
    assert (found["value"], found["unscored"]) == (expected, unscored)
    assert found["n"] == len(rows) - unscored


def test_signature_is_the_one_that_the_scoring_recorded(make_row):
    found = score(METRICS["comet"], [make_row("a", "b", comet=0.5)], {"scored_by": "comet|x"})
    assert found["signature"] == "comet|x"

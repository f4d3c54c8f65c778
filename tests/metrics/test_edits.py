"""Precision, recall and F0.5 of edits as a table of cases."""

import pytest

from stages.metrics import METRICS
from stages.metrics.metric import score

SOURCE = "Bigger farm use the the chemical product ."
TARGET = "Bigger farms use the chemical products ."
# metric, what, answer, (right, wrong, missed) by hand
COUNTS = [
    ("the target", TARGET, (3, 0, 0)),
    ("a copy", SOURCE, (0, 0, 3)),
    ("one of three", "Bigger farms use the the chemical product .", (1, 0, 2)),
    ("one of three and a wrong one", "Bigger farms used the the chemical product .", (1, 1, 2)),
    ("all and one more", "Many bigger farms use the chemical products .", (3, 2, 0)),
    ("punctuation that isn't apart", "Bigger farms use the chemical products.", (3, 0, 0)),
    ("silence", "", (1, 7, 2)),
]
VALUES = {
    "edits_precision": lambda right, wrong, missed: right / (right + wrong),
    "edits_recall": lambda right, wrong, missed: right / (right + missed),
    "edits_f05": lambda right, wrong, missed: 1.25 * right / (1.25 * right + 0.25 * missed + wrong),
}
# metric, what, answer, (right, wrong, missed), score
CASES = [
    (name, what, text, counts, 1.0 if name == "edits_precision" and what == "a copy" else None)
    for name in VALUES
    for what, text, counts in COUNTS
]


@pytest.mark.parametrize(
    ("name", "what", "text", "counts", "expected"), CASES, ids=[f"{c[0]} {c[1]}" for c in CASES]
)
def test_edits(name, what, text, counts, expected, make_row):
    row = make_row(text, TARGET, input=SOURCE)
    [found] = METRICS[name].statistics([row])
    assert found == [*counts, 1, 1]
    wanted = VALUES[name](*counts) if expected is None else expected
    assert score(METRICS[name], [row], {})["value"] == pytest.approx(wanted)


def test_the_reference_that_fits_best_counts(make_row):
    references = ["a b x d", "a b y d", "q r s t"]
    row = make_row("a b y d", "a b x d", input="a b c d", references=references)
    assert METRICS["edits_f05"].statistics([row]) == [[1, 0, 0, 1, 1]]


def test_a_change_to_a_clean_input_counts_as_wrong_among_rows_with_errors(make_row):
    kept, changed = (make_row(text, "a b c", input="a b c") for text in ("a b c", "a b d"))
    mended = make_row("a b c", "a b c", input="a b d")
    assert METRICS["edits_f05"].statistics([kept, changed, mended]) == [
        [0, 0, 0, 0, 1],
        [0, 1, 0, 0, 1],
        [1, 0, 0, 1, 1],
    ]
    assert score(METRICS["edits_f05"], [kept, mended], {})["value"] == 1
    assert score(METRICS["edits_f05"], [changed, mended], {})["value"] == pytest.approx(1.25 / 2.25)


def test_a_single_clean_row_is_kept_or_not(make_row):
    kept, changed = (make_row(text, "a b c", input="a b c") for text in ("a b c", "a b d"))
    assert [score(METRICS["edits_f05"], [row], {})["value"] for row in (kept, changed)] == [1, 0]


@pytest.mark.parametrize("name", VALUES)
def test_clean_rows_alone_have_no_score(name, make_row):
    rows = [make_row(text, "a b c", input="a b c") for text in ["a b c"] * 19 + ["a b d"]]
    found = score(METRICS[name], rows, {})
    assert (found["value"], found["n"]) == (None, 20)
    assert found["reason"] == "nothing to divide by in the 20 scored rows"


@pytest.mark.parametrize("text", ["a b c", "a b d", ""])
def test_whether_there_is_something_to_correct_is_not_the_answers_to_say(text, make_row):
    row = make_row(text, "a b c", input="a b c", references=["a b c", "a b d"])
    assert METRICS["edits_f05"].statistics([row])[0][3] == 1

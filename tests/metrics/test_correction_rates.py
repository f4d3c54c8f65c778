"""Too much and too little, as a table of cases."""

import pytest

from stages.metrics import METRICS
from stages.metrics.metric import score

# metric, what, answer, source, references, score
CASES = [
    ("over_correction", "the reference", "a b c", "a x c", ["a b c"], 0.0),
    ("over_correction", "a copy", "a x c", "a x c", ["a b c"], 0.0),
    ("over_correction", "an edit of its own", "a b d", "a x c", ["a b c"], 1.0),
    ("over_correction", "edits of two references", "b b", "x x", ["b x", "x b"], 0.0),
    ("over_correction", "a clean input changed", "a c", "a b", ["a b"], 1.0),
    ("over_correction", "silence", "", "a x c", ["a b c"], 1.0),
    ("under_correction", "the reference", "a b c", "a x c", ["a b c"], 0.0),
    ("under_correction", "a copy", "a x c", "a x c", ["a b c"], 1.0),
    ("under_correction", "one of two errors", "a b y", "a x y", ["a b c"], 1.0),
    ("under_correction", "all and more", "d b c", "a x y", ["a b c"], 0.0),
    ("under_correction", "all of the second reference", "a b", "a x", ["c x", "a b"], 0.0),
    ("under_correction", "a clean input", "q q", "a b", ["a b"], 0.0),
    ("under_correction", "silence", "", "a x c", ["a b c"], 1.0),
]


@pytest.mark.parametrize(
    ("name", "what", "text", "source", "references", "expected"), CASES, ids=[c[1] for c in CASES]
)
def test_correction_rates(name, what, text, source, references, expected, make_row):
    row = make_row(text, references[0], input=source, references=references)
    assert score(METRICS[name], [row], {})["value"] == expected

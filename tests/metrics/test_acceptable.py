"""As near as the references are to each other, as a table of cases."""

import pytest

from stages.metrics import METRICS
from stages.metrics.metric import score

# metric, what, answer, source, references, score
CASES = [
    ("acceptable", "one reference, equal", "a b", "q", ["a b"], 1.0),
    ("acceptable", "one reference, not equal", "a c", "q", ["a b"], 0.0),
    ("acceptable", "within one edit", "a b z", "q", ["a b c", "a x c"], 1.0),
    ("acceptable", "two edits where they differ by one", "a z z", "q", ["a b c", "a x c"], 0.0),
    ("acceptable", "equal references have no spread", "a c", "q", ["a b", "a b"], 0.0),
    ("acceptable", "silence", "", "q", ["a b c", "a x c"], 0.0),
]


@pytest.mark.parametrize(
    ("name", "what", "text", "source", "references", "expected"), CASES, ids=[c[1] for c in CASES]
)
def test_acceptable(name, what, text, source, references, expected, make_row):
    row = make_row(text, references[0], input=source, references=references)
    assert score(METRICS[name], [row], {})["value"] == expected

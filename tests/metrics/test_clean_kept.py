"""Right inputs that come back, as a table of cases."""

import pytest

from stages.metrics import METRICS
from stages.metrics.metric import score

# metric, what, answer, source, references, score
CASES = [
    ("clean_kept", "kept", "a b.", "a b.", ["a b."], 1.0),
    ("clean_kept", "right by another reference", "a b.", "a b.", ["a c.", "a b."], 1.0),
    ("clean_kept", "changed into another reference", "a c.", "a b.", ["a c.", "a b."], 0.0),
    ("clean_kept", "an error: unscored", "a b.", "a x.", ["a b."], None),
    ("clean_kept", "silence", "", "a b.", ["a b."], 0.0),
]


@pytest.mark.parametrize(
    ("name", "what", "text", "source", "references", "expected"), CASES, ids=[c[1] for c in CASES]
)
def test_clean_kept(name, what, text, source, references, expected, make_row):
    row = make_row(text, references[0], input=source, references=references)
    assert score(METRICS[name], [row], {})["value"] == expected

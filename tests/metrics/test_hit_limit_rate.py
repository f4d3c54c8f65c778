"""The share of answers that were cut off, as a table of cases."""

import pytest

from stages.metrics import METRICS
from stages.metrics.metric import score

# metric, what, hit_limit per row, share
CASES = [
    ("hit_limit_rate", "none", [False, False], 0.0),
    ("hit_limit_rate", "all", [True, True], 1.0),
    ("hit_limit_rate", "one of four", [False, True, False, False], 0.25),
]


@pytest.mark.parametrize(
    ("name", "what", "hits", "expected"), CASES, ids=[case[1] for case in CASES]
)
def test_hit_limit_rate(name, what, hits, expected, make_row):
    found = score(METRICS[name], [make_row("a", "a", hit_limit=hit) for hit in hits], {})
    assert found["value"] == expected
    assert found["direction"] == "lower"

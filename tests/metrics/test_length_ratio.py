"""The length of answers beside their references, as a table of cases."""

import numpy as np
import pytest

from stages.metrics import METRICS
from stages.metrics.metric import score

# metric, what, [(answer, reference)], ratio
CASES = [
    ("length_ratio", "as long", [("いい", "はい")], 1.0),
    ("length_ratio", "half", [("はい", "はいはい")], 0.5),
    ("length_ratio", "three times", [("abcdef", "ab")], 3.0),
    ("length_ratio", "empty answer", [("", "ab")], 0.0),
    ("length_ratio", "beyond the basic plane is one character", [("😀", "𠮷")], 1.0),
    # (1 + 9) / (5 + 15); the mean of the quotients would be 0.4.
    ("length_ratio", "sums before it divides", [("a" * 1, "b" * 5), ("a" * 9, "b" * 15)], 0.5),
    ("length_ratio", "one empty reference of two", [("ab", ""), ("ab", "ab")], 2.0),
    ("length_ratio", "no reference at all", [("ab", "")], None),
]


@pytest.mark.parametrize(
    ("name", "what", "texts", "expected"), CASES, ids=[case[1] for case in CASES]
)
def test_length_ratio(name, what, texts, expected, make_row):
    found = score(METRICS[name], [make_row(*texts_of_row) for texts_of_row in texts], {})
    assert found["value"] == expected
    assert found["direction"] == "none"


def test_no_reference_is_undefined_rather_than_infinite():
    found = METRICS["length_ratio"].combine(np.array([[3, 0], [0, 0], [3, 2]]))
    np.testing.assert_array_equal(found, [np.nan, np.nan, 1.5])

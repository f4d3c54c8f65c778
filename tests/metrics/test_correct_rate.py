"""Rows with one right answer, as a table of cases."""

import pytest

from stages.metrics import METRICS

SHORT = {"kind": "max_words", "value": 2}
NUMBER = {"kind": "number", "value": 42, "tolerance": 0}
TEXT = {"kind": "equals", "value": "Oslo"}
VALUE = {"kind": "json_equals", "value": {"a": 1}}
CODE = {"kind": "python", "tests": "assert twice(3) == 6"}
NAMES = {"kind": "contains", "value": "Oslo"}

# metric, what, constraints, answer, statistics or None where the row is unscored
CASES = [
    ("correct_rate", "the number", [NUMBER], "It is 42", [1, 1]),
    ("correct_rate", "another number", [NUMBER], "It is 43", [0, 1]),
    ("correct_rate", "the text", [TEXT], "oslo", [1, 1]),
    ("correct_rate", "the text and more", [TEXT], "It is Oslo", [0, 1]),
    ("correct_rate", "the value", [VALUE], '{"a": 1}', [1, 1]),
    ("correct_rate", "an empty value", [VALUE], "{}", [0, 1]),
    ("correct_rate", "code that passes", [CODE], "def twice(n): return 2 * n", [1, 1]),
    ("correct_rate", "code that fails", [CODE], "def twice(n): return n", [0, 1]),
    ("correct_rate", "silence", [NUMBER, TEXT, VALUE, CODE], "", [0, 1]),
    (
        "correct_rate",
        "right, and longer than allowed",
        [NUMBER, SHORT],
        "I think that it is 42",
        [1, 1],
    ),
    ("correct_rate", "one of two", [NUMBER, TEXT], "Oslo", [0, 1]),
    ("correct_rate", "no single right answer", [NAMES, SHORT], "Oslo", None),
    ("correct_rate", "no constraints", None, "Oslo", None),
]


@pytest.mark.parametrize(("name", "what", "constraints", "text", "expected"), CASES)
def test_correct_rate(name, what, constraints, text, expected, make_row):
    rows = [make_row(text, "", constraints=constraints)]
    assert METRICS[name].statistics(rows) == [expected]

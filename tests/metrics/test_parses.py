"""Answers that parse as a table of cases; trivial ones among them."""

import pytest

from stages.metrics import METRICS

CODE = "go(a: A): B {\n  return a.b;\n}"
COPY = "Write the TypeScript method `go` of `C`. Go there at once."
# metric, what, answer, expected
CASES = [
    ("parses", "the reference", CODE, 1),
    ("parses", "other code", "function f() {}", 1),
    ("parses", "code in a fence", f"```typescript\n{CODE}\n```", 1),
    ("parses", "code in a fence among words", f"Here:\n\n```ts\n{CODE}\n```\nIt goes.", 1),
    ("parses", "a class around it", f"class C {{\n{CODE}\n}}", 1),
    ("parses", "words before code", f"Here:\n{CODE}", 0),
    ("parses", "a fence left open", f"```ts\n{CODE}", 0),
    ("parses", "cut off", CODE[:-1], 0),
    ("parses", "silence", "", 0),
    ("parses", "a copy of the input", COPY, 0),
    ("parses", "Japanese prose", "今日はいい天気ですね。\n明日も晴れるでしょう。", 0),
    ("parses", "English prose", "It goes there at once.", 0),
    ("parses", "a comment", "// go()", 0),
]


@pytest.mark.parametrize(
    ("name", "what", "text", "expected"), CASES, ids=[case[1] for case in CASES]
)
def test_parses(name, what, text, expected, make_row):
    assert METRICS[name].statistics([make_row(text, CODE, input=COPY)]) == [[expected, 1]]


def test_row_whose_reference_is_no_code_is_unscored(make_row):
    assert METRICS["parses"].statistics([make_row(CODE, "はい"), make_row("", "")]) == [None, None]

"""Declaring what was asked for as a table of cases; trivial answers among them."""

import pytest

from stages.metrics import METRICS

METHOD = "go(a: A): B {\n  return a.b;\n}"
EMPTY = "protected go(): void {\n  /* no-op */\n}"
ARROW = "export const go = (a: A) => a.b;"
COPY = "Write the TypeScript method `go` of `C`. Go there at once."
# metric, what, reference, answer, expected
CASES = [
    ("declares", "the reference", METHOD, METHOD, 1),
    ("declares", "another body", METHOD, "go() { return 1; }", 1),
    ("declares", "in a fence", METHOD, f"So:\n```ts\n{METHOD}\n```", 1),
    ("declares", "a function for a method", METHOD, "function go() { return 1; }", 1),
    ("declares", "an arrow for a method", METHOD, "const go = () => 1;", 1),
    ("declares", "within a class", METHOD, f"export class C extends D {{ {METHOD} }}", 1),
    ("declares", "beside another", METHOD, f"stop() {{ return 1; }}\n{METHOD}", 1),
    ("declares", "an empty body", METHOD, "go() {}", 0),
    ("declares", "a comment for a body", METHOD, "go() { // later\n}", 0),
    ("declares", "an empty body as asked", EMPTY, "go() {}", 1),
    ("declares", "a body where none is needed", EMPTY, METHOD, 1),
    ("declares", "an arrow", ARROW, "function go() { return 1; }", 1),
    ("declares", "a name without a value", ARROW, "let go, a = 1;", 0),
    ("declares", "another name", METHOD, "goes(a: A): B { return a.b; }", 0),
    ("declares", "another case", METHOD, "Go(a: A): B { return a.b; }", 0),
    ("declares", "a call", METHOD, "go(1);", 0),
    ("declares", "within another's body", METHOD, "f() { function go() { return 1; } }", 0),
    ("declares", "a parameter", METHOD, "function f(go) { return 1; }", 0),
    ("declares", "broken behind it", METHOD, METHOD + "}", 0),
    ("declares", "silence", METHOD, "", 0),
    ("declares", "a copy of the input", METHOD, COPY, 0),
    ("declares", "Japanese prose", METHOD, "今日はいい天気ですね。", 0),
    ("declares", "a constant", METHOD, "function f() { return 1; }", 0),
]


@pytest.mark.parametrize(
    ("name", "what", "target", "text", "expected"), CASES, ids=[case[1] for case in CASES]
)
def test_declares(name, what, target, text, expected, make_row):
    assert METRICS[name].statistics([make_row(text, target, input=COPY)]) == [[expected, 1]]


@pytest.mark.parametrize("target", ["はい", "", "if (a) b();"])
def test_row_whose_reference_declares_nothing_is_unscored(make_row, target):
    assert METRICS["declares"].statistics([make_row(METHOD, target)]) == [None]

"""Right types as a table of cases, with the real compiler where npm has it."""

import pytest

from stages.command import UserError
from stages.metrics import METRICS
from stages.metrics.metric import score
from stages.typescript import compiler, npm

METHOD = "go(a: A): number {\n  return this.b(a) + 1;\n}"
PURE = "export function go(a: number): string {\n  return `${a}`;\n}"
COPY = "Write the TypeScript method `go` of `C`. Go there at once."
# metric, what, reference, answer, expected
CASES = [
    ("type_checks", "the reference", METHOD, METHOD, 1),
    (
        "type_checks",
        "names from elsewhere",
        METHOD,
        "go(x: X.Y): Z { return new W(x, this.v); }",
        1,
    ),
    ("type_checks", "an import", PURE, f"import {{ b }} from './b';\n{PURE}", 1),
    ("type_checks", "no types at all", METHOD, "go(a) { return a; }", 1),
    ("type_checks", "in a fence", METHOD, f"```ts\n{METHOD}\n```", 1),
    (
        "type_checks",
        "a wrong type returned",
        PURE,
        "function go(a: number): string { return a; }",
        0,
    ),
    ("type_checks", "nothing returned", PURE, "function go(): string { let a = 1; }", 0),
    ("type_checks", "no such member", PURE, "function go(a: string) { return a.size(); }", 0),
    ("type_checks", "declared twice", PURE, "function go() { let a = 1; let a = 2; }", 0),
    (
        "type_checks",
        "a silenced error",
        PURE,
        "// @ts-nocheck\nfunction go(): string { return 1; }",
        0,
    ),
    (
        "type_checks",
        "a silenced line",
        PURE,
        "function go(): string {\n// @ts-ignore\nreturn 1; }",
        0,
    ),
    ("type_checks", "sound but not asked for", METHOD, "function f() { return 1; }", 0),
    ("type_checks", "an empty body", METHOD, "go() {}", 0),
    ("type_checks", "silence", METHOD, "", 0),
    ("type_checks", "a copy of the input", METHOD, COPY, 0),
    ("type_checks", "Japanese prose", METHOD, "今日はいい天気ですね。", 0),
    ("type_checks", "a reference that fails", "go(): string { return 1; }", METHOD, None),
    ("type_checks", "a reference that is no code", "はい", METHOD, None),
]


@pytest.mark.real
@pytest.mark.parametrize(
    ("name", "what", "target", "text", "expected"), CASES, ids=[case[1] for case in CASES]
)
def test_type_checks(name, what, target, text, expected, make_row):
    if why := compiler.lacking():
        pytest.skip(why)
    wanted = None if expected is None else [expected, 1]
    assert METRICS[name].statistics([make_row(text, target, input=COPY)]) == [wanted]


def test_without_the_compiler_no_row_is_scored_and_the_score_says_why(make_row, monkeypatch):
    def fetch(*words):
        raise UserError(f"cannot download typescript@5: {npm.MISSING}")

    monkeypatch.setattr(npm, "fetch", fetch)
    monkeypatch.setattr(compiler, "SHA256", "0" * 64)
    compiler.lacking.cache_clear()
    found = score(METRICS["type_checks"], [make_row(METHOD, METHOD)], {})
    compiler.lacking.cache_clear()
    assert (found["value"], found["n"], found["unscored"]) == (None, 0, 1)
    assert "not installed" in found["reason"]


def test_rows_keep_their_verdicts_apart(make_row, monkeypatch):
    """Which error is whose: a stand-in for the compiler finds fault with what holds `bad`."""
    monkeypatch.setattr(compiler, "lacking", lambda: None)
    faulty = [{2322}, None]
    errors = lambda pieces: [faulty[len(p.code) % 2] if "bad" in p.code else set() for p in pieces]  # noqa: E731
    monkeypatch.setattr(compiler, "errors", errors)
    good, bad, other = "go() { return 1; }", "go() { return bad; }", "stop() { return 1; }"
    pairs = [(good, good), (bad, good), (other, good), (good, bad), ("", good), (good, "はい")]
    pairs += [(f"{bad} ", good), (good, good)]
    found = METRICS["type_checks"].statistics([make_row(*pair) for pair in pairs])
    assert found == [[1, 1], [0, 1], [0, 1], None, [0, 1], None, [0, 1], [1, 1]]

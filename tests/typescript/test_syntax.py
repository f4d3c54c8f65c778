"""What counts as TypeScript, and what a piece of it declares, as tables of cases."""

import pytest

from stages.typescript.syntax import piece

# what, code, is it a member of a class, [(name, has it a body that does something)]
CODE = [
    ("a function", "function f() { return 1; }", False, [("f", True)]),
    ("an empty body", "function f() {}", False, [("f", False)]),
    ("a comment for a body", "function f() { /* later */ }", False, [("f", False)]),
    ("exported, generic", "export async function* f<T>(a: T) { yield a; }", False, [("f", True)]),
    ("an arrow", "export const f = (a) => a;", False, [("f", True)]),
    ("an arrow with an empty body", "const f = () => {};", False, [("f", False)]),
    ("a value", "let a = 1, b;", False, [("a", True), ("b", False)]),
    (
        "a class",
        "class A { b() { function c() { return 1; } } }",
        False,
        [("A", True), ("b", True)],
    ),
    (
        "a namespace",
        "namespace A { export function b() { return 1; } }",
        False,
        [("A", True), ("b", True)],
    ),
    ("types", "interface A { b: C }\ntype D = A;", False, [("A", True), ("D", True)]),
    ("an enum", "enum A { B }", False, [("A", True)]),
    ("an import", "import a from 'a';\na();", False, []),
    ("a loop", "for (const a of b) { c(a); }", False, []),
    ("a condition", "if (a) b();", False, []),
    ("a call around a function", "test('a', () => { const b = 1; });", False, []),
    ("a method", "go(a: A): B { return a; }", True, [("go", True)]),
    ("an indented method", "  async go() {\n    a();\n  }", True, [("go", True)]),
    ("accessors", "get a() { return 1; }\nset a(b) {}", True, [("a", True), ("a", False)]),
    ("a constructor", "constructor(private a: A) { super(); }", True, [("constructor", True)]),
    ("a computed name", "*[Symbol.iterator]() { yield 1; }", True, [("[Symbol.iterator]", True)]),
    ("a doc comment before it", "/** Go. */\ngo() { return 1; }", True, [("go", True)]),
]
NONE = [
    ("silence", ""),
    ("white space", " \n"),
    ("Japanese prose", "今日はいい天気ですね。\n明日も。"),
    ("Japanese with brackets", "関数(はい)"),
    ("a word", "Hello"),
    ("words on lines", "Hello\nthere"),
    ("English prose", "This function adds two numbers."),
    ("prose that begins like code", "let me\nsee"),
    ("an instruction", "Write the TypeScript method `a` of `B`. Add one."),
    ("prose before code", "Here it is:\nfunction f() { return 1; }"),
    ("a number", "42"),
    ("a text", "'function f() {}'"),
    ("a comment", "// function f() {}"),
    ("a call", "a.b(1);"),
    ("a label", "function: a"),
    ("an object", '{ "a": [1] }'),
    ("an empty export", "export {};"),
    ("a field", "a: number = 1;"),
    ("a missing brace", "function f() { return 1;"),
    ("a brace too many", "function f() { return 1; } }"),
    ("out of the class and into another", "} class B { go() { return 1; }"),
    ("a fence that was not closed", "```ts\nfunction f() { return 1; }"),
    ("Python", "def f(a):\n    return a"),
    ("Java", "public static int f(int a) { return a; }"),
    ("half a surrogate pair", "\ud800"),
    ("brackets without an end", "(" * 20_000),
    ("blocks in blocks", "{" * 5_000 + "}" * 5_000),
]


@pytest.mark.parametrize(
    ("what", "code", "member", "declared"), CODE, ids=[case[0] for case in CODE]
)
def test_code_and_what_it_declares(what, code, member, declared):
    found = piece(code)
    assert found is not None
    assert found.member == member
    assert [tuple(one) for one in found.declarations] == declared


@pytest.mark.parametrize(("what", "code"), NONE, ids=[case[0] for case in NONE])
def test_what_is_no_code(what, code):
    assert piece(code) is None


def test_code_is_given_back_without_indent():
    assert piece("\n  go() {\n    return 1;\n  }\n").code == "go() {\n  return 1;\n}"

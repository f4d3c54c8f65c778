"""Documented functions: what is taken out of a package, in which words, and what is left there."""

import shutil
import subprocess

import pytest
from pydantic import ValidationError

from stages import paths
from stages.planning.schema.base_and_data import NpmFunctions
from stages.sources import npm_functions
from stages.typescript.syntax import piece
from tests.sources import npm_package

LIMITS = {"min_words": 3, "min_lines": 1, "max_lines": 9, "max_characters": 300}
DOC = "/** Do what is wanted. */\n"
FIELDS = {
    *("id", "origin", "category", "input", "target", "name", "container", "signature", "path"),
}


def functions(text, **limits):
    return list(npm_functions.documented(text, LIMITS | limits))


# what, the source, category, name, container, signature, target
TAKEN = [
    (
        "a function",
        DOC + "function add(a: number): number {\n  return a;\n}",
        *("function", "add", "", "function add(a: number): number"),
        "function add(a: number): number {\n  return a;\n}",
    ),
    (
        "an exported one in a namespace",
        f"export namespace Sum {{\n  {DOC}  export function add() {{\n    return 1;\n  }}\n}}",
        *("function", "add", "Sum", "export function add()"),
        "export function add() {\n  return 1;\n}",
    ),
    (
        "an arrow",
        DOC + "export const add = async (a = 1) => {\n  go(a);\n};",
        *("function", "add", "", "export const add = async (a = 1) =>"),
        "export const add = async (a = 1) => {\n  go(a);\n};",
    ),
    (
        "a generator",
        DOC + "export function* all() { yield 1; }",
        *("function", "all", "", "export function* all()"),
        "export function* all() { yield 1; }",
    ),
    (
        "a method",
        f"namespace N {{ export class A<T> extends B {{\n  {DOC}  async go(): Promise<T> {{\n"
        "    return this.b;\n  }\n} }",
        *("method", "go", "N.A", "async go(): Promise<T>"),
        "async go(): Promise<T> {\n  return this.b;\n}",
    ),
    (
        "a getter",
        f"class A {{\n{DOC}get b() {{ return this._b; }}\n}}",
        *("getter", "b", "A", "get b()", "get b() { return this._b; }"),
    ),
    (
        "a setter",
        f"class A {{\n{DOC}set b(c) {{ this._b = c; }}\n}}",
        *("setter", "b", "A", "set b(c)", "set b(c) { this._b = c; }"),
    ),
    (
        "a constructor",
        f"abstract class A {{\n{DOC}constructor(private b: B) {{ super(); }}\n}}",
        *("constructor", "constructor", "A", "constructor(private b: B)"),
        "constructor(private b: B) { super(); }",
    ),
    (
        "a method named get",
        f"class A {{\n{DOC}get(b) {{ return b; }}\n}}",
        *("method", "get", "A", "get(b)", "get(b) { return b; }"),
    ),
]


@pytest.mark.parametrize(
    ("what", "source", "category", "name", "container", "signature", "target"),
    TAKEN,
    ids=[case[0] for case in TAKEN],
)
def test_function_is_taken(what, source, category, name, container, signature, target):
    (found,) = functions(source)
    assert found["category"] == category
    assert (found["name"], found["container"]) == (name, container)
    assert (found["signature"], found["target"]) == (signature, target)
    assert name in {declared.name for declared in piece(target).declarations}


LEFT = [
    ("no comment", "function add() { return 1; }"),
    ("another comment", "/* Do what is wanted. */\nfunction add() { return 1; }"),
    ("few words", "/** Add it. */\nfunction add() { return 1; }"),
    ("no body", DOC + "export declare function add(): void;"),
    ("an overload", DOC + "function add(a: A): A;\nfunction add(a: B) { return a; }"),
    ("an abstract method", f"abstract class A {{\n{DOC}abstract add(): void;\n}}"),
    ("a method of an interface", f"interface A {{\n{DOC}add(): void;\n}}"),
    ("a class", DOC + "class A { b() { return 1; } }"),
    ("a type", DOC + "type A = () => void;"),
    ("a constant", DOC + "const a = 1;"),
    ("two constants", DOC + "const a = () => 1, b = 2;"),
    ("a field", f"class A {{\n{DOC}b = 1;\n}}"),
    ("nothing behind it", DOC),
    ("too many lines", DOC + "function add() {" + "\n" * 9 + "}"),
    ("too many characters", DOC + f"function add() {{ return '{'a' * 300}'; }}"),
    ("too much said", f"/** A {'long ' * 60} story. */\nfunction add() {{ return 1; }}"),
    ("broken", DOC + "function add() { return 1 +; }"),
]


@pytest.mark.parametrize(("what", "source"), LEFT, ids=[case[0] for case in LEFT])
def test_what_is_no_documented_function_is_left_out(what, source):
    assert functions(source) == []


def test_too_few_lines():
    assert functions(DOC + "function add() { return 1; }", min_lines=2) == []


def test_input_names_what_is_asked_for_and_not_the_code():
    (found,) = functions(
        "class A {\n/** Add one more.\n * @param b - The other. */\nadd(b: B): C {\nreturn b; }\n}"
    )
    said = "Write the TypeScript method `add` of `A`. Add one more.\nParameter `b`: The other."
    assert found["input"] == said
    (found,) = functions("class A {\n/** Make a new A. */\nconstructor() { super(); }\n}")
    assert found["input"] == "Write the TypeScript constructor of `A`. Make a new A."


@pytest.fixture
def workspace(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DVC_ROOT", raising=False)


def source(**packages):
    pins = {name: {**pin, "licence": "MIT"} for name, pin in packages.items()}
    settings = {"kind": "npm_functions", "packages": pins, **LIMITS}
    return NpmFunctions.model_validate(settings).model_dump()


ADD = DOC + "export function add() { return 1; }\n"
SUB = DOC + "export function sub() { return 2; }\n"


def test_packages_are_read_in_place_and_their_tests_passed_over(workspace, tmp_path):
    pin = npm_package.keep(
        {
            "src/a.ts": ADD,
            "src/a.spec.ts": SUB,
            "src/a.d.ts": SUB,
            "src/a.js": SUB,
            "src/a.tsx": SUB,
            "tests/b.ts": SUB,
            "src/__tests__/b.ts": SUB,
            "package.json": "{}",
        }
    )
    (found,) = npm_functions.read(source(demo=pin))
    assert set(found) == FIELDS
    assert (found["origin"], found["path"], found["name"]) == ("demo", "src/a.ts", "add")
    assert [path.name for path in tmp_path.iterdir()] == [".scratch"]


def test_what_two_packages_have_word_for_word_has_both_as_its_origin(workspace):
    one = npm_package.keep({"a.ts": ADD + SUB})
    two = npm_package.keep({"b.ts": ADD})
    found = npm_functions.read(source(b=one, a=two))
    assert [(row["name"], row["origin"]) for row in found] == [("add", "a+b"), ("sub", "b")]
    assert found[0]["path"] == "a.ts"


def test_lines_end_alike_everywhere(workspace):
    pin = npm_package.keep({"a.ts": ADD.replace("\n", "\r\n").replace("{ ", "{\r\n")})
    (found,) = npm_functions.read(source(demo=pin))
    assert found["target"] == "export function add() {\nreturn 1; }"


@pytest.mark.parametrize("name", ["--prefix", "a b", "../a", "@a/b/c", "a@1", "@a/-b", ""])
def test_name_that_npm_would_read_otherwise_is_refused(name):
    with pytest.raises(ValidationError):
        source(**{name: {"version": "1.0.0", "sha256": "0" * 64}})


# As published: rxjs 7.8.2, Apache-2.0
RXJS = "2312f8ffd9726ffd7bd53ea12c5f13663d09a3dc3326f448c70b88f5ef6fac82"


@pytest.mark.real
def test_published_package(workspace):
    if shutil.which("npm") is None:
        pytest.skip("npm is not installed")
    asked = subprocess.run(["npm", "view", "rxjs@7.8.2", "version"], capture_output=True, text=True)
    if asked.returncode:
        pytest.skip(f"npm reaches no registry: {asked.stderr.strip().splitlines()[-1:]}")
    found = npm_functions.read(source(rxjs={"version": "7.8.2", "sha256": RXJS}))
    assert len(found) > 30 and {row["origin"] for row in found} == {"rxjs"}
    assert all(piece(row["target"]) for row in found)
    assert [path.name for path in (paths.scratch() / "downloads").iterdir()] == [RXJS]

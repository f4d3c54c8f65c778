"""The compiler: what is forgiven and what is not, pieces kept apart, and those that stop it."""

import shutil
import subprocess
from pathlib import Path

import pytest

from stages.command import UserError
from stages.typescript import compiler
from stages.typescript.syntax import piece
from tests.sources import npm_package

# what, code, codes of errors
FOUND = [
    ("sound", "function f(a: number): number { return a + 1; }", set()),
    ("the library", "function f(a: Map<string, Element>) { return a.get('b')?.id; }", set()),
    ("an unknown type", "function f(a: A): B.C<D> { return new E(a.b, g); }", set()),
    ("an unknown module", "import { a } from './0';\nimport 'b';\nexport const c = a;", set()),
    ("a global of another library", "function f() { $('a'); return process.env.B; }", set()),
    ("a member of the class", "override go() { this.a.b(super.go()); }", set()),
    ("a constructor without the base's", "constructor(a: A) { this.b = a; }", set()),
    ("no types", "function f(a, ...b) { return [a, b]; }", set()),
    ("a list that grows", "function f() { const a = []; a.push(1); return a; }", set()),
    ("shorthand of an unknown name", "const a = () => { return { b }; };", set()),
    ("a decorator", "@a() class B { @c d() { return 1; } }", set()),
    ("a type that does not fit", "const a: string = 1;", {2322}),
    ("an argument that does not fit", "function f() { return Math.abs('1'); }", {2345}),
    ("no such member of a known type", "function f(a: Date) { return a.day; }", {2339}),
    ("possibly nothing", "function f(a?: Date) { return a.getDay(); }", {18048}),
    ("nothing returned", "function f(): number { const a = 1; }", {2355}),
    ("declared twice", "let a = 1; let a = 2;", {2451}),
    ("a constant assigned to", "function f() { const a = 1; a = 2; }", {2588}),
]


@pytest.fixture
def real():
    if why := compiler.lacking():
        pytest.skip(why)


@pytest.mark.real
def test_errors_of_many_pieces_in_one_run(real, monkeypatch):
    runs = []
    run = compiler._run
    monkeypatch.setattr(compiler, "_run", lambda sources: runs.append(len(sources)) or run(sources))
    found = compiler.errors([piece(code) for _, code, _ in FOUND])
    assert dict(zip([case[0] for case in FOUND], found, strict=True)) == {
        what: codes for what, _, codes in FOUND
    }
    assert runs == [len(FOUND)]


@pytest.mark.real
def test_no_piece_hears_another(real):
    speaking = [
        "declare global { interface Array<T> { most(): T } var shared: number; }\nlet a = 1;",
        "declare global { interface Array<T> { push: never } }\nlet a = 1;",
        "/// <reference no-default-lib='true'/>\nlet a = 1;",
        "export function shared2() { return 1; }",
    ]
    hearing = [
        "function f(a: number[]) { return a.most(); }",
        "function f(a: number[]) { return a.push(1); }",
        "import { shared2 } from './3';\nexport const a: string = shared2();",
    ]
    found = compiler.errors([piece(code) for code in speaking + hearing])
    assert found[len(speaking) :] == [{2339}, set(), set()]


@pytest.mark.real
def test_comments_that_speak_to_the_compiler_are_not_heard(real):
    wrong = "const a: string = 1;"
    silenced = [f"// @ts-nocheck\n{wrong}", f"// @ts-ignore\n{wrong}", f"/* @ts-ignore */ {wrong}"]
    silenced += [f"// @ts-expect-error\n{wrong}"]
    assert compiler.errors([piece(code) for code in silenced]) == [{2322}] * len(silenced)


def stand_in(monkeypatch, said):
    """A compiler that answers by a function of the files' texts; counts the files of each run."""
    runs = []

    def run(folder):
        files = sorted(folder.glob("*-*.ts"), key=lambda file: int(file.stem.split("-")[1]))
        runs.append(len(files))
        return said({file.name: file.read_text() for file in files})

    monkeypatch.setattr(compiler, "_said", run)
    return runs


def test_piece_that_stops_the_compiler_is_found_and_the_others_are_judged(monkeypatch):
    def said(files):
        if any("stop" in text for text in files.values()):
            raise compiler.Stopped
        return "".join(f"{n}(1,1): error TS2322: No.\n" for n, t in files.items() if "bad" in t)

    runs = stand_in(monkeypatch, said)
    codes = ["let a = 1;", "let bad = 1;", "let stop = 1;", "let b = 2;", "let bad = 2;"]
    found = compiler.errors([piece(code) for code in codes])
    assert found == [set(), {2322}, None, set(), {2322}]
    assert runs == [5, 2, 3, 1, 2]


def test_piece_that_speaks_of_other_modules_is_checked_apart(monkeypatch):
    runs = stand_in(monkeypatch, lambda files: "")
    codes = ["let a = 1;", "declare global { var b: number }\nlet c = 1;", "let d = 1;"]
    assert compiler.errors([piece(code) for code in codes]) == [set()] * 3
    assert sorted(runs) == [1, 2]
    assert compiler.errors([]) == []


def test_forgiven_errors_are_left_out(monkeypatch):
    said = "ab-0.ts(1,1): error TS2304: No name.\n  more of it\nab-0.ts(2,1): error TS2322: No.\n"
    stand_in(monkeypatch, lambda files: said)
    assert compiler.errors([piece("let a = 1;")]) == [{2322}]


# what the process ended with; what is made of it
ENDS = [
    ((0, "", ""), ""),
    ((2, "0.ts(1,1): error TS2322: No.\n", ""), "0.ts(1,1): error TS2322: No.\n"),
    ((1, "", "RangeError: Maximum call stack size exceeded"), compiler.Stopped),
    ((134, "", ""), compiler.Stopped),
    ((-9, "", ""), compiler.Stopped),
    ((1, "error TS5023: Unknown compiler option 'a'.\n", ""), RuntimeError),
    (subprocess.TimeoutExpired("node", 1), compiler.Stopped),
]


@pytest.mark.parametrize(("end", "made"), ENDS)
def test_what_the_compiler_ended_with(monkeypatch, end, made):
    def run(command, **options):
        assert options["env"] == {} and options["timeout"] == compiler.WALL
        if isinstance(end, Exception):
            raise end
        status, stdout, stderr = end
        return subprocess.CompletedProcess(command, status, stdout.encode(), stderr.encode())

    monkeypatch.setattr(subprocess, "run", run)
    monkeypatch.setattr(compiler, "compiler", lambda: Path("tsc.js"))
    if isinstance(made, str):
        assert compiler._said(Path(".")) == made
    else:
        with pytest.raises(made):
            compiler._said(Path("."))


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A package in the compiler's place, kept as a fetched one would be."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DVC_ROOT", raising=False)
    monkeypatch.setattr(shutil, "which", lambda name: None if name == "npm" else f"/bin/{name}")
    files = ["lib/tsc.js", "lib/_tsc.js", "lib/lib.d.ts", "lib/lib.es5.d.ts"]
    others = ["package.json", "lib/typescript.js", "bin/tsc", "lib/ja/lib.d.ts", "lib/x.d.ts"]
    pin = npm_package.keep({name: name for name in files + others})
    monkeypatch.setattr(compiler, "SHA256", pin["sha256"])
    compiler.lacking.cache_clear()
    yield
    compiler.lacking.cache_clear()


def test_only_what_the_compiler_needs_is_taken_out_of_its_package(package, tmp_path):
    script = compiler.compiler()
    assert script == compiler.compiler()
    assert script.read_text() == "lib/tsc.js"
    there = sorted(path.name for path in script.parent.iterdir())
    assert there == ["_tsc.js", "lib.d.ts", "lib.es5.d.ts", "tsc.js"]
    assert sorted(path.name for path in (tmp_path / ".scratch/npm").iterdir()) == [
        script.parent.name
    ]
    assert compiler.lacking() is None


def test_what_is_lacking_is_said(package, monkeypatch):
    monkeypatch.setattr(compiler, "SHA256", "0" * 64)
    assert compiler.lacking().startswith("cannot download typescript@5.9.3: npm is not installed")
    compiler.lacking.cache_clear()
    monkeypatch.setattr(shutil, "which", lambda name: None)
    assert compiler.lacking() == "node is not installed; install Node.js 20 or later"


def test_a_wrong_pin_is_an_error_and_not_a_lack(package, monkeypatch):
    (kept,) = Path(".scratch/downloads").iterdir()
    kept.write_bytes(b"other")
    with pytest.raises(UserError, match="The file was removed"):
        compiler.compiler()


@pytest.mark.real
def test_javascript_is_made_of_what_the_grammar_allows(real):
    made = compiler.javascript(
        [
            "const a: string = 1;",
            "function f( {",
            "import { A } from './a';\nlet b = (await c) as A;",
            "declare global { const enum E { A = 1 } }\nexport = 3;",
            "export const d = E.A;",
            "",
        ]
    )
    bare = [code and code.replace("export {};", "").strip() for code in made]
    # The enum of another module is not known here: none sees another
    assert bare == ["const a = 1;", None, "let b = (await c);", "", "export const d = E.A;", ""]


def test_code_that_stops_the_compiler_is_found_and_the_others_are_made(monkeypatch):
    def said(folder):
        files = {file.stem: file.read_text() for file in folder.glob("*.mts")}
        if "stop" in files.values():
            raise compiler.Stopped
        (folder / "out").mkdir()
        for name, text in files.items():
            (folder / "out" / f"{name}.mjs").write_text(f"made of {text}")
        bad = [name for name, text in files.items() if text == "bad"]
        return "".join(f"{name}.mts(1,1): error TS1005: ';' expected.\n" for name in bad)

    monkeypatch.setattr(compiler, "_said", said)
    found = compiler.javascript(["a", "bad", "stop", "b"])
    assert found == ["made of a", None, None, "made of b"]

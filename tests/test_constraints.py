"""Constraints: each kind both ways, malformed ones refused, code that misbehaves stopped."""

import pytest

from stages.constraints import KINDS, check, code, validate

FENCED = "Here:\n```python\ndef twice(n):\n    return 2 * n\n```\nDone."
OBJECT = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}

# constraint, answers that fulfil it, answers that don't
CASES = [
    ({"kind": "max_words", "value": 2}, ["", "one two", " a  b\n"], ["one two three", "a\nb\nc"]),
    ({"kind": "min_words", "value": 2}, ["one two", "a b c"], ["", "one"]),
    (
        {"kind": "max_sentences", "value": 1},
        ["One.", "It is 3.5 m. ", "no stop", "1. one", 'He said "stop."'],
        ["One. Two", "One\nTwo", "- one\n- two", '"Stop." He went.'],
    ),
    ({"kind": "lines", "value": 2}, ["a\nb", "a\n\n \nb"], ["", "a", "a\nb\nc"]),
    ({"kind": "items", "value": 2}, ["- a\n* b", "So:\n1. a\n 2. b"], ["a\nb", "- a", "-a\n-b"]),
    ({"kind": "contains", "value": "Don't"}, ["I DON'T", "don\u2019t"], ["", "do not"]),
    ({"kind": "excludes", "value": "cat"}, ["", "dog"], ["Cat", "concatenate"]),
    ({"kind": "one_of", "values": ["can't", "won't"]}, ["I WON\u2019T", "can't"], ["", "cannot"]),
    ({"kind": "starts_with", "value": "No"}, ["No.", "no", "  Nobody"], ["", "Oh no", '"No"']),
    ({"kind": "ends_with", "value": "Over."}, ["It's over.\n", "Over."], ["", "Over", "Over.)"]),
    ({"kind": "equals", "value": "Tr"}, ["tr", " TR\n"], ["", "<tr>", "tr."]),
    ({"kind": "regex", "pattern": r"\b2\.5\b"}, ["It's 2.5 m"], ["", "2,5", "12.55"]),
    ({"kind": "regex", "pattern": "OK"}, ["OK"], ["ok"]),
    (
        {"kind": "number", "value": 1250, "tolerance": 0},
        ["1,250", "from 3 to 1250.", "1250.0", "1,250 km", "3-1250"],
        ["", "none", "1250 of 3", "1.250", "-1250", "\u22121250", "12,50"],
    ),
    ({"kind": "number", "value": -0.5, "tolerance": 0.01}, ["-.5", "\u22120.505"], ["0.5", "-0.6"]),
    ({"kind": "json"}, ["1", " []\n", '{"a": null}', '"x"'], ["", "{'a': 1}", "```json\n1\n```"]),
    ({"kind": "json"}, ["1e99"], ["NaN", "-Infinity", "1e999", "[1,]", "1 2", "[" * 99999]),
    ({"kind": "json_schema", "schema": OBJECT}, ['{"n": 1}'], ['{"n": "1"}', "{}", "[]", "n"]),
    (
        {"kind": "json_equals", "value": {"a": [1, True], "b": None}},
        ['{"b": null, "a": [1.0, true]}'],
        ["", '{"a": [true, 1], "b": null}', '{"a": [1, 1], "b": null}', '{"a": [1, true]}'],
    ),
    ({"kind": "json_equals", "value": False}, ["false"], ["0", "null", '"false"']),
    ({"kind": "no_fence"}, ["", "`a`"], ["```a```", FENCED]),
    (
        {"kind": "excludes_phrases"},
        ["", "A certain answer."],
        ["Certainly!", "As an AI, I", "It\u2019s important to note that"],
    ),
    (
        {"kind": "python", "tests": "assert twice(3) == 6"},
        [
            FENCED,
            "def twice(n): return n + n",
            "# \u00e9\ndef twice(n):\n    print('\u6771' * 10 ** 6)\n    return 2 * n",
        ],
        [
            "",
            "Twice is 2 * n.",
            "def twice(n): return n",
            "def twice(n): return 2 * n\nraise SystemExit(0)",
            "def twice(n): return input()",
            "def twice(n): return 2 * n\0",
            "```python\ndef twice(n): return 2 * n",
            "def twice(n):\n    if n:",
        ],
    ),
]
# constraint, what the error says
MALFORMED = [
    ("max_words", "expected an object, found str"),
    ({}, "unknown kind None; known: contains, ends_with"),
    ({"kind": "max_word", "value": 3}, "unknown kind 'max_word'"),
    ({"kind": ["json"]}, "unknown kind ['json']"),
    ({"kind": "max_words"}, "max_words: fields none, expected value"),
    ({"kind": "json", "value": 1}, "json: fields value, expected none"),
    ({"kind": "number", "value": 1}, "number: fields value, expected tolerance, value"),
    ({"kind": "max_words", "value": "3"}, "max_words: value: expected a whole number"),
    ({"kind": "lines", "value": True}, "lines: value: expected a whole number"),
    ({"kind": "items", "value": -1}, "items: value: expected a whole number"),
    ({"kind": "contains", "value": " "}, "contains: value: expected a text"),
    ({"kind": "equals", "value": 4}, "equals: value: expected a text"),
    ({"kind": "one_of", "values": []}, "one_of: values: expected a list"),
    ({"kind": "one_of", "values": "ab"}, "one_of: values: expected a list"),
    ({"kind": "one_of", "values": ["a", ""]}, "one_of: values: expected a text"),
    ({"kind": "regex", "pattern": "("}, "regex: pattern: not a regular expression"),
    ({"kind": "number", "value": float("nan"), "tolerance": 0}, "number: value: expected a finite"),
    ({"kind": "number", "value": 1, "tolerance": -1}, "number: tolerance: expected a number"),
    ({"kind": "json_schema", "schema": {"type": "text"}}, "json_schema: schema: not a JSON schema"),
    ({"kind": "json_schema", "schema": []}, "json_schema: schema: expected a JSON schema"),
    ({"kind": "python", "tests": "assert ("}, "python: tests: not Python"),
]


@pytest.mark.parametrize(("constraint", "good", "bad"), CASES, ids=[c[0]["kind"] for c in CASES])
def test_answers_that_fulfil_and_that_do_not(constraint, good, bad):
    assert {answer: check(answer, constraint) for answer in good} == dict.fromkeys(good)
    for answer in bad:
        said = check(answer, constraint)
        assert said and isinstance(said, str), answer[:60]
        assert "\n" not in said


def test_every_kind_has_a_case():
    assert {case[0]["kind"] for case in CASES} == set(KINDS)


@pytest.mark.parametrize(("constraint", "said"), MALFORMED, ids=[said for _, said in MALFORMED])
def test_malformed_constraint_is_refused(constraint, said):
    with pytest.raises(ValueError) as raised:
        validate(constraint)
    assert said in str(raised.value)
    with pytest.raises(ValueError):
        check("", constraint)


PASSES = {"kind": "python", "tests": "pass"}  # if the answer itself ends well
# what, the code, what is said of it
STUCK = [
    ("a loop", "while True: pass", "used more than 1 s of CPU time"),
    (
        "a loop that ignores the first signal",
        "import signal\nsignal.signal(signal.SIGXCPU, signal.SIG_IGN)\nwhile True: pass",
        "ended by signal 9",
    ),
    ("a flood of output", "while True: print('x' * 99999)", "used more than 1 s of CPU time"),
    (
        "a flood of errors",
        "import sys\nwhile True: sys.stderr.write('x' * 99999)",
        "used more than 1 s of CPU time",
    ),
    (
        "forks that never give up",
        "import os\nwhile True:\n    try: os.fork()\n    except OSError: pass",
        "used more than 1 s of CPU time",
    ),
    ("a fork bomb", "import os\nwhile True: os.fork()", "PermissionError: os.fork is refused"),
    ("one huge allocation", "x = bytearray(2 ** 40)", "MemoryError"),
    ("many allocations", "x = []\nwhile True: x.append(bytes(10 ** 7))", "MemoryError"),
    ("deep recursion", "def f(): return f()\nf()", "RecursionError: maximum recursion depth"),
    (
        "recursion past the stack",
        "import sys\nsys.setrecursionlimit(10 ** 9)\n"
        "class A:\n    def __repr__(self): return repr(self)\nrepr(A())",
        "ended by signal 11",
    ),
    ("reading stdin", "x = input()", "EOFError"),
    ("exit", "exit(0)", "ended before the tests did"),
    ("exit with a message", "import sys\nsys.exit('bye')", "ended before the tests did"),
    ("exit at once", "import os\nos._exit(0)", "ended before the tests did"),
    ("abort", "import os\nos.abort()", "ended by signal 6"),
    ("closing all files", "import os\nos.closerange(0, 99)", "ended before the tests did"),
    ("a text that swallows the tests", "x = '''", "SyntaxError: unterminated"),
    ("half a surrogate pair", "x = '\ud800'", "UnicodeEncodeError"),
    (
        "an error that cannot be printed",
        "class E(Exception):\n    def __str__(self): raise self\nraise E",
        "failed: an error without a text",
    ),
    (
        "an error with an endless name",
        "raise type('E\\n' * 10 ** 6, (Exception,), {})",
        "failed: E E E",
    ),
]


@pytest.mark.slow
@pytest.mark.parametrize(("what", "source", "said"), STUCK, ids=[case[0] for case in STUCK])
def test_code_that_misbehaves_fails_and_is_stopped(monkeypatch, what, source, said):
    monkeypatch.setattr(code, "SECONDS", 1)
    monkeypatch.setattr(code, "WALL", 600)  # a second of CPU is long where others have priority
    found = check(source, PASSES)
    assert found and said in found
    assert "\n" not in found and len(found) < 250


@pytest.mark.slow
def test_code_that_waits_is_stopped_by_the_clock(monkeypatch):
    monkeypatch.setattr(code, "WALL", 3)
    said = check("import time\ntime.sleep(1000)", PASSES)
    assert said == "did not end within 3 s"


# what would reach beyond the process; KEPT and FOLDER are paths that exist, NEW one that doesn't
REACHING = [
    "open(NEW, 'w')",
    "open(NEW, 'x')",
    "open(KEPT, 'a')",
    "open(KEPT, 'r+b')",
    "open('here.txt', 'w')",
    "os.open(KEPT, os.O_WRONLY)",
    "os.open(NEW, os.O_RDONLY | os.O_CREAT)",
    "pathlib.Path(KEPT).write_text('changed')",
    "pathlib.Path(NEW).touch()",
    "os.remove(KEPT)",
    "os.rename(KEPT, NEW)",
    "os.replace(KEPT, NEW)",
    "os.truncate(KEPT, 0)",
    "os.chmod(KEPT, 0)",
    "os.utime(KEPT, (0, 0))",
    "os.link(KEPT, NEW)",
    "os.symlink(KEPT, NEW)",
    "os.mkdir(NEW)",
    "os.rmdir(FOLDER)",
    "os.mkfifo(NEW)",
    "os.mknod(NEW)",
    "shutil.rmtree(FOLDER)",
    "shutil.copy(KEPT, NEW)",
    "shutil.move(KEPT, NEW)",
    "sqlite3.connect(NEW)",
    "socket.socket()",
    "socket.create_connection(('127.0.0.1', 9))",
    "socket.socketpair()[0].connect(NEW)",
    "urllib.request.urlopen('http://127.0.0.1:9')",
    "subprocess.run(['true'])",
    "os.system('true')",
    "os.popen('true')",
    "os.fork()",
    "os.forkpty()",
    "os.execv('/bin/true', ['true'])",
    "os.posix_spawn('/bin/true', ['true'], {})",
    "os.spawnl(os.P_WAIT, '/bin/true', 'true')",
    "multiprocessing.Process(target=print).start()",
    "multiprocessing.get_context('spawn').Process(target=print).start()",
    "multiprocessing.shared_memory.SharedMemory(create=True, size=9)",
    "multiprocessing.util.spawnv_passfds(b'/bin/true', [b'true'], [])",
    "threading.Thread(target=print).start()",
    "os.kill(os.getppid(), 0)",
    "os.killpg(os.getpgid(os.getppid()), 0)",
    "signal.pidfd_send_signal(0, 0)",
    "os.setpriority(os.PRIO_PROCESS, os.getppid(), 19)",
    "resource.setrlimit(resource.RLIMIT_CPU, (99, 99))",
    "__import__('ctypes')",
    "__import__('_ctypes')",
]
IMPORTS = (
    "import multiprocessing.shared_memory, multiprocessing.util, os, pathlib, resource, shutil, "
    "signal, socket, sqlite3, subprocess, threading, urllib.request"
)


@pytest.mark.parametrize("reach", REACHING)
def test_code_cannot_reach_beyond_its_process(tmp_path, reach):
    kept, folder, new = tmp_path / "kept", tmp_path / "folder", tmp_path / "new"
    kept.write_text("kept")
    folder.mkdir()
    before = kept.stat()
    names = f"KEPT, FOLDER, NEW = {str(kept)!r}, {str(folder)!r}, {str(new)!r}"
    said = check(f"{IMPORTS}\n{names}\n{reach}", PASSES)
    assert said and "refused" in said
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder", "kept"]
    after = kept.stat()
    assert (kept.read_text(), after.st_mode, after.st_mtime) == (
        "kept",
        before.st_mode,
        before.st_mtime,
    )


# what, the code: nothing in it is amiss
ORDINARY = [
    (
        "imports",
        "import argparse, asyncio, concurrent.futures, csv, datetime, decimal, email, hashlib, "
        "html.parser, http.client, inspect, json, logging, multiprocessing.pool, pathlib, pickle, "
        "random, secrets, socket, sqlite3, statistics, subprocess, tempfile, threading, typing, "
        "unittest.mock, urllib.request, uuid, xml.etree.ElementTree, zipfile",
    ),
    ("reading", "import os\nassert 'def' in open(os.__file__).read()"),
    ("a refusal that is caught", "try: open('x', 'w')\nexcept OSError: pass"),
    ("asyncio", "import asyncio\nasync def f(): return 1\nassert asyncio.run(f()) == 1"),
    (
        "a dataclass whose annotations are texts",
        "from __future__ import annotations\nimport dataclasses, typing\n"
        "@dataclasses.dataclass\nclass A:\n    x: int = 1\n"
        "assert typing.get_type_hints(A) == {'x': int}",
    ),
    (
        "pickle finds the answer's own class",
        "import pickle\nclass A: pass\nassert type(pickle.loads(pickle.dumps(A()))) is A",
    ),
    ("the main module", "assert __name__ == '__main__'"),
    (
        "an output that is caught",
        "import contextlib, io\nwith contextlib.redirect_stdout("
        "io.StringIO()) as out: print('a')\nassert out.getvalue() == 'a\\n'",
    ),
    ("the environment", "import os\nos.environ['A'] = 'b'\nassert os.getenv('A') == 'b'"),
    ("much memory", "x = bytearray(200 * 2 ** 20)"),
    ("a long answer", "#" * 300_000),
]


@pytest.mark.parametrize(("what", "source"), ORDINARY, ids=[case[0] for case in ORDINARY])
def test_ordinary_code_passes(what, source):
    assert check(source, PASSES) is None


def test_code_runs_in_an_empty_folder_without_environment_or_packages(monkeypatch):
    monkeypatch.setenv("TOKEN", "secret")
    tests = (
        "import importlib.util, os\nassert os.listdir() == []\nassert dict(os.environ) == {}\n"
        "assert importlib.util.find_spec('numpy') is None"
    )
    assert check("x = 1", {"kind": "python", "tests": tests}) is None


def test_what_code_failed_with_is_said():
    said = check("x = 1", {"kind": "python", "tests": "assert x == 2, 'two\\nwanted'"})
    assert said == "failed: AssertionError: two wanted"


def test_texts_are_hashed_alike_in_every_process():
    said = {check("raise ValueError(hash('a'))", PASSES) for _ in range(3)}
    assert len(said) == 1 and "ValueError" in said.pop()


def test_a_process_that_does_not_start_is_no_fault_of_the_answer(monkeypatch, tmp_path):
    monkeypatch.setattr(code, "SCRIPT", tmp_path / "none.py")
    with pytest.raises(RuntimeError, match="none.py: did not start"):
        check("x = 1", PASSES)

"""Programs that are run: what passes, what is stopped, and that nothing is run unconfined."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from stages.typescript import compiler, running
from stages.typescript.running import Limits, Program

WITHIN = Limits(seconds=2, megabytes=64)
DOUBLE = "function f(a: number): number { return 2 * a; }"
ASKED = "if (f(2) !== 4) throw new Error();"
PORT = "(await import('node:net')).connect"
LATER = "await new Promise((done) => setTimeout(done, 20));"

# what, code, tests
PASSED = [
    ("tests that end", DOUBLE, ASKED),
    ("imported assert", DOUBLE, "import assert from 'node:assert';\nassert.equal(f(2), 4);"),
    (
        "required assert",
        DOUBLE,
        "declare var require: any;\nconst a = require('assert');\na.deepEqual([f(2)], [4]);",
    ),
    ("exports of a script", f"{DOUBLE}\nmodule.exports = {{ f }};\nexports.f = f;", ASKED),
    ("exports of a module", f"export {DOUBLE}\nexport default f;", ASKED),
    ("an import for its type alone", f"import {{ A }} from './a';\nlet a: A;\n{DOUBLE}", ASKED),
    ("awaited tests", DOUBLE, f"{LATER}\n{ASKED}"),
    ("tests that nobody awaits", DOUBLE, f"async function t() {{ {LATER} {ASKED} }}\nt();"),
    ("an enum and a decorator", f"enum E {{ A }}\n@((c: any) => c) class B {{}}\n{DOUBLE}", ASKED),
    ("what is printed is dropped", f"console.log(1); console.error('ready');\n{DOUBLE}", ASKED),
    ("a promise whose failure is heard", f"Promise.reject(1).catch(() => 1);\n{DOUBLE}", ASKED),
    ("no semicolon before a bracket", "const f = (a) => 2 * a", f"(() => {{ {ASKED} }})()"),
    ("no environment", DOUBLE, "if (Object.keys(process.env).length) throw 1;"),
    ("an empty folder", DOUBLE, "if (process.cwd() !== '/empty') throw 1;"),
    ("no argument is seen", DOUBLE, "if (process.argv.length !== 1) throw 1;"),
]
FAILED = [
    ("tests that throw", DOUBLE.replace("2", "3"), ASKED),
    ("awaited tests that throw", DOUBLE, f"{LATER}\nthrow 1;"),
    ("tests that throw unawaited", DOUBLE, f"async function t() {{ {LATER} throw 1; }}\nt();"),
    ("an unhandled rejection", f"Promise.reject(new Error());\n{DOUBLE}", ASKED),
    (
        "a rejection that is only heard of",
        f"process.on('unhandledRejection', () => 1);\nPromise.reject(1);\n{DOUBLE}",
        ASKED,
    ),
    ("a timer that throws", f"setTimeout(() => {{ throw 1; }}, 20);\n{DOUBLE}", ASKED),
    ("an exit code", DOUBLE, "process.exitCode = 1;"),
    ("leaves early, in order", f"process.exit(0);\n{DOUBLE}", ASKED),
    (
        "leaves while tests are awaited",
        f"setTimeout(() => process.exit(0), 1);\n{DOUBLE}",
        "await new Promise(() => 1);",
    ),
    ("never settles", f"{DOUBLE}\nawait new Promise(() => 1);", ASKED),
    ("aborts", f"process.abort();\n{DOUBLE}", ASKED),
    ("no grammar", "function f( {", ""),
    ("swallows the tests", f"{DOUBLE}\n/*", "throw 1; /* */"),
    ("swallows the tests in a text", f"{DOUBLE}\n`", "throw 1; `` + `"),
    ("swallows the tests in a call", "const f = (a) => 3 * a", f"(() => {{ {ASKED} }})()"),
    (
        "a failure that is only heard of",
        f"process.on('uncaughtException', () => 1);\n{DOUBLE}",
        "setTimeout(() => { throw 1; }, 20);",
    ),
    ("imports what is not there", f"import {{ a }} from './a';\na();\n{DOUBLE}", ASKED),
    ("claims the end", "(await import('fs')).writeSync(3, 'ready\\n'); process.exit(0);", ASKED),
    (
        "claims the end on all files",
        "const fs = require('fs');\n"
        "for (let n = 3; n < 64; n++)\n"
        "  try { if (fs.fstatSync(n).isFIFO()) fs.writeSync(n, 'a'.repeat(16)) } catch {}\n"
        "process.exit(0);",
        ASKED,
    ),
    (
        "floods the report",
        "const much = 'a'.repeat(1e6);\n"
        "for (let n = 3; ; n = n % 60 + 4) try { require('fs').writeSync(n, much) } catch {}",
        ASKED,
    ),
]
# What is tried, and throws where it is refused
REFUSED = [
    ("reads the disk", "require('fs').readFileSync('/etc/passwd');"),
    ("reads what is there", "require('fs').readdirSync('/usr');"),
    ("reads its own memory", "require('fs').readFileSync('/proc/self/maps');"),
    ("writes a file", "require('fs').writeFileSync('a', 'a');"),
    ("writes to what is there", "require('fs').writeFileSync('/usr/assay-was-here', 'a');"),
    ("opens a folder", "require('fs').mkdirSync('a');"),
    ("starts a process", "require('child_process').execFileSync('/node', ['-v']);"),
    ("is a fork bomb", "while (true) require('child_process').spawn('/node', ['-v']);"),
    ("starts a thread", "new (require('worker_threads').Worker)('1', { eval: true });"),
    ("inspects itself", "new (require('inspector').Session)().connect();"),
    ("loads machine code", "process.dlopen({ exports: {} }, '/usr/lib/a.so');"),
    ("writes its heap", "require('v8').writeHeapSnapshot('a');"),
    (
        "resolves a name",
        "await require('dns').promises.resolve4('example.org');",
    ),
    ("has a network", "if (!Object.keys(require('os').networkInterfaces()).length) throw 1;"),
    ("ends another process", "if (process.pid === 1) process.kill(2, 0); process.kill(2, 0);"),
]


@pytest.fixture
def real(monkeypatch):
    monkeypatch.setenv(running.SWITCH, "1")
    if why := running.lacking():
        pytest.skip(why)


def passes(code: str, tests: str = "", within: Limits = WITHIN) -> bool:
    return running.passed([Program(code, tests)], within)[0]


def named(cases):
    return pytest.mark.parametrize("case", cases, ids=[case[0] for case in cases])


@pytest.mark.real
@named(PASSED)
def test_program_passes(real, case):
    assert passes(*case[1:])


@pytest.mark.real
@named(FAILED)
def test_program_fails(real, case):
    assert not passes(*case[1:])


@pytest.mark.real
@named(REFUSED)
def test_what_is_refused_throws(real, case):
    assert not passes(case[1])
    # And it's the refusal that fails, not what stands around it
    if not case[1].startswith("while"):
        assert passes(f"try {{ {case[1]} throw 'done' }} catch (e) {{ if (e === 'done') throw e }}")


@pytest.mark.real
def test_the_word_is_in_no_memory_that_the_program_can_read(real, monkeypatch):
    monkeypatch.setattr(running.os, "urandom", lambda size: b"\xab" * size)
    assert passes(
        """
        const word = Buffer.alloc(16, 0xab);
        if (Buffer.from(Buffer.from("a").buffer).includes(word)) throw 1;
        let heap = "";
        for await (const part of require("v8").getHeapSnapshot()) heap += part;
        if (!heap.includes("fs.writeSync") && !heap.includes("writeSync")) throw 2;
        if (/\\xab{4}|\u00ab{4}|(abab){4}|(171,){4}/.test(heap)) throw 3;
        """,
        within=Limits(20, 512),
    )


@pytest.mark.real
def test_a_program_ends_with_the_one_that_runs_it(real):
    """Killed, it can stop nothing itself: its child has to notice."""
    code = "from stages.typescript import running as r\n"
    code += "r.passed([r.Program('while (true) {}', '')], r.Limits(60, 64))"
    with subprocess.Popen([sys.executable, "-c", code]) as runner:
        # The compiler and node's start take less than that: what computes is the program.
        second = os.sysconf("SC_CLK_TCK")
        wait_until(lambda: max(below(runner.pid).values(), default=0) > 2 * second)
        started = below(runner.pid)
        runner.kill()
    wait_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in started))


def wait_until(holds) -> None:
    for _ in range(600):
        if holds():
            return
        time.sleep(0.05)
    raise AssertionError("in vain")


def below(pid: int) -> dict[int, int]:
    """The ticks that each process below one has computed, by its number."""
    found = {}
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        with suppress(FileNotFoundError, ProcessLookupError):
            figures = Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()
            found[int(child)] = int(figures[11]) + int(figures[12])
            found |= below(int(child))
    return found


@pytest.mark.real
def test_nobody_outside_is_reached(real, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket(socket.AF_UNIX) as local:
        local.bind(str(tmp_path / "s"))
        local.listen()
        ends = [f"{server.getsockname()[1]}, '127.0.0.1'", f"{str(tmp_path / 's')!r}"]
        for end in ends:
            reached = f"({PORT})({end}).on('connect', done).on('error', failed)"
            assert not passes(f"await new Promise((done, failed) => {reached});")
        for listening in (server, local):
            listening.setblocking(False)
            with pytest.raises(BlockingIOError):
                listening.accept()


@pytest.mark.real
@pytest.mark.parametrize(
    "code",
    ["while (true) {}", "while (true) console.log('a'.repeat(1e5));", "for (;;) await null;"],
)
def test_what_never_ends_is_ended(real, code):
    assert not passes(code, within=Limits(1, 64))


@pytest.mark.real
@pytest.mark.parametrize(
    "code", ["await new Promise((r) => setTimeout(r, 1e8));", "setInterval(() => 1, 1e6);"]
)
def test_what_waits_is_ended_by_the_clock(real, monkeypatch, code):
    monkeypatch.setattr(running, "WAITING", 2)
    assert not passes(code)


@pytest.mark.real
@pytest.mark.parametrize(
    "code",
    [
        "const a = []; for (let n = 0; n < 40; n++) a.push(new Array(1e6).fill(n / 3));",
        "const a = []; for (let n = 0; n < 40; n++) a.push(Buffer.alloc(1e7, 1));",
        "const a = new SharedArrayBuffer(4e8); new Uint8Array(a).fill(1);",
    ],
    ids=["heap", "buffers", "shared"],
)
def test_memory_is_limited(real, code):
    assert not passes(code)
    assert passes(code, within=Limits(20, 1024))


@pytest.mark.real
def test_memory_without_an_end(real):
    assert not passes("const a = []; while (true) a.push(a.slice(), {});")
    assert not passes("let a = 'a'; while (true) a += a;")


@pytest.mark.real
def test_root_folder_and_limits_hold_without_node_s_own_refusals(real, tmp_path, monkeypatch):
    monkeypatch.setattr(running, "_permission", lambda: "--no-deprecation")
    code = """
        const fs = await import("fs");
        const named = "cpu time|file size|core file size|open files|data size|processes";
        const limits = new RegExp(`(?<=Max (${named}) +)[0-9]+`, "g");
        const tried = (what) => { try { what(); return "done" } catch (e) { return e.code } };
        console.log(JSON.stringify({
          root: fs.readdirSync("/"),
          passwd: tried(() => fs.readFileSync("/etc/passwd")),
          empty: tried(() => fs.writeFileSync("/empty/a", "a")),
          status: fs.readFileSync("/proc/self/status", "utf8").match(/Cap(Eff|Bnd).*|NoNew.*/g),
          processes: fs.readdirSync("/proc").filter((name) => /^[0-9]+$/.test(name)),
          limits: fs.readFileSync("/proc/self/limits", "utf8").match(limits),
        }));
    """
    command = [*running._command(str(tmp_path), WITHIN), "--eval", code]
    done = subprocess.run(command, env={}, capture_output=True, check=True)
    seen = json.loads(done.stdout)
    assert set(seen.pop("root")) <= {"bin", "empty", "lib", "lib64", "node", "proc", "usr"}
    none = "0" * 16
    assert seen == {
        "passwd": "ENOENT",
        "empty": "EROFS",
        "status": [f"CapEff:\t{none}", f"CapBnd:\t{none}", "NoNewPrivs:\t1"],
        "processes": ["1"],
        "limits": ["2", "0", str((64 + running.RUNTIME) * 2**20), "0", "64", "64"],
    }
    assert list(tmp_path.iterdir()) == []


@pytest.mark.real
def test_without_node_s_refusals_or_with_a_network_nothing_is_run(real, monkeypatch):
    """Stronger than `lacking`: the process looks before it reads the program."""
    with monkeypatch.context() as patched:
        patched.setattr(running, "_permission", lambda: "--no-deprecation")
        with pytest.raises(RuntimeError, match="node did not start"):
            passes("let permitted = 1;")
    apart = [name for name in running.NAMESPACES if name != "--net"]
    monkeypatch.setattr(running, "NAMESPACES", apart)
    with pytest.raises(RuntimeError, match="node did not start"):
        passes("let networked = 1;")  # the loopback is there at least


@pytest.mark.real
def test_programs_are_told_apart_and_known_ones_are_not_run_again(real, monkeypatch):
    runs = []
    report = running._report
    monkeypatch.setattr(running, "_report", lambda *given: runs.append(1) or report(*given))
    good, bad = Program(DOUBLE, f"{ASKED} // apart"), Program("f(", ASKED)
    wrong = Program("const f = () => 5;", ASKED)
    assert running.passed([good, bad, wrong, good], WITHIN) == [True, False, False, True]
    assert len(runs) == 2
    assert running.passed([], WITHIN) == []


@pytest.fixture
def anew(monkeypatch):
    monkeypatch.setenv(running.SWITCH, "1")
    monkeypatch.setattr(compiler, "lacking", lambda: None)
    running._unconfined.cache_clear()
    yield
    running._unconfined.cache_clear()


def test_what_cannot_be_confined_is_not_run(anew, monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    assert running.lacking() == "answers are run on Linux alone, where they can be confined"


def test_a_missing_tool_is_named(anew, monkeypatch):
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(
        shutil, "which", lambda name, path=None: None if name == "setpriv" else f"/bin/{name}"
    )
    said = running.lacking()
    assert said == "no answer is run without what confines it: install setpriv (util-linux)"


@pytest.mark.parametrize(
    ("status", "stderr", "said"),
    [
        (
            1,
            b"unshare: unshare failed: Operation not permitted\nmore\n",
            "unshare failed: Operatio",
        ),
        (9, b"/node: bad option: --permission\n", "bad option"),
        (137, b"", "status 137"),
    ],
)
def test_why_namespaces_are_refused_is_said(anew, monkeypatch, status, stderr, said):
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(shutil, "which", lambda name, path=None: f"/bin/{name}")
    monkeypatch.setattr(running, "_permission", lambda: "--permission")
    end = subprocess.CompletedProcess([], status, b"", stderr)
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: end)
    found = running.lacking()
    assert found.startswith("no answer is run where it can't be confined (")
    assert said in found and "\n" not in found


def test_a_process_that_does_not_start_says_nothing_of_the_answer(monkeypatch):
    monkeypatch.setattr(running, "_report", lambda order, within: b"")
    with pytest.raises(RuntimeError, match="did not start"):
        running._ends_well("let unstarted = 1;", WITHIN)

"""Run answers that are TypeScript, with their tests: opt-in, on Linux alone, each one confined.

A program is a process of node (compiled by compiler.py; its types are not asked about) with

- namespaces of its own for network, processes and mounts: no network but a dead loopback, no other
  process to be seen, and when it ends, all that it started ends;
- a root folder with node and the system's /usr, /bin and /lib, read-only where the kernel allows
  it: no home, no /etc, no sockets of others; an empty folder to work in; no environment;
- node's permission model with nothing allowed: no files, processes, threads, addons, inspector;
- no capabilities, and limits on CPU and clock time, memory (the heap's own and one of all that is
  written to), files, their size, and processes (which don't hold for root; the model above does);
- output that goes nowhere.

What can't be had of this is not done without: then nothing is run, and `lacking` says why.

This stops accidents and mischief. It is no boundary against a determined attacker: node itself says
of its permission model that it doesn't hold malicious code, and the kernel is this machine's own,
so that a flaw in V8 and one in the kernel lead out. Nor is a verdict safe from an answer that is
written to cheat: it shares one module with the tests, and could replace the `assert` that they use.
What it can't do is to claim the end by leaving early or by printing something. Run the answers of a
model that you do not trust in a virtual machine.

One program runs at a time. What it comes to is the same each time but for what is near its time
limit, random or asks for the time: that limit is of CPU time, so that a busy machine and an idle
one come to nearly the same.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from threading import Timer
from typing import NamedTuple

from stages.typescript import compiler

SWITCH = "ASSAY_RUN_ANSWERS"
OFF = f"answers are run only where {SWITCH}=1 says so"
TOOLS = ("unshare", "sh", "mount", "umount", "pivot_root", "prlimit", "setpriv")
SYSTEM = "/usr/sbin:/usr/bin:/sbin:/bin"  # where confined.sh looks for them, too
NAMESPACES = ("--map-root-user", "--net", "--ipc", "--uts", "--mount", "--pid")
ROOT = Path(__file__).with_name("confined.sh")
START = Path(__file__).with_name("confined.mjs")
READY = b"ready\n"
KEPT = 4096  # bytes of what the process reports

WAITING = 30  # seconds by the clock beyond the CPU time, for code that waits
RUNTIME = 256  # MiB for node itself, beside what the program may take
OPEN, PROCESSES = 64, 64
BOUNDS = {"seconds": (1, 300), "megabytes": (64, 8192)}


class Limits(NamedTuple):
    """What a program may take: seconds of CPU time, MiB of memory."""

    seconds: int
    megabytes: int

    def __str__(self) -> str:
        return f"{self.seconds}s CPU+{WAITING}s+{self.megabytes}MiB"


class Program(NamedTuple):
    """TypeScript, and statements after it that throw where it is wrong."""

    code: str
    tests: str


def limits(seconds: int, megabytes: int) -> Limits:
    """The limits by their options. Raises ValueError for others than whole numbers in BOUNDS."""
    found = Limits(seconds, megabytes)
    for name, (low, high) in BOUNDS.items():
        value = getattr(found, name)
        if type(value) is not int or not low <= value <= high:
            raise ValueError(f"{name}: expected a whole number from {low} to {high}, not {value!r}")
    return found


def lacking() -> str | None:
    """Why no answer is run here, on one line; None where they are. Asked anew, but for a trial."""
    if os.environ.get(SWITCH) != "1":
        return OFF
    return compiler.lacking() or _unconfined()


@cache
def _unconfined() -> str | None:
    """Why a program can't be confined here; found by confining one that does nothing."""
    if sys.platform != "linux":
        return "answers are run on Linux alone, where they can be confined"
    if missing := [tool for tool in TOOLS if shutil.which(tool, path=SYSTEM) is None]:
        return f"no answer is run without what confines it: install {missing[0]} (util-linux)"
    if why := _tried():
        return f"no answer is run where it can't be confined ({why}); allow user namespaces"
    return None


def _tried() -> str | None:
    least = Limits(WAITING, BOUNDS["megabytes"][0])  # of memory
    with tempfile.TemporaryDirectory() as folder:
        command = [*_command(folder, least), "--version"]
        done = subprocess.run(command, env={}, capture_output=True, stdin=subprocess.DEVNULL)
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        return said[0] if said else f"status {done.returncode}"
    try:
        return None if _ends_well("", least) else "an empty program fails"
    except RuntimeError as error:
        return str(error)


@cache
def major() -> str:
    """The major version of node here, "none" without it."""
    if shutil.which(compiler.NODE) is None:
        return "none"
    done = subprocess.run([compiler.NODE, "--version"], capture_output=True, text=True, check=True)
    return done.stdout.strip().removeprefix("v").partition(".")[0]


def passed(programs: Sequence[Program], within: Limits) -> list[bool]:
    """Whether each program runs to the end of its tests and of all that it started to wait for.

    The code must be sound without the tests: it could swallow them by a comment that it leaves
    open. Raises RuntimeError where a process does not start, which says nothing about an answer.
    """
    alone = [program.code for program in programs]
    # The semicolon keeps a last line apart from tests that begin with a bracket.
    tested = [f"{program.code}\n;\n{program.tests}" for program in programs]
    made = compiler.javascript([*alone, *tested])
    return [
        code is not None and whole is not None and _ends_well(whole, within)
        for code, whole in zip(made[: len(alone)], made[len(alone) :], strict=True)
    ]


@cache  # evaluation asks twice for references and for answers that are alike
def _ends_well(javascript: str, within: Limits) -> bool:
    word = os.urandom(16)
    report = _report(word + javascript.encode(errors="replace"), within)
    if not report.startswith(READY):
        raise RuntimeError(f"{START.name}: node did not start in its confinement")
    return report == READY + word


def _report(order: bytes, within: Limits) -> bytes:
    """What the process says of its program, which is ended if it doesn't end by itself."""
    read, write = os.pipe()
    with tempfile.TemporaryDirectory() as folder, open(read, "rb") as said:
        try:
            process = subprocess.Popen(
                [*_command(folder, within), "--eval", START.read_text(), "--", str(write)],
                cwd=folder,
                env={},
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=[write],
                start_new_session=True,
            )
        finally:
            os.close(write)
        clock = Timer(WAITING + within.seconds, _stop, [process.pid])
        clock.start()
        try:
            with suppress(BrokenPipeError):  # a process that did not start
                process.stdin.write(order)
                process.stdin.close()
            return said.read(KEPT)
        finally:  # it has ended, or said too much, or this is interrupted
            clock.cancel()
            _stop(process.pid)
            process.wait()


def _command(folder: str, within: Limits) -> list[str]:
    """node, confined; options and arguments of its own follow."""
    setpriv, unshare, sh = (shutil.which(t, path=SYSTEM) for t in ("setpriv", "unshare", "sh"))
    heap, data = within.megabytes, (within.megabytes + RUNTIME) * 2**20
    caps = [f"--cpu={within.seconds}", f"--data={data}", "--fsize=0", "--core=0"]
    caps += [f"--nofile={OPEN}", f"--nproc={PROCESSES}"]
    powers = ["--no-new-privs", "--bounding-set=-all", "--inh-caps=-all"]
    flags = [_permission(), "--no-warnings", "--unhandled-rejections=strict"]
    flags += [f"--max-old-space-size={heap}", "--input-type=module"]
    node = os.path.realpath(shutil.which(compiler.NODE))
    return [
        *(setpriv, "--pdeathsig=KILL", "--"),  # where this process is killed, it is too
        *(unshare, *NAMESPACES, "--fork", "--kill-child", "--"),
        *(sh, "-c", ROOT.read_text(), ROOT.name, folder, node),
        *(*caps, "setpriv", *powers, "/node", *flags),
    ]


@cache
def _permission() -> str:
    """The flag of the permission model, which has another name since node 22.13 and 23.5."""
    asked = "process.allowedNodeEnvironmentFlags.has('--permission')"
    done = subprocess.run([compiler.NODE, "-p", asked], capture_output=True, text=True, check=True)
    return "--permission" if done.stdout.strip() == "true" else "--experimental-permission"


def _stop(group: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(group, signal.SIGKILL)

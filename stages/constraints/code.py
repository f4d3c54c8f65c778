"""Constraints on answers that are Python code: they run and pass tests."""

import marshal
import os
import re
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from threading import Event, Timer

FENCE = re.compile(r"```[^\n]*\n(.*?)```", re.S)
SECONDS = 5  # of CPU, so that a busy machine and an idle one come to the same result
WALL = 60  # seconds, for code that waits
MEMORY = 512 * 2**20  # bytes of address space
KEPT = 4096  # bytes of what the process reports

SCRIPT = Path(__file__).with_name("confined.py")
READY = "ready\n"
# Neither this environment nor installed packages. With a fixed seed, sets of texts have one order.
COMMAND = [sys.executable, "-s", "-P", "-S", "-B", "-X", "utf8"]
ENVIRONMENT = {"PYTHONHASHSEED": "0"}


def python(answer: str, tests: str) -> str | None:
    """The answer's first code block, or the whole answer without one, runs and passes the tests.

    Both run in a process of their own, as `__main__`, with the standard library alone, in an empty
    temporary folder, without input, output or environment variables. Limited are CPU time, address
    space, open files and the size of files written. Refused are: to open a file for writing, to
    delete, rename or otherwise change one, sockets, databases, processes, threads, signals to
    others, and ctypes.

    This stops accidents and clumsy mischief. It is no sandbox: the code can read every file that
    this account can read, and code that is written to break out of Python (through a flaw of the
    interpreter, or through objects of the process itself, as `gc` lists them) can lift the refusals
    and also claim that it passed. Under a root account it can then undo the limits, too. Run the
    answers of a model that you do not trust inside a container or a virtual machine.

    Raises RuntimeError if the process did not start, which says nothing about the answer.
    """
    word = os.urandom(8).hex()  # what the answer cannot know, to say that the tests were reached
    order = marshal.dumps((block(answer), tests, word, SECONDS, MEMORY))
    status, report, late = _run(order)
    if not report.startswith(READY):
        why = (report.strip().splitlines() or ["no message"])[-1]
        raise RuntimeError(f"{SCRIPT}: did not start (status {status}): {why}")
    said = report.removeprefix(READY)
    return None if said == word else _failure(status, said, late)


def block(answer: str) -> str:
    """The code in the answer's first fence, or the whole answer if it has no closed fence."""
    found = FENCE.search(answer)
    return found.group(1) if found else answer


def _failure(status: int, said: str, late: bool) -> str:
    if late:
        return f"did not end within {WALL} s"
    if status == -signal.SIGXCPU:
        return f"used more than {SECONDS} s of CPU time"
    if status < 0:
        return f"failed: ended by signal {-status} ({signal.strsignal(-status)})"
    return said or "ended before the tests did"


def _run(order: bytes) -> tuple[int, str, bool]:
    """Exit status, what the process reported, and whether it had to be stopped by the clock."""
    late = Event()
    with (
        tempfile.TemporaryDirectory() as folder,
        subprocess.Popen(
            [*COMMAND, SCRIPT],
            cwd=folder,
            env=ENVIRONMENT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        ) as process,
    ):
        clock = Timer(WALL, _stop, [process.pid, late])
        clock.start()
        try:
            with suppress(BrokenPipeError):  # a process that did not start says why below
                process.stdin.write(order)
                process.stdin.close()
            report = process.stdout.read(KEPT)
            status = process.wait()
        finally:
            clock.cancel()
            if process.poll() is None:  # interrupted: it would outlive this
                _stop(process.pid, late)
    return status, report.decode(errors="replace"), late.is_set()


def _stop(group: int, late: Event) -> None:
    late.set()
    with suppress(ProcessLookupError):
        os.killpg(group, signal.SIGKILL)

"""Constraints on answers that are Python code: they run and pass tests."""

import os
import re
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from threading import Timer

FENCE = re.compile(r"```[^\n]*\n(.*?)```", re.S)
SECONDS = 5
KEPT = 4096  # bytes of what the code writes to stderr
SHOWN = 160
# An answer that ends the program itself never gets here, so it does not pass by exit(0).
PASSED = 86


def python(answer: str, tests: str) -> str | None:
    """The answer's first code block, or the whole answer without one, runs and passes the tests.

    The code runs in a process of its own: an empty temporary folder, no input, no environment
    variables, a time limit, and its output is dropped but for the end of stderr. That is no
    sandbox: it can still read and write files, use the network and take all memory. It is meant
    for the data of this repository, which people have read; a model's output needs more care.
    """
    if "\0" in answer:
        return "failed: a NUL character is no Python"
    status, said = _run(f"{block(answer)}\n\n{tests}\n\nraise SystemExit({PASSED})\n")
    if status == PASSED:
        return None
    if status == -signal.SIGKILL:
        return f"did not end within {SECONDS} s"
    if status == 0:
        return "ended before the tests did"
    return f"failed: {(said.strip().splitlines() or ['no message'])[-1][:SHOWN]}"


def block(answer: str) -> str:
    """The code in the answer's first fence, or the whole answer if it has no closed fence."""
    found = FENCE.search(answer)
    return found.group(1) if found else answer


def _run(source: str) -> tuple[int, str]:
    """Exit status and the end of stderr; when time is up, it is killed with its children."""
    with (
        tempfile.TemporaryDirectory() as folder,
        subprocess.Popen(
            [sys.executable, "-I", "-c", source],
            cwd=folder,
            env={},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,
        ) as process,
    ):
        clock = Timer(SECONDS, _kill, [process.pid])
        clock.start()
        said = b""
        while chunk := process.stderr.read1(KEPT):
            said = (said + chunk)[-KEPT:]
        status = process.wait()
        clock.cancel()
    return status, said.decode(errors="replace")


def _kill(group: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(group, signal.SIGKILL)

"""Try the chat template of a base on a small chat before anything is rendered with it.

A template is a program that comes with the base. transformers shuts it off from Python, but not
from time and memory; so it is first run in a process of its own, with little of both.
"""

import signal
import subprocess
import sys
from pathlib import Path

from stages.command import UserError, brief

SECONDS = 5  # of processor time; an honest template takes a thousandth
MEMORY = 1 << 30  # bytes, beyond those of the libraries
LONGEST = 100_000  # characters that a chat of three short messages may become
PATIENCE = 300  # seconds until the process is given up: importing may be slow, waiting is not it
TRIAL = Path(__file__).with_name("chat_trial.py")


def check(folder: Path, name: str) -> None:
    """Raise UserError where tokenizer or chat template of the base `name` can't be used.

    No chat template is none to be refused: there are plain-text formats.
    """
    limits = map(str, (SECONDS, MEMORY, LONGEST))
    command = [sys.executable, "-I", str(TRIAL), str(folder), *limits]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        raise UserError(f"base {name}: its tokenizer takes more than {PATIENCE} s") from None
    if done.returncode == -signal.SIGXCPU:
        raise UserError(
            f"base {name}: its chat template takes more than {SECONDS} s for three short messages; "
            "mend it, or choose another base"
        )
    if done.returncode:
        said = (done.stdout or done.stderr).strip().splitlines()
        found = said[-1] if said else f"its tokenizer ended with status {done.returncode}"
        raise UserError(f"base {name}: {brief(found, 400)}; mend it, or choose another base")

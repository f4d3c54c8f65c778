"""Turn a stage's `main` into a command: `--help`, one positional argument each, clear failures."""

import inspect
import logging
import sys
import traceback
from collections.abc import Callable
from typing import NoReturn

from stages import faults

# How much of a message's line, and how many calls of a bug's traceback are shown.
LONGEST, TRACED = 3000, 30

# Set on import: bitsandbytes warns, about a kernel that nobody asked for, while it is imported.
for library in ("bitsandbytes", "datasets", "filelock", "httpx", "transformers", "urllib3"):
    logging.getLogger(library).setLevel(logging.ERROR)


class UserError(Exception):
    """Something the user can mend. The message names the place, what was found and what to do."""


def first_line(error: Exception) -> str:
    """A library's error on one line: its type and the first line of what it says."""
    return f"{type(error).__name__}: {next(iter(str(error).splitlines()), 'no message')}"


def brief(text: str, limit: int = 200) -> str:
    """Someone's text on one line of limited length: a name in a file may be a book."""
    line = "".join(c if c.isprintable() else repr(c)[1:-1] for c in text[: limit + 1])
    return line if len(line) <= limit else f"{line[: limit - 1]}…"


def run(main: Callable[..., None]) -> None:
    """Call `main` with the command line's words; an error becomes one line and exit status 1.

    So does what no stage foresaw and a user can mend; behind a bug's line stands its traceback.

    A stage takes only its key. A word that starts with `--` becomes a keyword: `--new train`
    is passed as `new="train"`, so a script documents its options in its own docstring.
    """
    words = sys.argv[1:]
    doc = inspect.getmodule(main).__doc__ or ""
    if "-h" in words or "--help" in words:
        print(doc.strip())
        return
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    try:
        positional, options = _split(words)
        try:
            inspect.signature(main).bind(*positional, **options)
        except TypeError as error:
            raise UserError(f"{error}. {_usage(doc)}") from None
        main(*positional, **options)
    except UserError as error:
        _end(str(error))
    except KeyboardInterrupt:
        _end("interrupted", 130)
    except Exception as error:
        where = " ".join([_name(main), *words])
        known = faults.explain(error, _name(main))
        if known is None:
            _say(f"{where}: {faults.bug(error)}")
            # Its end: where a recursion went astray, there are thousands of lines
            traceback.print_exception(error, limit=-TRACED)
            raise SystemExit(1) from None
        _end(f"{where}: {known}")


def _name(main: Callable[..., None]) -> str:
    """The stage as it is called: `train` for `python -m stages.train`."""
    module = inspect.getmodule(main)
    name = module.__spec__.name if getattr(module, "__spec__", None) else module.__name__
    return name.removeprefix("stages.").removesuffix(".__main__")


def _say(message: str) -> None:
    lines = [line if len(line) <= LONGEST else f"{line[:LONGEST]}…" for line in message.split("\n")]
    print("error: " + "\n".join(lines), file=sys.stderr)


def _end(message: str, status: int = 1) -> NoReturn:
    _say(message)
    raise SystemExit(status) from None


def _split(words: list[str]) -> tuple[list[str], dict[str, str]]:
    positional, options = [], {}
    remaining = iter(words)
    for word in remaining:
        if not word.startswith("--"):
            positional.append(word)
            continue
        value = next(remaining, None)
        if value is None:
            raise UserError(f"option {word} needs a value")
        options[word[2:].replace("-", "_")] = value
    return positional, options


def _usage(doc: str) -> str:
    usage = [line.strip() for line in doc.splitlines() if line.strip().startswith("Usage:")]
    return usage[0] if usage else "See --help."

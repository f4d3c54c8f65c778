"""Turn a stage's `main` into a command: `--help`, one positional argument each, clear failures."""

import inspect
import logging
import sys
from collections.abc import Callable

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
    """Call `main` with the command line's words; a UserError becomes one line and exit status 1.

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
        print(f"error: {error}", file=sys.stderr)
        raise SystemExit(1) from None
    except OSError as error:  # a full disk, a read-only folder
        print(f"error: {error.filename or words}: {error.strerror or error}", file=sys.stderr)
        raise SystemExit(1) from None
    except KeyboardInterrupt:
        print("error: interrupted", file=sys.stderr)
        raise SystemExit(130) from None


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

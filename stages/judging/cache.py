"""Answers that are paid for, by the content of their question: one file each, outside DVC's outs.

The address of the server is part of a question: another server may have other weights under the
same name. An answer without a verdict is kept for people to read, but is asked for again by the
next run.
"""

import json
import os
import threading
from pathlib import Path
from typing import Any

from stages import paths, records
from stages.judging.client import Answer

FIELDS = {"text": str, "cut_off": bool, "tokens_in": int | None, "tokens_out": int | None}


def key(server: str, request: dict[str, Any], repetition: int) -> str:
    """SHA-256 of all that decides an answer; a repetition asks the same once more."""
    return records.digest({**request, "server": server, "repetition": repetition})


def load(question: str) -> Answer | None:
    """The answer under a key; None if there is none, or one that a dying machine left broken."""
    try:
        found = json.loads(_file(question).read_bytes())
        answer = Answer(**{name: found[name] for name in FIELDS})
    except (FileNotFoundError, ValueError, LookupError, TypeError):
        return None
    usable = all(isinstance(getattr(answer, name), kind) for name, kind in FIELDS.items())
    return answer if usable else None


def store(question: str, answer: Answer) -> None:
    """Write an answer whole or not at all, also beside another run that writes the same one."""
    file = _file(question)
    own = file.with_name(f"{file.name}.{os.getpid()}-{threading.get_ident()}")
    records.write_json(own, {name: getattr(answer, name) for name in FIELDS})
    os.replace(own, file)


def _file(question: str) -> Path:
    return paths.scratch() / "judge" / "answers" / question[:2] / f"{question}.json"

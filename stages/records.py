"""JSON and JSONL in and out; a bad row is reported as file:line:field."""

import hashlib
import json
import math
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from stages import lock
from stages.command import UserError

DEEPEST = 100  # levels; who writes or compares a row again goes down into each


def read(path: Path, fields: Mapping[str, type] | None = None) -> list[dict[str, Any]]:
    """Read a JSONL file into a list of objects.

    `fields` maps required field names to the type that each must have. Raises UserError with
    file, line and field for a truncated line, a wrong encoding, a missing field or a wrong type.
    """
    rows = []
    for place, row in located(path):
        for field, kind in (fields or {}).items():
            check_field(row, field, kind, place)
        rows.append(row)
    if not rows:
        raise UserError(f"{path}: the file has no rows; a JSONL file holds one object per line")
    return rows


def located(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each object of a JSONL file with its place, `file:line`; blank lines are passed over."""
    for number, line in enumerate(lines(path), start=1):
        if not line.strip():
            continue
        row = _parse(path, number, line)
        if not isinstance(row, dict):
            raise UserError(f"{path}:{number}: expected an object, found {type(row).__name__}")
        yield f"{path}:{number}", row


def lines(path: Path) -> list[str]:
    """The lines of a UTF-8 text file, split on line feeds alone, as JSONL is.

    Raises UserError for another encoding, and for an output that was altered behind DVC's back.
    """
    lock.verify(path)
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise UserError(f"{path}: no such file") from None
    except UnicodeDecodeError as error:
        number = path.read_bytes()[: error.start].count(b"\n") + 1
        raise UserError(
            f"{path}:{number}: not UTF-8 (byte 0x{error.object[error.start]:02x}); "
            f"convert it, for example with `iconv -t utf-8`"
        ) from None
    return text.split("\n")


def check_field(row: Mapping[str, Any], field: str, kind: Any, place: str) -> None:
    """Raise UserError unless `row[field]` is there and of type `kind`, such as `int | None`."""
    if field not in row:
        raise UserError(f"{place}:{field}: missing; the row has {', '.join(sorted(row)) or 'none'}")
    # Python counts True as an int; JSON does not.
    no_number = isinstance(row[field], bool) and kind in (int, int | None)
    if not isinstance(row[field], kind) or no_number:
        found = type(row[field]).__name__
        wanted = getattr(kind, "__name__", kind)
        raise UserError(f"{place}:{field}: expected {wanted}, found {found}")


def write(path: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    """Write rows as JSONL, whole or not at all."""
    write_text(path, "".join(dumps(row) + "\n" for row in rows))


def write_json(path: Path, value: Any) -> None:
    """Write one JSON value, indented and with sorted keys, whole or not at all.

    Its floats keep twelve digits: in the last ones processors differ, and the same answers would
    give other files.
    """
    write_text(path, dumps(_steady(value), indent=2) + "\n")


def _steady(value: Any) -> Any:
    if isinstance(value, float):
        return float(f"{value:.12g}")
    if isinstance(value, dict):
        return {key: _steady(item) for key, item in value.items()}
    return [_steady(item) for item in value] if isinstance(value, list | tuple) else value


def read_json(path: Path) -> Any:
    """Read one JSON file; UserError names the file and line where it does not parse."""
    return _parse(path, 1, "\n".join(lines(path)))


def read_object(path: Path, fields: Mapping[str, type]) -> dict[str, Any]:
    """Read a JSON file that holds one object; UserError names the field that is not as `fields`."""
    value = read_json(path)
    if not isinstance(value, dict):
        raise UserError(f"{path}: expected an object, found {type(value).__name__}")
    for field, kind in fields.items():
        check_field(value, field, kind, str(path))
    return value


def dumps(value: Any, indent: int | None = None) -> str:
    """Strict JSON: a NaN or an infinity is an error here, never a token in a file."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, sort_keys=True, indent=indent)


def write_text(path: Path, text: str) -> None:
    """Write through a temporary file in the same folder, so that a kill leaves the old file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.partial")
    try:
        with open(temporary, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except OSError as error:  # one of a full disk does not say what was written
        temporary.unlink(missing_ok=True)
        raise OSError(error.errno, error.strerror, str(path)) from None


def digest(value: Any) -> str:
    """SHA-256 of a value's canonical JSON."""
    return hashlib.sha256(dumps(value).encode()).hexdigest()


def check_unchanged(path: Path, sha256: str) -> None:
    """Raise UserError unless a file is the one that the plan saw."""
    if not path.exists() or file_digest(path) != sha256:
        raise UserError(f"{path}: changed since the plan was made; run `dvc repro`")


def file_digest(path: Path) -> str:
    """SHA-256 of a file's bytes."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def folder_digest(path: Path) -> str:
    """SHA-256 over the names and bytes of every file below `path`."""
    files = sorted(file for file in path.rglob("*") if file.is_file() and file.suffix != ".pyc")
    return digest([[file.relative_to(path).as_posix(), file_digest(file)] for file in files])


def _parse(path: Path, number: int, line: str) -> Any:
    try:
        value = json.loads(
            line, parse_constant=_refuse, parse_float=_finite, object_pairs_hook=_object
        )
        if "\\u" in line:  # half a surrogate pair is JSON, but no text that can be written again
            dumps(value).encode()
        if line.count("[") + line.count("{") > DEEPEST and _depth(value) > DEEPEST:
            raise RecursionError
    except ValueError as error:
        raise UserError(f"{path}:{number}: not JSON ({error})") from None
    except RecursionError:
        raise UserError(f"{path}:{number}: nested deeper than {DEEPEST} levels") from None
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose keys come once each: of two values for one key, either may be meant."""
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in found if keys.count(key) > 1)
        raise ValueError(f"the key {json.dumps(twice[:40])} comes twice in one object")
    return found


def _depth(value: Any) -> int:
    """How many lists and objects lie within each other."""
    depth, level = 0, [value]
    while level := [node for node in level if isinstance(node, dict | list)]:
        depth += 1
        level = [
            child for node in level for child in (node.values() if isinstance(node, dict) else node)
        ]
    return depth


def _refuse(token: str) -> None:
    raise ValueError(f"{token} is not strict JSON")


def _finite(token: str) -> float:
    return float(token) if math.isfinite(float(token)) else _refuse(token)

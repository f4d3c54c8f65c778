"""Examples from a JSONL, CSV or Parquet file, with a map from example fields to columns."""

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from stages import records
from stages.command import UserError
from stages.pinned import pinned
from stages.sources import columns as of
from stages.sources.example import identify

TEXTS = ("input", "target", "id", "origin")
CODE = "tests"
Located = Iterator[tuple[str, dict[str, Any]]]


def read(source: dict[str, Any]) -> list[dict[str, Any]]:
    """Read `source["path"]`, check its hash, and map its columns.

    Raises UserError as file:line:field for a bad row and for another hash than the pinned one.
    """
    path = Path(source["path"])
    if path.suffix not in READERS:
        choices = ", ".join(READERS)
        raise UserError(f"{path}: cannot read '{path.suffix}' files; choose one of {choices}")
    pinned(source["path"], source["sha256"])
    rows = of.chosen(READERS[path.suffix](path), source.get("where"), source["path"])
    examples = map_columns(rows, source["columns"], origin=path.stem)
    if not examples:
        raise UserError(f"{path}: the file has no rows")
    return examples


def map_columns(
    rows: Iterable[tuple[str, dict[str, Any]]], columns: dict[str, str | list[str]], origin: str
) -> list[dict[str, Any]]:
    """Turn located rows into examples. `columns` maps field -> column; other columns are dropped.

    A column within a column is named with a dot: `translation.en` (see stages/sources/columns.py).
    A field of several columns is the list of their texts; `tests` is one text, line by line.
    Without a column for the target it is the first of the `references`; without an `id` column the
    id is a hash of input and target. Raises UserError with the place.
    """
    needed = {"input"} if "references" in columns else {"input", "target"}
    missing = needed - set(columns)
    if missing:
        raise UserError(f"source.columns: no column is named for {', '.join(sorted(missing))}")
    examples = []
    absent = {name for names in columns.values() for name in _several(names)}
    for place, row in rows:
        absent = {name for name in absent if of.value(row, name) is of.ABSENT}
        example = {field: _field(row, field, named, place) for field, named in columns.items()}
        if "references" in columns:
            example["references"] = _references(example, f"{place}:references")
            example.setdefault("target", example["references"][0])
        example.setdefault("id", identify(example["input"], example["target"]))
        example.setdefault("origin", origin)
        examples.append(example)
    if examples and absent:
        raise UserError(f"{origin}: source.columns: no row has '{sorted(absent)[0]}'")
    return examples


def _several(named: str | list[str]) -> list[str]:
    return named if isinstance(named, list) else [named]


def _field(row: dict[str, Any], field: str, column: str | list[str], place: str) -> Any:
    """What a row has for a field; UserError where a field that each example needs has no text."""
    if field == CODE:
        return "\n".join(_texts(row, _several(column), place)) or None
    if isinstance(column, list):
        return _texts(row, column, place)
    found = of.value(row, column)
    if field in TEXTS:
        there = dict.fromkeys(of.names(row)) if found is of.ABSENT else {column: found}
        records.check_field(there, column, str, place)
        if not found.strip():
            raise UserError(f"{place}:{column}: empty")
    return _plain(None if found is of.ABSENT else found, f"{place}:{column}")


def _texts(row: dict[str, Any], named: list[str], place: str) -> list[str]:
    """The texts of several columns; those without one, of which a table may have some, left out."""
    found = [(name, of.value(row, name)) for name in named]
    for name, value in found:
        if value is not of.ABSENT and not isinstance(value, str | None):
            raise UserError(f"{place}:{name}: expected str, found {type(value).__name__}")
    return [value for _, value in found if isinstance(value, str) and value.strip()]


def _references(example: dict[str, Any], place: str) -> list[str]:
    """One column's list or the texts of several; UserError unless these are texts, at least one."""
    found = example["references"]
    found = [found] if isinstance(found, str) else found
    if not isinstance(found, list) or not all(isinstance(text, str) for text in found):
        raise UserError(f"{place}: expected a list of texts, found {type(found).__name__}")
    given = [text for text in found if text.strip()]
    if not given:
        raise UserError(f"{place}: no text in any of them")
    return given


def _plain(value: Any, place: str) -> Any:
    """The value itself; UserError where it could not be written: a NaN, a date, bytes."""
    try:
        records.dumps(value)
    except (TypeError, ValueError) as error:
        raise UserError(f"{place}: not a JSON value ({error})") from None
    return value


def _csv(path: Path) -> Located:
    reader = csv.DictReader((line + "\n" for line in records.lines(path)), strict=True)
    try:
        header = reader.fieldnames or []
        repeated = sorted({name for name in header if header.count(name) > 1})
        if repeated:
            raise UserError(f"{path}:1:{repeated[0]}: two columns have this name")
        for row in reader:
            place = f"{path}:{reader.line_num}"
            if None in row:
                raise UserError(f"{place}: more than the header's {len(header)} columns")
            cut = next((name for name in header if row[name] is None), None)
            if cut is not None:
                raise UserError(f"{place}:{cut}: missing; the row ends before it")
            yield place, row
    except csv.Error as error:
        # DictReader counts the lines of whole rows; the broken one starts behind them.
        raise UserError(f"{path}:{reader.line_num + 1}: not CSV ({error})") from None


def _parquet(path: Path) -> Located:
    from pyarrow import parquet  # takes a quarter of a second, so only where it is used

    try:
        rows = parquet.ParquetFile(path).read().to_pylist()
    except (OSError, ValueError) as error:
        raise UserError(f"{path}: not Parquet ({error})") from None
    for number, row in enumerate(rows, start=1):
        yield f"{path}:row {number}", row


READERS = {".jsonl": records.located, ".csv": _csv, ".parquet": _parquet}

"""What a row has under a name; `translation.en` is `en` within the column `translation`."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from stages.command import UserError

ABSENT = object()


def value(row: Mapping[str, Any], column: str) -> Any:
    """The value under a name, ABSENT without one. A column that is called so itself comes first."""
    if column in row:
        return row[column]
    for at, sign in enumerate(column):
        inner = row.get(column[:at]) if sign == "." else None
        found = value(inner, column[at + 1 :]) if isinstance(inner, Mapping) else ABSENT
        if found is not ABSENT:
            return found
    return ABSENT


def names(row: Mapping[str, Any]) -> Iterator[str]:
    """The names under which a row has values; of a column with columns in it, theirs."""
    for name, inner in row.items():
        if isinstance(inner, Mapping) and inner:
            yield from (f"{name}.{below}" for below in names(inner))
        else:
            yield name


def chosen(
    rows: Iterable[tuple[str, dict[str, Any]]], where: Mapping[str, Any] | None, name: str
) -> Iterator[tuple[str, dict[str, Any]]]:
    """The located rows that have these values in these columns; all of them without `where`.

    Raises UserError where no row has, with what the rows have in place of it.
    """
    wanted, others, seen, kept = where or {}, {}, False, False
    for place, row in rows:
        found, seen = {column: value(row, column) for column in wanted}, True
        if found == wanted:
            kept = True
            yield place, row
        for column, there in found.items():
            if there != wanted[column] and there is not ABSENT and len(others) < 4:
                others.setdefault(f"{column}: {there!r:.40}")
    if seen and not kept:
        asked = ", ".join(f"{column}: {sought!r}" for column, sought in wanted.items())
        has = f"rows have {', '.join(others)}" if others else "no row has such a column"
        raise UserError(f"{name}: source.where: no row has {asked}; {has}")

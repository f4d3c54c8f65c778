"""What a row has under a name; `translation.en` is `en` within the column `translation`."""

from collections.abc import Iterator, Mapping
from typing import Any

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

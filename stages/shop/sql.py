"""Ask a shop's database one SELECT that somebody else wrote, and compare two answers.

Nothing that the text says changes anything: each question gets a copy of the database in memory,
opened with query_only, an authorizer that lets a SELECT read the shop's tables and call the listed
functions, and one statement. Whatever could make two equal runs differ (the clock, random numbers,
the SQLite version) is not among the functions, and limits count SQLite's own steps, not seconds.
"""

import re
import sqlite3
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from stages.shop import database as shops
from stages.shop.database import TABLES

LONGEST_SQL = 1_000  # characters, and bytes of any one value
MOST_ROWS = 200
MOST_CHARACTERS = 20_000
# The dearest reference query takes 33,000 steps on 1,600 orders.
STEPS_A_CALL = 10_000
MOST_CALLS = 100
OTHER_SEEDS = (1_000_003, 2_000_003)  # added to a shop's own, for two more shops

FUNCTIONS = frozenset(
    ("abs", "avg", "cast", "ceil", "ceiling", "coalesce", "count", "dense_rank", "first_value",
     "floor", "glob", "group_concat", "ifnull", "iif", "instr", "lag", "last_value", "lead",
     "length", "like", "lower", "ltrim", "max", "min", "nth_value", "ntile", "nullif", "rank",
     "replace", "round", "row_number", "rtrim", "sign", "substr", "substring", "sum", "total",
     "trim", "upper")
)  # fmt: skip
HIDDEN = ("sqlite_", "pragma_", "json_")  # how names of tables begin that are not the shop's
LIMITS = {
    sqlite3.SQLITE_LIMIT_LENGTH: LONGEST_SQL,
    sqlite3.SQLITE_LIMIT_SQL_LENGTH: 4 * LONGEST_SQL,
    sqlite3.SQLITE_LIMIT_COLUMN: 50,
    sqlite3.SQLITE_LIMIT_EXPR_DEPTH: 100,
    sqlite3.SQLITE_LIMIT_COMPOUND_SELECT: 10,
    sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH: 50,
    sqlite3.SQLITE_LIMIT_ATTACHED: 0,
    sqlite3.SQLITE_LIMIT_WORKER_THREADS: 0,
}


@dataclass(frozen=True)
class Answer:
    """The rows that a query gave, or why it gave none: one of the two is None."""

    rows: tuple[tuple, ...] | None
    error: str | None


def ask(database: Mapping[str, Any], sql: str) -> Answer:
    """What the shop {"seed", "customers"} answers to `sql`; raises nothing, whatever the text.

    An error are: anything but one SELECT or WITH … SELECT, more than a million steps of SQLite's
    machine, 200 rows or 20,000 characters of result, and whatever SQLite itself refuses.
    """
    if len(sql) > LONGEST_SQL:
        return Answer(None, f"longer than {LONGEST_SQL} characters")
    if not re.match(r"\s*(select|with)\b", sql, re.I):
        return Answer(None, "not a SELECT")
    connection = _opened(shops.file(database))
    try:
        found = connection.execute(sql).fetchmany(MOST_ROWS + 1)
    # Warning: a second statement. ValueError: NUL, surrogates. The others: what no test foresaw.
    except (sqlite3.Error, sqlite3.Warning, ValueError, MemoryError, OverflowError) as error:
        return Answer(None, " ".join(f"{error}".split())[:200] or type(error).__name__)
    finally:
        connection.close()
    if len(found) > MOST_ROWS:
        return Answer(None, f"more than {MOST_ROWS} rows")
    if sum(len(str(value)) for row in found for value in row) > MOST_CHARACTERS:
        return Answer(None, f"more than {MOST_CHARACTERS} characters")
    return Answer(tuple(found), None)


def same(one: Answer, other: Answer, ordered: bool) -> bool:
    """Whether both have the same rows: in any order or, if `ordered`, in the same.

    Numbers are compared after rounding to 2 decimals, names of columns not at all. An answer with
    an error is the same as none.
    """
    if one.rows is None or other.rows is None:
        return False
    left, right = ([rounded(row) for row in answer.rows] for answer in (one, other))
    return left == right if ordered else Counter(left) == Counter(right)


def other_shops(database: Mapping[str, Any]) -> list[dict[str, int]]:
    """Two more shops of the same size, with which a query that is right by chance is found out."""
    return [
        {"seed": database["seed"] + more, "customers": database["customers"]}
        for more in OTHER_SEEDS
    ]


def _opened(content: bytes) -> sqlite3.Connection:
    # Without a cache of statements, since a repeated one would count its steps on.
    connection = sqlite3.connect(":memory:", cached_statements=0)
    connection.deserialize(content)
    connection.execute("PRAGMA query_only = 1")
    connection.execute("PRAGMA trusted_schema = 0")
    for limit, most in LIMITS.items():
        connection.setlimit(limit, most)
    connection.set_authorizer(_allowed)
    calls = iter(range(MOST_CALLS))
    connection.set_progress_handler(lambda: next(calls, None) is None, STEPS_A_CALL)
    return connection


def _allowed(action: int, one: str | None, two: str | None, *_: str | None) -> int:
    if action == sqlite3.SQLITE_SELECT:
        return sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_FUNCTION and two and two.lower() in FUNCTIONS:
        return sqlite3.SQLITE_OK
    # Counting the rows of a WITH reads no column of it, under a name of the query's own.
    counted = two == "" and one and not one.lower().startswith(HIDDEN)
    if action == sqlite3.SQLITE_READ and (one in TABLES or counted):
        return sqlite3.SQLITE_OK
    return sqlite3.SQLITE_DENY


def rounded(row: tuple) -> tuple:
    """Numbers to two decimals, for comparison."""
    return tuple(round(value, 2) if isinstance(value, float) else value for value in row)

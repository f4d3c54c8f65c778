"""The share of queries that answer as the reference does, also on shops that no reward has seen.

On one shop a query may be right by luck: a number that fits, a filter that happens to change
nothing. On others, with other customers and orders, it is not.
"""

from collections.abc import Mapping
from typing import Any

from stages.metrics.of_task import metric
from stages.rewards.sql_qa import TASK, ask
from stages.shop import sql


def holds(row: Mapping[str, Any]) -> bool:
    """Whether the query answers as the reference on the question's shop and on all others."""
    facts = row["facts"]
    return all(
        sql.same(ask(shop, row["text"]), ask(shop, facts["sql"]), facts["ordered"])
        for shop in [facts["database"], *sql.other_shops(facts["database"])]
    )


def _signature() -> str:
    import sqlite3

    return f"sql_equivalent|sqlite:{sqlite3.sqlite_version}|rows:same|round:2|rule:1"


SQL_EQUIVALENT = metric("queries right on other shops", TASK, holds, _signature())

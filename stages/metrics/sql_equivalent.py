"""The share of queries that answer as the reference does, also on shops that no reward has seen.

On one shop a query may be right by luck: a number that fits, a filter that happens to change
nothing. On others, with other customers and orders, it is not.
"""

import sqlite3
from collections.abc import Mapping
from typing import Any

from stages.metrics.of_task import metric
from stages.rewards.sql_qa import TASK, ask
from stages.shop import sql


def holds(row: Mapping[str, Any]) -> bool | None:
    """Whether the query answers as the reference on the question's shop and on all others.

    None where the reference finds nothing in any of them: whatever finds nothing would be right.
    """
    facts = row["facts"]
    shops = [facts["database"], *sql.other_shops(facts["database"])]
    true = [ask(shop, facts["sql"]) for shop in shops]
    if not any(answer.rows for answer in true):
        return None
    return all(
        sql.same(ask(shop, row["text"]), answer, facts["ordered"])
        for shop, answer in zip(shops, true, strict=True)
    )


SQL_EQUIVALENT = metric(
    "queries right on other shops",
    TASK,
    holds,
    f"sql_equivalent|sqlite:{sqlite3.sqlite_version}|shops:3|round:2|rule:1",
)

"""The reward of `sql_qa`: a question becomes a query, and what it answers is compared."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from stages.rewards.parsing import unfenced
from stages.shop import sql

TASK = "sql_qa"
RUNS = 0.1  # what a query gets for running at all
CLOSE = 0.6  # what its rows can add, unless they are the true answer


def reward(
    completions: Sequence[str],
    *,
    category: Sequence[str],
    facts: Sequence[Mapping[str, Any]],
    **_: Any,
) -> list[float | None]:
    """1 for the reference's answer on the shop of the question; else 0.1 + 0.6 * F1 of the rows.

    0 for what is refused (anything but one SELECT), fails or exceeds the limits. F1 is that of the
    two answers' rows as multisets, numbers rounded to two decimals: a query that returns everything
    has little of it. One code fence around the query is left out.
    """
    rows = zip(completions, category, facts, strict=True)
    return [_score(text, of) if task == TASK else None for text, task, of in rows]


def _score(text: str, facts: Mapping[str, Any]) -> float:
    found, true = (ask(facts["database"], query) for query in (text, facts["sql"]))
    if found.rows is None:
        return 0.0
    if sql.same(found, true, facts["ordered"]):
        return 1.0
    return RUNS + CLOSE * _overlap(found.rows, true.rows or ())


def ask(database: Mapping[str, Any], text: str) -> sql.Answer:
    """What the query in a text answers on a shop; each is run once."""
    return _asked(json.dumps(database, sort_keys=True), unfenced(text))


@lru_cache(maxsize=4096)  # a training run asks the references again and again
def _asked(database: str, query: str) -> sql.Answer:
    return sql.ask(json.loads(database), query)


def _overlap(found: Sequence[tuple], true: Sequence[tuple]) -> float:
    """F1 of two multisets of rows."""
    one, other = (Counter(map(sql.rounded, rows)) for rows in (found, true))
    return 2 * (one & other).total() / max(1, one.total() + other.total())

"""Queries that are right on every shop as a table of cases."""

import pytest

from stages.metrics import METRICS
from stages.rewards import score
from stages.shop import sql
from tests.rewards.examples import EXTRACTION, SHOP, SQL, SQL_QA

ROWS = sql.ask(SHOP, SQL).rows
LEARNED = " UNION ALL ".join(f"SELECT '{state}', {count}" for state, count in ROWS)
# metric, what, answer, expected
CASES = [
    ("sql_equivalent", "the reference", SQL, 1),
    ("sql_equivalent", "in a fence", f"```sql\n{SQL};\n```", 1),
    ("sql_equivalent", "other words for it", SQL.replace("COUNT(*)", "COUNT(status)"), 1),
    ("sql_equivalent", "another order", f"SELECT * FROM ({SQL}) ORDER BY n, state DESC", 0),
    ("sql_equivalent", "a filter less", SQL.replace("= 'entregue'", "> ''"), 0),
    ("sql_equivalent", "the answer on one shop by heart", LEARNED, 0),
    ("sql_equivalent", "everything", "SELECT * FROM orders_enriched LIMIT 200", 0),
    ("sql_equivalent", "no rows", "SELECT 1 WHERE 0", 0),
    ("sql_equivalent", "no query", SQL_QA["input"], 0),
    ("sql_equivalent", "a table dropped", "DROP TABLE orders", 0),
    ("sql_equivalent", "nothing", "", 0),
]


@pytest.mark.parametrize(
    ("name", "what", "text", "expected"), CASES, ids=[case[1] for case in CASES]
)
def test_sql_equivalent(name, what, text, expected, make_row):
    assert METRICS[name].statistics([make_row(text, **SQL_QA)]) == [[expected, 1]]


def test_what_is_known_by_heart_is_rewarded_and_found_out(make_row):
    row = make_row(LEARNED, **SQL_QA)
    assert score([row]) == [1]
    assert METRICS["sql_equivalent"].statistics([row]) == [[0, 1]]


def test_two_answers_without_rows_are_no_evidence(make_row):
    nobody = "SELECT name FROM customers WHERE name = ''"
    row = make_row("SELECT 1 WHERE 0", **SQL_QA | {"facts": SQL_QA["facts"] | {"sql": nobody}})
    assert METRICS["sql_equivalent"].statistics([row]) == [None]


def test_rows_of_other_tasks_and_studies_are_unscored(make_row):
    rows = [make_row(SQL, **EXTRACTION), make_row(SQL, "")]
    assert METRICS["sql_equivalent"].statistics(rows) == [None] * 2

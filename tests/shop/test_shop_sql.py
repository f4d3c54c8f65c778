"""SQL that somebody else wrote: what is answered, what is refused, and that nothing changes."""

import sqlite3

import pytest

from stages.shop import database
from stages.shop.sql import MOST_CALLS, Answer, _opened, ask, other_shops, same

SHOP = {"seed": 7, "customers": 40}
ALL = "SELECT (SELECT COUNT(*) FROM {}), (SELECT COUNT(*) FROM {})"
ENDLESS = "WITH RECURSIVE t(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM t) SELECT MAX(x) FROM t"

ANSWERED = [
    ("SELECT COUNT(*) FROM orders_enriched", ((160,),)),
    (" select count(*)\nfrom Orders_Enriched ; ", ((160,),)),
    ("SELECT COUNT(*) FROM orders -- all of them", ((160,),)),
    ("WITH t AS (SELECT * FROM orders_enriched) SELECT COUNT(*) FROM t", ((160,),)),
    ("SELECT COUNT(*) FROM customers c JOIN orders o ON o.customer_id = c.id", ((160,),)),
    ("SELECT 1 UNION SELECT 2 ORDER BY 1 DESC", ((2,), (1,))),
    ("SELECT COUNT(*) FROM orders_enriched WHERE state = 'XX'", ((0,),)),
    ("SELECT state FROM orders_enriched WHERE state = 'XX'", ()),
    ("SELECT ROUND(2.345, 2), UPPER('a'), COALESCE(NULL, 'ç')", ((2.35, "A", "ç"),)),
    ("SELECT RANK() OVER (ORDER BY id) FROM products LIMIT 2", ((1,), (2,))),
    ("SELECT CASE WHEN 'São' LIKE 's%' THEN 1 END", ((1,),)),
]

REFUSED = [
    "",
    "SELECT",
    "Quantos pedidos houve?",
    "INSERT INTO orders DEFAULT VALUES",
    "UPDATE orders SET total = 0",
    "DELETE FROM orders",
    "DROP TABLE orders",
    "DROP VIEW orders_enriched",
    "CREATE TABLE x (y)",
    "REPLACE INTO orders (id) VALUES (1)",
    "WITH t AS (SELECT 1) DELETE FROM orders",
    "WITH t AS (SELECT 1) INSERT INTO orders (id) SELECT 9 FROM t",
    "ATTACH 'x.db' AS x",
    "VACUUM INTO 'x.db'",
    "PRAGMA query_only = 0",
    "SELECT * FROM pragma_query_only",
    "SELECT COUNT(*) FROM pragma_table_info('orders')",
    "BEGIN",
    "EXPLAIN SELECT 1",
    "VALUES (1)",
    "SELECT 1; SELECT 2",
    "SELECT 1; DROP TABLE orders",
    "SELECT load_extension('x')",
    "SELECT readfile('/etc/hostname')",
    "SELECT writefile('x', 'y')",
    "SELECT randomblob(2000000000)",
    "SELECT zeroblob(2000000000)",
    "SELECT printf('%2000000000d', 1)",
    "SELECT random()",
    "SELECT state FROM orders_enriched ORDER BY RANDOM()",
    "SELECT date('now')",
    "SELECT datetime()",
    "SELECT strftime('%s', 'n' || 'ow')",
    "SELECT CURRENT_TIMESTAMP",
    "SELECT sqlite_version()",
    "SELECT name FROM sqlite_master",
    "SELECT COUNT(*) FROM sqlite_schema",
    "SELECT value FROM json_each('[1]')",
    ENDLESS,
    "SELECT COUNT(*) FROM orders a, orders b, orders c, orders d, orders e",
    "SELECT * FROM orders_enriched a, orders_enriched b ORDER BY a.customer || b.customer",
    "SELECT * FROM orders_enriched a, orders_enriched b",
    "SELECT a.text FROM reviews a, reviews b LIMIT 200",
    "SELECT GROUP_CONCAT(text) FROM reviews",
    f"SELECT '{'é' * 999}'",
    f"SELECT {'(' * 400}1{')' * 400}",
    f"SELECT 1{'+1' * 400}",
    f"SELECT {','.join('1' * 200)}",
    "SELECT '" + "x" * 10_000_000 + "'",
    "SELECT 'a\0b'",
    "SELECT '\ud800'",
    "SELECT CAST(x'ff' AS TEXT)",
    "SELECT SUM(9223372036854775807) FROM orders",
    "SELECT missing FROM orders_enriched",
    "SELECT * FROM missing",
    "SELECT ?",
    "SELECT :name",
    "SELECT (SELECT state FROM orders_enriched",
]


@pytest.mark.parametrize(("sql", "rows"), ANSWERED)
def test_select_is_answered(sql, rows):
    assert ask(SHOP, sql) == Answer(rows, None)


@pytest.mark.parametrize("sql", REFUSED, ids=lambda sql: ascii(sql[:40]))
def test_anything_else_is_refused_and_changes_nothing(sql, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    before = database.file(SHOP)
    found = ask(SHOP, sql)
    assert found.rows is None
    assert found.error
    assert "\n" not in found.error
    assert database.file(SHOP) == before
    assert ask(SHOP, "SELECT COUNT(*) FROM orders") == Answer(((160,),), None)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("sql", ["SELECT * FROM orders a, orders b, orders c", ENDLESS])
def test_refusal_is_the_same_every_time(sql):
    assert ask(SHOP, sql) == ask(SHOP, sql)


def test_steps_are_counted_and_not_seconds():
    """What takes a little less than the budget is answered, however often it was asked before."""
    rows = [f"(SELECT 1 FROM products LIMIT {n})" for n in (40, 40, 40)]
    sql = f"SELECT COUNT(*) FROM {', '.join(rows)}"
    assert [ask(SHOP, sql) for _ in range(MOST_CALLS // 20)] == [ask(SHOP, sql)] * 5
    assert ask(SHOP, sql).rows == ((64_000,),)


@pytest.mark.parametrize(
    "sql",
    ["DELETE FROM orders", "PRAGMA query_only = 0", "CREATE TEMP TABLE x (y)", "ATTACH '' AS x"],
)
def test_connection_itself_refuses_writes(sql):
    """Were the text let through, the authorizer would still say no."""
    connection = _opened(database.file(SHOP))
    with pytest.raises(sqlite3.DatabaseError):
        connection.execute(sql)
    connection.set_authorizer(None)
    if not sql.startswith(("PRAGMA", "ATTACH")):
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            connection.execute("DELETE FROM orders")
    connection.close()


def rows(*found):
    return Answer(found, None)


@pytest.mark.parametrize(
    ("one", "other", "in_order", "in_any"),
    [
        (rows((1,), (2,)), rows((1,), (2,)), True, True),
        (rows((1,), (2,)), rows((2,), (1,)), False, True),
        (rows((1,), (1,), (2,)), rows((1,), (2,), (2,)), False, False),
        (rows((1,), (1,)), rows((1,)), False, False),
        (rows((2.0,)), rows((2,)), True, True),
        (rows((2.344,)), rows((2.3401,)), True, True),
        (rows((2.34,)), rows((2.36,)), False, False),
        (rows(("SP", 1)), rows((1, "SP")), False, False),
        (rows(("SP",)), rows(("sp",)), False, False),
        (rows((None,)), rows((None,)), True, True),
        (rows((None,)), rows((0,)), False, False),
        (rows((1, "a"), ("b", None)), rows(("b", None), (1, "a")), False, True),
        (rows((float("inf"),)), rows((float("inf"),)), True, True),
        (rows(), rows(), True, True),
        (Answer(None, "no"), Answer(None, "no"), False, False),
        (Answer(None, "no"), rows(), False, False),
    ],
)
def test_same(one, other, in_order, in_any):
    assert same(one, other, ordered=True) is in_order
    assert same(one, other, ordered=False) is in_any
    assert same(other, one, ordered=False) is in_any


def test_other_shops_are_two_more_of_the_same_size():
    found = other_shops(SHOP)
    assert len({shop["seed"] for shop in [SHOP, *found]}) == 3
    assert {shop["customers"] for shop in found} == {40}
    sales = [ask(shop, "SELECT SUM(total) FROM orders") for shop in [SHOP, *found]]
    assert len(set(sales)) == 3

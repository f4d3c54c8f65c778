"""The shop's database: the same bytes for a seed, and content that hangs together."""

import hashlib
import os
import sqlite3
import subprocess
import sys

import pytest

from stages.shop import database
from stages.shop.catalogue import (
    CATEGORIES,
    COMPLAINTS,
    NO_COMPLAINT,
    PARTS,
    SENTIMENTS,
    STATES,
    STATUSES,
    part_of,
)
from tests.conftest import ROOT

SMALL = {"seed": 7, "customers": 40}
CODE = """
import sys
from stages.shop import database
sys.stdout.buffer.write(database.file({"seed": 7, "customers": 40}))
"""


@pytest.fixture
def connection():
    opened = sqlite3.connect(":memory:")
    opened.deserialize(database.file(SMALL))
    yield opened
    opened.close()


@pytest.mark.parametrize("hashed", ["0", "1", "77"])
def test_same_seed_same_bytes_in_any_process(hashed):
    environment = {**os.environ, "PYTHONHASHSEED": hashed}
    command = [sys.executable, "-c", CODE]
    made = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=True)
    assert hashlib.sha256(made.stdout).digest() == hashlib.sha256(database.file(SMALL)).digest()


@pytest.mark.parametrize("other", [{"seed": 8}, {"customers": 41}])
def test_another_setting_is_another_shop(other):
    assert database.file({**SMALL, **other}) != database.file(SMALL)


# a query and its one value
COUNTS = [
    ("SELECT COUNT(*) FROM customers", 40),
    ("SELECT COUNT(DISTINCT name) FROM customers", 40),
    ("SELECT COUNT(*) FROM products", 40),
    ("SELECT COUNT(*) FROM orders", 160),
    ("SELECT COUNT(*) FROM orders_enriched", 160),
    ("SELECT COUNT(*) FROM orders WHERE date NOT BETWEEN '2025-01-01' AND '2025-12-31'", 0),
    ("SELECT COUNT(*) FROM orders WHERE (days IS NULL) = (status IN ('entregue', 'devolvido'))", 0),
    ("SELECT COUNT(*) FROM reviews JOIN orders o ON o.id = order_id WHERE o.days IS NULL", 0),
    ("SELECT COUNT(*) FROM reviews WHERE score NOT BETWEEN 0 AND 5", 0),
    ("SELECT COUNT(*) FROM reviews WHERE round(score, 1) != score", 0),
    ("SELECT COUNT(*) FROM reviews WHERE sentiment = 'positivo' AND score < 3.8", 0),
    ("SELECT COUNT(*) FROM reviews WHERE sentiment = 'neutro' AND abs(score - 3) > 0.51", 0),
    ("SELECT COUNT(*) FROM reviews WHERE sentiment = 'negativo' AND score > 2.2", 0),
    ("SELECT COUNT(*) FROM reviews WHERE sentiment = 'negativo' AND complaint = 'nenhuma'", 0),
    ("SELECT COUNT(*) FROM orders o JOIN products p ON p.id = product_id"
     " WHERE abs(total - quantity * price) > 0.001", 0),
]  # fmt: skip


@pytest.mark.parametrize(("query", "value"), COUNTS)
def test_content_hangs_together(connection, query, value):
    assert connection.execute(query).fetchone() == (value,)


@pytest.mark.parametrize(
    ("column", "known"),
    [
        ("state", STATES),
        ("category", CATEGORIES),
        ("status", STATUSES),
        ("sentiment", SENTIMENTS),
        ("complaint", (*COMPLAINTS, NO_COMPLAINT)),
        ("month", range(1, 13)),
    ],
)
def test_view_holds_the_known_values(connection, column, known):
    found = {row[0] for row in connection.execute(f"SELECT {column} FROM orders_enriched")}
    assert found - {None} <= set(known)
    assert len(found) > 2


def test_columns_are_the_view_s(connection):
    named = connection.execute("SELECT * FROM orders_enriched").description
    assert tuple(column[0] for column in named) == database.COLUMNS


def test_every_part_has_customers():
    assert {part_of(customer.id) for customer in database.shop(7, 40).customers} == set(PARTS)


def test_review_names_customer_product_and_score():
    for order in database.shop(7, 40).orders:
        if order.review:
            text, score = order.review.text, order.review.score
            assert order.customer.name in text
            assert database.PRODUCTS[order.product].name in text
            assert f"{score:.1f}".replace(".", ",") in text or f"{score:.0f}" in text
            assert order.review.template.startswith(f"{order.part}-")

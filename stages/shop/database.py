"""The shop's content from a seed, and the same as the bytes of a SQLite file."""

import datetime
import functools
import random
import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from stages.shop import reviews
from stages.shop.catalogue import (
    CATEGORIES,
    COMPLAINTS,
    FEMALE,
    MALE,
    NO_COMPLAINT,
    PRODUCTS,
    PROMISED_DAYS,
    STATES,
    STATUSES,
    SURNAMES,
    part_of,
)

ORDERS_EACH = 4
FIRST_DAY = datetime.date(2025, 1, 1)
SCHEMA = """
CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT, state TEXT);
CREATE TABLE products (id INTEGER PRIMARY KEY, name TEXT, category TEXT, price REAL);
CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER, product_id INTEGER, date TEXT,
    status TEXT, quantity INTEGER, total REAL, days INTEGER);
CREATE TABLE reviews (order_id INTEGER PRIMARY KEY, score REAL, sentiment TEXT, complaint TEXT,
    text TEXT);
CREATE VIEW orders_enriched AS
SELECT c.name AS customer, c.state, p.name AS product, p.category,
    CAST(substr(o.date, 6, 2) AS INTEGER) AS month, o.status, o.quantity, o.total, o.days,
    r.score, r.sentiment, r.complaint
FROM orders o JOIN customers c ON c.id = o.customer_id JOIN products p ON p.id = o.product_id
LEFT JOIN reviews r ON r.order_id = o.id;
"""
TABLES = ("customers", "products", "orders", "reviews", "orders_enriched")
COLUMNS = (
    "customer", "state", "product", "category", "month", "status",
    "quantity", "total", "days", "score", "sentiment", "complaint",
)  # fmt: skip


class Customer(NamedTuple):
    id: int
    name: str
    state: str


class Order(NamedTuple):
    id: int
    customer: Customer
    product: int  # its place in PRODUCTS, from 0
    date: str
    status: str
    quantity: int
    total: float
    days: int | None  # until delivery; None if there was none
    review: reviews.Review | None

    @property
    def part(self) -> str:
        return part_of(self.customer.id)


class Shop(NamedTuple):
    customers: list[Customer]
    prices: list[float]  # reais, as PRODUCTS
    orders: list[Order]


@functools.cache
def shop(seed: int, customers: int) -> Shop:
    """The content of the shop: customers, prices, and four orders a customer, by date."""
    rng = random.Random(f"shop {seed}")
    people = _people(rng, customers)
    prices = [round(product.price * rng.uniform(0.8, 1.25)) - 0.1 for product in PRODUCTS]
    moods = _moods(rng)
    days = sorted(rng.randrange(365) for _ in range(customers * ORDERS_EACH))
    orders = [
        _order(rng, seed, number, people, prices, moods, day)
        for number, day in enumerate(days, start=1)
    ]
    return Shop(people, prices, orders)


def file(database: Mapping[str, Any]) -> bytes:
    """The shop of a setting {"seed", "customers"} as the bytes of a SQLite file."""
    return _file(database["seed"], database["customers"])


@functools.cache
def _file(seed: int, customers: int) -> bytes:
    content = shop(seed, customers)
    connection = sqlite3.connect(":memory:")
    connection.executescript(SCHEMA)
    connection.executemany("INSERT INTO customers VALUES (?, ?, ?)", content.customers)
    products = [
        (number, product.name, product.category, price)
        for number, (product, price) in enumerate(
            zip(PRODUCTS, content.prices, strict=True), start=1
        )
    ]
    connection.executemany("INSERT INTO products VALUES (?, ?, ?, ?)", products)
    rows = [(o.id, o.customer.id, o.product + 1, *o[3:8]) for o in content.orders]
    connection.executemany("INSERT INTO orders VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)
    said = [
        (o.id, o.review.score, o.review.sentiment, o.review.complaint, o.review.text)
        for o in content.orders
        if o.review
    ]
    connection.executemany("INSERT INTO reviews VALUES (?, ?, ?, ?, ?)", said)
    connection.commit()
    try:
        return connection.serialize()
    finally:
        connection.close()


def _people(rng: random.Random, count: int) -> list[Customer]:
    """As many different names as wanted, each with a state."""
    names = rng.sample(
        [f"{first} {last}" for first in (*FEMALE, *MALE) for last in SURNAMES], count
    )
    states = rng.choices(list(STATES), list(STATES.values()), k=count)
    return [Customer(i, *both) for i, both in enumerate(zip(names, states, strict=True), start=1)]


def _moods(rng: random.Random) -> dict[str, Any]:
    """How this shop is: what each product is blamed for, and how slow each state's carrier is."""
    return {
        "popular": [rng.uniform(0.4, 2) for _ in PRODUCTS],
        "fault": [rng.uniform(0.15, 0.5) for _ in PRODUCTS],
        "blame": {c: [rng.uniform(0.3, 2) for _ in COMPLAINTS[1:]] for c in CATEGORIES},
        "slow": {state: rng.uniform(5, 10) for state in STATES},
        "season": [rng.uniform(0.7, 1.4) for _ in range(12)],
    }


def _order(
    rng: random.Random,
    seed: int,
    number: int,
    people: Sequence[Customer],
    prices: Sequence[float],
    moods: Mapping[str, Any],
    day: int,
) -> Order:
    customer = rng.choice(people)
    product = rng.choices(range(len(PRODUCTS)), moods["popular"])[0]
    date = FIRST_DAY + datetime.timedelta(days=day)
    status = rng.choices(STATUSES, (80, 6, 8, 6))[0]
    quantity = rng.choices((1, 2, 3), (70, 20, 10))[0]
    delivered = status in ("entregue", "devolvido")
    usual = moods["slow"][customer.state] * moods["season"][date.month - 1]
    days = max(1, round(rng.gauss(usual, 2.5))) if delivered else None
    review = None
    if delivered and rng.random() < 0.92:
        judged = _judged(rng, moods, product, days > PROMISED_DAYS, status == "devolvido")
        who = (part_of(customer.id), customer.name, PRODUCTS[product])
        review = reviews.write(f"{seed} {number}", *who, *judged)
    total = round(prices[product] * quantity, 2)
    return Order(number, customer, product, date.isoformat(), status, quantity, total, days, review)


def _judged(
    rng: random.Random, moods: Mapping[str, Any], product: int, late: bool, returned: bool
) -> tuple[float, str, str]:
    """Score, sentiment and complaint of a review."""
    complaint = NO_COMPLAINT
    if late and rng.random() < 0.6:
        complaint = "entrega"
    elif returned or rng.random() < moods["fault"][product] + 0.12:
        weights = [0.5, *moods["blame"][PRODUCTS[product].category]]
        complaint = rng.choices(COMPLAINTS, weights)[0]
    mix = (82, 18, 0) if complaint == NO_COMPLAINT else (18, 24, 58)
    sentiment = rng.choices(("positivo", "neutro", "negativo"), mix)[0]
    low, high = {"positivo": (38, 50), "neutro": (25, 35), "negativo": (3, 22)}[sentiment]
    tenths = rng.randint(low, high)
    return (round(tenths / 5) * 5 if rng.random() < 0.5 else tenths) / 10, sentiment, complaint

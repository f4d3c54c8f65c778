"""The four tasks: per part, what is shown, what is to be done with it, and a good answer."""

import json
import random
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from stages.shop import database as shops
from stages.shop.catalogue import PRODUCTS
from stages.shop.database import COLUMNS
from stages.shop.insights import insights
from stages.shop.pushes import LIMIT, pushes
from stages.shop.questions import VIEW, questions

INSTRUCTIONS = {
    "extraction": (
        "Extraia um JSON com customer, product, sentiment, sentiment_score e complaint_category."
    ),
    "sql_qa": f"Responda com um SELECT (SQLite) de {VIEW}({', '.join(COLUMNS)}).",
    "insights": (
        "Resuma em duas frases: a principal reclamação com seu número, e uma consequência."
    ),
    "push": f"Escreva uma notificação de até {LIMIT} caracteres com nome, produto e desconto.",
}
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")

# Of a task: what is shown, the reference answer, the wording's name, and what a reward looks at.
Made = Iterator[tuple[str, str, str, dict[str, Any]]]


def _extraction(database: Mapping[str, Any], part: str) -> Made:
    orders = [
        order
        for order in shops.shop(database["seed"], database["customers"]).orders
        if order.part == part and order.review
    ]
    random.Random(f"extraction {database['seed']} {part}").shuffle(orders)
    for order in orders:
        record = {
            "customer": order.customer.name,
            "product": PRODUCTS[order.product].name,
            "sentiment": order.review.sentiment,
            "sentiment_score": order.review.score,
            "complaint_category": order.review.complaint,
        }
        text = json.dumps(record, ensure_ascii=False, separators=(",", ":"))
        yield order.review.text, text, order.review.template, {"record": record}


def _sql_qa(database: Mapping[str, Any], part: str) -> Made:
    shop = {"seed": database["seed"], "customers": database["customers"]}
    for asked in questions(shop, part):
        facts = {"database": shop, "sql": asked.sql, "ordered": asked.ordered}
        yield asked.text, asked.sql, asked.template, facts


def _insights(database: Mapping[str, Any], part: str) -> Made:
    for found in insights(database, part):
        facts = {"required": found.required, "figures": NUMBER.findall(found.material)}
        yield found.material, found.text, found.template, facts


def _push(database: Mapping[str, Any], part: str) -> Made:
    for found in pushes(database, part):
        figures = NUMBER.findall(found.material)
        facts = {"required": found.required, "limit": LIMIT, "figures": figures}
        yield found.material, found.text, found.template, facts


TASKS: dict[str, Callable[[Mapping[str, Any], str], Made]] = {
    "extraction": _extraction,
    "sql_qa": _sql_qa,
    "insights": _insights,
    "push": _push,
}

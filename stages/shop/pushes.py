"""Offers to customers, and the push notification that tells of each."""

import random
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from stages.shop import database as shops
from stages.shop.catalogue import PRODUCTS, part_of
from stages.shop.push_words import OFFERS, PUSHES, WEEKDAYS

LIMIT = 120  # characters of a notification
DISCOUNTS = range(5, 65, 5)  # percent


class Push(NamedTuple):
    material: str
    text: str
    required: list[list[str]]
    template: str


def pushes(database: Mapping[str, Any], part: str) -> Iterator[Push]:
    """One offer to each customer of a part, in random order."""
    seed = database["seed"]
    rng = random.Random(f"pushes {seed} {part}")
    names = [
        customer.name
        for customer in shops.shop(seed, database["customers"]).customers
        if part_of(customer.id) == part
    ]
    rng.shuffle(names)
    for name in names:
        yield _push(rng, part, name)


def _push(rng: random.Random, part: str, customer: str) -> Push:
    product = rng.choice(PRODUCTS)
    discount = rng.choice(DISCOUNTS)
    date = f"{rng.randint(1, 28):02}/{rng.randint(1, 12):02}"
    said = {
        "customer": customer,
        "first": customer.split()[0],
        "product": product.name,
        "o": product.article,
        "O": product.article.upper(),
        "d": discount,
        "until": rng.choice((rng.choice(WEEKDAYS), date)),
    }
    number = rng.randrange(len(PUSHES[part]))
    required = [
        [said["first"]],
        [product.name],
        [f"{discount}%", f"{discount} %", f"{discount} por cento"],
    ]
    material = rng.choice(OFFERS[part]).format(**said)
    return Push(material, PUSHES[part][number].format(**said), required, f"{part}-{number + 1}")

"""Figures of a slice of the shop (a state, a product, a month of one …) and what they say."""

import itertools
import random
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from stages.shop import database as shops
from stages.shop.catalogue import (
    COMPLAINTS,
    MONTHS,
    PART_OF_TEN,
    PRODUCTS,
    PROMISED_DAYS,
    STATE_NAMES,
    decimal,
    in_state,
)
from stages.shop.database import Order
from stages.shop.insight_words import WORDS

QUARTERS = tuple(f"{nth} trimestre" for nth in ("primeiro", "segundo", "terceiro", "quarto"))
FEWEST = 4  # complaints in a slice, else there is nothing to say


class Slice(NamedTuple):
    """`parts` are what its name is made of, `where` how a sentence says it."""

    name: str
    where: str
    parts: tuple[str, ...]


class Insight(NamedTuple):
    material: str
    text: str
    required: list[list[str]]
    template: str


def insights(database: Mapping[str, Any], part: str) -> Iterator[Insight]:
    """One insight for each slice of a part, in random order.

    Of ten slices six are train's, as of customers. Its main complaint is one alone.
    """
    seed = database["seed"]
    by_slice = _slices(shops.shop(seed, database["customers"]).orders)
    order = sorted(by_slice)
    random.Random(f"slices {seed}").shuffle(order)
    for found, owner in zip(order, itertools.cycle(PART_OF_TEN)):
        if owner == part:
            rng = random.Random(f"insight {seed} {found.name}")
            yield _insight(rng, part, found, by_slice[found])


def _slices(orders: list[Order]) -> dict[Slice, list[Order]]:
    found: dict[Slice, list[Order]] = {}
    for order in orders:
        for place in _places(order):
            found.setdefault(place, []).append(order)
    return {place: members for place, members in found.items() if _telling(members)}


def _places(order: Order) -> list[Slice]:
    state, product = order.customer.state, PRODUCTS[order.product]
    number = int(order.date[5:7]) - 1
    category, month, quarter = product.category, MONTHS[number], QUARTERS[number // 3]
    at, line = in_state(state), f"na linha {category}"
    return [
        Slice(state, at, (state,)),
        Slice(category, line, (category,)),
        Slice(product.name, f"n{product.article} {product.name}", (product.name,)),
        Slice(f"{category}, {state}", f"{line} {at}", (category, state)),
        Slice(f"{state}, {month}", f"{at} no mês de {month}", (state, month)),
        Slice(f"{category}, {month}", f"{line} no mês de {month}", (category, month)),
        Slice(f"{state}, {quarter}", f"{at} no {quarter}", (state, quarter)),
        Slice(f"{category}, {quarter}", f"{line} no {quarter}", (category, quarter)),
    ]


def _counted(orders: list[Order]) -> Counter[str]:
    return Counter(
        o.review.complaint for o in orders if o.review and o.review.complaint in COMPLAINTS
    )


def _telling(orders: list[Order]) -> bool:
    """Whether there are complaints enough, and more of one kind than of any other."""
    counted = _counted(orders)
    most = [count for _, count in counted.most_common(2)] + [0, 0]
    return sum(counted.values()) >= FEWEST and most[0] > max(1, most[1])


def _insight(rng: random.Random, part: str, found: Slice, orders: list[Order]) -> Insight:
    words, counted = WORDS[part], _counted(orders)
    main, n = counted.most_common(1)[0]
    said = {"slice": found.name, "where": found.where, "main": main, "n": n}
    said |= {"Where": _capital(found.where), "Main": _capital(main)}
    number = rng.randrange(len(words["first"]))
    text = f"{words['first'][number].format(**said)} {rng.choice(words['then'][main])}"
    names = [[part, *filter(None, [STATE_NAMES.get(part)])] for part in found.parts]
    material = _material(rng, words, found, orders)
    return Insight(material, text, [[main], [str(n)], *names], f"{part}-{number + 1}")


def _material(
    rng: random.Random, words: Mapping[str, Any], found: Slice, orders: list[Order]
) -> str:
    counted = _counted(orders)
    scores = [order.review.score for order in orders if order.review]
    days = [order.days for order in orders if order.days is not None]
    figures = {
        "mean": decimal(sum(scores) / len(scores)),
        "late": sum(count > PROMISED_DAYS for count in days),
        "delivered": len(days),
        "orders": len(orders),
    }
    begin, form, between = rng.choice(words["kinds"])
    kinds = rng.sample(COMPLAINTS, len(COMPLAINTS))
    lines = [begin + between.join(form.format(kind=kind, n=counted[kind]) for kind in kinds)]
    lines += [rng.choice(wordings).format(**figures) for wordings in words["lines"].values()]
    rng.shuffle(lines)
    return "\n".join([rng.choice(words["heads"]).format(slice=found.name), *lines])


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]

"""Questions about a shop with the SELECT that answers them.

What is asked for (an aggregate) and of which orders (one or two filters) is a combination. Every
combination belongs to one part, while every aggregate and every filter occurs in all of them.
"""

import functools
import itertools
import random
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from stages.shop import sql
from stages.shop.catalogue import MONTHS, PARTS, PRODUCTS, STATUSES, in_state, of_state
from stages.shop.question_kinds import APART, CONDITIONS, SELECTS
from stages.shop.question_words_held_out import EVALUATION, TEST
from stages.shop.question_words_train import TRAIN

WORDS = {"train": TRAIN, "evaluation": EVALUATION, "test": TEST}
VIEW = "orders_enriched"
FEWEST_ORDERS = 5  # that a question is about
MOST_TRIES = 60  # values for one combination before the next one is taken
HELD_OUT = 0.16  # share of an aggregate's combinations that evaluation has, and test


PLURALS = {status: f"{status[:-1]}{{g}}s" for status in STATUSES} | {"entregue": "entregues"}


class Question(NamedTuple):
    text: str
    sql: str
    ordered: bool
    template: str
    combination: str


@functools.cache
def combinations() -> dict[str, list[tuple[str, tuple[str, ...]]]]:
    """(aggregate, filters) of each part, the same for every shop."""
    rng = random.Random("combinations")
    found: dict[str, list[tuple[str, tuple[str, ...]]]] = {part: [] for part in PARTS}
    for name, aggregate in SELECTS.items():
        every = [
            (name, filters)
            for count in (1, 2)
            for filters in itertools.combinations(CONDITIONS, count)
            if not set(filters) & set(aggregate.without) and set(filters) not in APART
        ]
        rng.shuffle(every)
        held = round(HELD_OUT * len(every))
        found["evaluation"] += every[:held]
        found["test"] += every[held : 2 * held]
        found["train"] += every[2 * held :]
    return found


def questions(database: Mapping[str, Any], part: str) -> Iterator[Question]:
    """Different questions of a part, without end while there are any: combinations in turn.

    Every answer is of FEWEST_ORDERS orders and more, has no tie where it is cut, and is another
    in each of the `other_shops`.
    """
    rng = random.Random(f"questions {database['seed']} {part}")
    every = list(combinations()[part])
    asked: set[str] = set()
    while every:
        rng.shuffle(every)
        for combination in list(every):
            found = next(_tried(rng, database, part, combination, asked), None)
            if found is None:
                every.remove(combination)
            else:
                asked.add(found.sql)
                yield found


def _tried(
    rng: random.Random,
    database: Mapping[str, Any],
    part: str,
    combination: tuple[str, tuple[str, ...]],
    asked: set[str],
) -> Iterator[Question]:
    name, filters = combination
    for _ in range(MOST_TRIES):
        values = {key: rng.choice(CONDITIONS[key][1]) for key in filters}
        count = rng.choice((2, 3, 5))
        where = " AND ".join(CONDITIONS[key][0].format(value) for key, value in values.items())
        behind = SELECTS[name].behind.format(n=count)
        query = f"SELECT {SELECTS[name].what} FROM {VIEW} WHERE {where} {behind}".strip()
        if query not in asked and _telling(database, where, query, behind):
            yield _worded(rng, part, name, values, count, query)


def _telling(database: Mapping[str, Any], where: str, query: str, behind: str) -> bool:
    """Whether the answers are of enough orders, clear of ties, and differ between shops."""
    shops = [dict(database), *sql.other_shops(database)]
    counted = [sql.ask(shop, f"SELECT COUNT(*) FROM {VIEW} WHERE {where}") for shop in shops]
    if any(answer.rows[0][0] < FEWEST_ORDERS for answer in counted):
        return False
    if "LIMIT" in behind and not all(_clear(shop, where, behind) for shop in shops):
        return False
    answers = [sql.ask(shop, query) for shop in shops]
    if any(value is None or value == 0 for a in answers for row in a.rows for value in row):
        return False
    return not any(sql.same(one, two, False) for one, two in itertools.combinations(answers, 2))


def _clear(shop: Mapping[str, Any], where: str, behind: str) -> bool:
    """Whether no two of the groups that the order ranks first, or next behind, are equal."""
    group, _, rest = behind.removeprefix("GROUP BY ").partition(" ORDER BY ")
    order, _, limit = rest.partition(" LIMIT ")
    key = order.removesuffix(" DESC")
    ranked = f"SELECT {key} FROM {VIEW} WHERE {where} GROUP BY {group} ORDER BY {order}"
    values = [row[0] for row in sql.ask(shop, ranked).rows or ()][: int(limit) + 1]
    rounded = {round(value, 2) for value in values if value is not None}
    return len(values) == int(limit) + 1 == len(rounded)


def _worded(
    rng: random.Random, part: str, name: str, values: dict[str, Any], count: int, query: str
) -> Question:
    number = rng.randrange(len(WORDS[part]["aggregates"][name]))
    wording = WORDS[part]["aggregates"][name][number]
    gender = "o" if "pedidos" in wording else "a"
    said = " ".join(_phrase(rng, part, key, value, gender) for key, value in values.items())
    text = wording.format(f=said, n=count)
    combination = "+".join((name, *values))
    return Question(text, query, "LIMIT" in query, f"{part}-{name}-{number + 1}", combination)


def _phrase(rng: random.Random, part: str, key: str, value: Any, gender: str) -> str:
    article = next((p.article for p in PRODUCTS if p.name == value), "")
    shown = str(value)
    if key == "status":
        shown = PLURALS[value].format(g=gender)
    elif key == "month":
        shown = MONTHS[value - 1]
    elif key == "bound":
        sign, shown = value.split()
        key = "above" if sign == ">" else "below"
    return rng.choice(WORDS[part]["filters"][key]).format(
        x=shown,
        xa=f"{shown[:-1]}a",
        status=value,
        g=gender,
        o=article,
        do=f"d{article}",
        of=of_state(shown),
        at=in_state(shown),
    )

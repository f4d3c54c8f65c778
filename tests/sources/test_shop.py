"""The shop as a source: the rows that a study asks for, and nothing shared between origins."""

import itertools
import json
import re
from collections import Counter

import pytest
from pydantic import ValidationError

from stages.command import UserError
from stages.planning.schema.base_and_data import Shop
from stages.shop import sql
from stages.shop.catalogue import COMPLAINTS
from stages.sources import shop
from stages.sources.example import unique
from stages.splits import assign, leakage, near_duplicates

SMALL = {"extraction": 20, "sql_qa": 20, "insights": 10, "push": 10}
LARGE = {"extraction": 100, "sql_qa": 80, "insights": 30, "push": 60}
PROMPTS = {"train": LARGE, "evaluation": SMALL, "test": SMALL}
SOURCE = {"kind": "shop", "seed": 3, "customers": 150, "prompts": PROMPTS}
JACCARD = 0.7
KEYS = {"customer", "product", "sentiment", "sentiment_score", "complaint_category"}
FIELDS = {
    *("id", "origin", "category", "input", "target", "instruction", "material", "conversation"),
    *("turns", "constraints", "template", "facts"),
}
FACTS = {
    "extraction": {"record"},
    "sql_qa": {"database", "sql", "ordered"},
    "insights": {"required", "figures"},
    "push": {"required", "limit", "figures"},
}


@pytest.fixture(scope="module")
def examples():
    return shop.read(SOURCE)


def words(line):
    return set(re.findall(r"[a-zç]+", line))


def of(examples, category):
    return [example for example in examples if example["category"] == category]


def test_rows_are_those_that_the_study_asks_for(examples):
    counted = Counter((example["origin"], example["category"]) for example in examples)
    assert counted == {(o, c): n for o, counts in PROMPTS.items() for c, n in counts.items()}
    assert len(unique(examples, "shop")) == len(examples)


def test_reading_fewer_gives_the_first_ones(examples):
    fewer = {part: dict.fromkeys(SMALL, 5) for part in PROMPTS}
    known = {example["id"] for example in examples}
    assert all(row["id"] in known for row in shop.read({**SOURCE, "prompts": fewer}))


def test_every_row_has_its_fields(examples):
    for row in examples:
        assert set(row) == FIELDS
        assert set(row["facts"]) == FACTS[row["category"]]
        assert row["turns"] == [
            {"role": "user", "content": f"{row['instruction']}\n\n{row['input']}"}
        ]
        assert row["input"] == row["material"]
        assert json.loads(json.dumps(row)) == row
        assert not re.search(r"[{}]", row["input"])


def test_no_near_duplicate_group_has_two_origins(examples):
    group_of = near_duplicates.groups(examples, JACCARD)
    origins = {}
    for row in examples:
        origins.setdefault(group_of[row["id"]], set()).add(row["origin"])
    assert all(len(found) == 1 for found in origins.values())


def test_splits_of_all_rows_can_be_drawn(examples):
    group_of = near_duplicates.groups(examples, JACCARD)
    size = {part: sum(counts.values()) for part, counts in PROMPTS.items()}
    wanted = {
        "train": {"rows": size["train"], "origins": ["train"]},
        "dev": {"rows": size["evaluation"], "origins": ["evaluation"]},
        "test": {"rows": size["test"], "origins": ["test"]},
    }
    drawn = assign.draw(examples, group_of, wanted, {}, 1)
    by_id = {row["id"]: row for row in examples}
    splits = {name: [by_id[key] for key in ids] for name, ids in drawn.items()}
    assert {name: len(rows) for name, rows in splits.items()} == {
        name: split["rows"] for name, split in wanted.items()
    }
    leakage.refuse(splits, group_of, JACCARD, "shop")


def test_customers_and_wordings_are_in_one_origin(examples):
    customers = {part: set() for part in PROMPTS}
    for row in of(examples, "extraction"):
        customers[row["origin"]].add(row["facts"]["record"]["customer"])
        assert row["template"].startswith(f"{row['origin']}-")
    for one, other in itertools.combinations(customers.values(), 2):
        assert not one & other


def test_extraction_target_is_the_record_and_the_text_names_it(examples):
    for row in of(examples, "extraction"):
        record = row["facts"]["record"]
        assert set(record) == KEYS
        assert json.loads(row["target"]) == record
        assert ": " not in row["target"]
        assert record["customer"] in row["input"]
        assert record["product"] in row["input"]
        assert isinstance(record["sentiment_score"], float)


def test_sql_target_answers_in_every_shop(examples):
    for row in of(examples, "sql_qa"):
        facts = row["facts"]
        assert row["target"] == facts["sql"]
        for database in [facts["database"], *sql.other_shops(facts["database"])]:
            assert sql.ask(database, facts["sql"]).rows


@pytest.mark.parametrize("category", ["insights", "push"])
def test_required_facts_are_in_material_and_target(examples, category):
    for row in of(examples, category):
        figures = set(re.findall(r"\d+(?:[.,]\d+)*", row["target"]))
        assert figures <= set(row["facts"]["figures"])
        for variants in row["facts"]["required"]:
            assert any(variant in row["input"] for variant in variants)
            assert any(variant.casefold() in row["target"].casefold() for variant in variants)


def test_main_complaint_is_the_one_with_the_highest_figure(examples):
    for row in of(examples, "insights"):
        (main,), (figure,) = row["facts"]["required"][:2]
        line = next(line for line in row["input"].splitlines() if set(COMPLAINTS) <= words(line))
        assert main in COMPLAINTS
        assert int(figure) == max(int(number) for number in re.findall(r"\d+", line))


def test_push_fits_its_limit(examples):
    for row in of(examples, "push"):
        assert len(row["target"]) <= row["facts"]["limit"] == 120


def test_too_few_customers_are_said_with_what_there_is():
    prompts = {"train": {"extraction": 500, "sql_qa": 0, "insights": 0, "push": 0}}
    said = r"source\.prompts\.train\.extraction: 500, but a shop of 20 customers gives \d+; ask"
    with pytest.raises(UserError, match=said):
        shop.read({**SOURCE, "customers": 20, "prompts": prompts})


@pytest.mark.parametrize(
    "change",
    [
        {"customers": 19},
        {"customers": 2_001},
        {"seed": -1},
        {"prompts": {"train": LARGE}},
        {"prompts": {**PROMPTS, "dev": SMALL}},
        {"prompts": {**PROMPTS, "test": {**SMALL, "push": -1}}},
        {"prompts": {**PROMPTS, "test": {"push": 1}}},
    ],
)
def test_settings_that_make_no_sense_are_refused(change):
    Shop.model_validate(SOURCE)
    with pytest.raises(ValidationError):
        Shop.model_validate({**SOURCE, **change})

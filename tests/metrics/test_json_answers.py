"""Answers in JSON as a table of cases: strict, of the right form, and what repair can save."""

import importlib.metadata
import itertools
import random

import jsonschema
import pytest

from stages.metrics import METRICS
from stages.metrics.json_answers import derived
from stages.metrics.metric import score

EQUALS = {"kind": "json_equals", "value": {"name": "Ada", "ages": [3, 4.5]}}
GOOD = '{"name": "Bo", "ages": [1]}'
OWN = {"kind": "json_schema", "schema": {"type": "object", "required": ["a"]}}
LIST = {"kind": "json_equals", "value": [["bees", 31], ["ants", None]]}
TEXT = {"kind": "json_equals", "value": "yes"}
ANY = {"kind": "json"}
OTHER = {"kind": "contains", "value": "{"}

# what, constraint, answer, is it strict, of the right form, and so when repaired
TABLE = [
    ("the form, not the values", EQUALS, GOOD, 1, 1, 1),
    ("keys in another order", EQUALS, '{"ages": [], "name": ""}', 1, 1, 1),
    ("white space around", EQUALS, f"\n  {GOOD}\n", 1, 1, 1),
    ("a key is missing", EQUALS, '{"name": "Bo"}', 1, 0, 0),
    ("a key too many", EQUALS, '{"name": "Bo", "ages": [1], "x": 1}', 1, 0, 0),
    ("a number as text", EQUALS, '{"name": "Bo", "ages": ["1"]}', 1, 0, 0),
    ("another kind of value", EQUALS, "[1]", 1, 0, 0),
    ("a fence", EQUALS, f"```json\n{GOOD}\n```", 0, 0, 1),
    ("a fence and words", EQUALS, f"Here you are:\n```\n{GOOD}\n```\nGood luck!", 0, 0, 1),
    ("words beside it", EQUALS, f"Sure: {GOOD}", 0, 0, 1),
    ("single quotes", EQUALS, "{'name': 'Bo', 'ages': [1]}", 0, 0, 1),
    ("a comma too many", EQUALS, '{"name": "Bo", "ages": [1,],}', 0, 0, 1),
    ("cut off", EQUALS, '{"name": "Bo", "ages": [1, 2', 0, 0, 1),
    ("cut off before the last key", EQUALS, '{"name": "Bo",', 0, 0, 0),
    ("a key twice", EQUALS, '{"name": "Al", "name": "Bo", "ages": [1]}', 0, 0, 1),
    ("a key twice, deeper", LIST, '[["a", {"b": 1, "b": 1}]]', 0, 0, 0),
    ("no number", EQUALS, '{"name": "Bo", "ages": [NaN]}', 0, 0, 0),
    ("infinity", EQUALS, '{"name": "Bo", "ages": [1e999]}', 0, 0, 0),
    ("infinity by name", EQUALS, '{"name": "Bo", "ages": [-Infinity, 1,]}', 0, 0, 0),
    ("prose", EQUALS, "Bo is one year old.", 0, 0, 0),
    ("nothing", EQUALS, "", 0, 0, 0),
    ("brackets without an end", EQUALS, "[" * 100_000, 0, 0, 0),
    ("braces without an end", EQUALS, "{" * 3_000, 0, 0, 0),
    ("the row's own schema", OWN, '{"a": 1, "b": 2}', 1, 1, 1),
    ("not of the row's own schema", OWN, '{"b": 2}', 1, 0, 0),
    ("the row's own schema, repaired", OWN, "{a: 1}", 0, 0, 1),
    ("elements of one form or another", LIST, '[[1, "x"], [null], []]', 1, 1, 1),
    ("an element of two forms mixed", LIST, "[[1, null]]", 1, 0, 0),
    ("an element of none of them", LIST, '[["x", true]]', 1, 0, 0),
    ("a text", TEXT, '"no"', 1, 1, 1),
    ("no JSON, where repair finds an empty text", TEXT, "no", 0, 0, 0),
    ("JSON of any form", ANY, "[1]", 1, None, None),
    ("an object that says nothing", ANY, "{}", 0, None, None),
    ("an array that says nothing", LIST, "[]", 0, 0, 0),
    ("a text that says nothing", TEXT, '""', 0, 0, 0),
    ("zero, which is something", ANY, "0", 1, None, None),
    ("no JSON, of any form", ANY, "none", 0, None, None),
    ("null", ANY, "null", 0, None, None),
    ("another kind of constraint", OTHER, GOOD, None, None, None),
]
NAMES = ("json_strict", "json_schema", "json_repairable")
# metric, what, constraint, answer, expected
CASES = [
    (name, what, constraint, text, expected[NAMES.index(name)])
    for name in NAMES
    for what, constraint, text, *expected in TABLE
]


@pytest.mark.parametrize(
    ("name", "what", "constraint", "text", "expected"),
    CASES,
    ids=[f"{case[0]}-{case[1]}" for case in CASES],
)
def test_json_answers(name, what, constraint, text, expected, make_row):
    wanted = None if expected is None else [expected, 1]
    row = make_row(text, "", constraints=[OTHER, constraint])
    assert METRICS[name].statistics([row]) == [wanted]


@pytest.mark.parametrize("name", NAMES)
def test_rows_of_a_study_without_constraints_are_unscored(name, make_row):
    found = score(METRICS[name], [make_row(GOOD, "")], {})
    assert (found["value"], found["n"], found["unscored"]) == (None, 0, 1)


def test_own_schema_goes_before_a_derived_one(make_row):
    row = make_row('{"a": 1}', "", constraints=[EQUALS, OWN])
    assert METRICS["json_schema"].statistics([row]) == [[1, 1]]


def damaged(text: str) -> list[str]:
    """The text with a few characters dropped, doubled or swapped, the same ones in every run."""
    draw = random.Random(7)
    found = []
    for _ in range(400):
        letters = list(text)
        for _ in range(draw.randint(0, 3)):
            place = draw.randrange(len(letters))
            letters[place] = draw.choice(["", letters[place] * 2, *'{}[]",:\\ 1n'])
        found.append("".join(letters))
    return found


@pytest.mark.parametrize("said", ["{}", "[]", '""', "null"])
def test_what_says_nothing_counts_where_the_reference_says_nothing_either(said, make_row):
    asked = {"kind": "json_equals", "value": []}
    rows = [make_row(said, target, constraints=[asked]) for target in ("[]", "[1]")]
    assert METRICS["json_strict"].statistics(rows) == [[1, 1], [0, 1]]


@pytest.mark.parametrize("constraint", [EQUALS, LIST, OWN], ids=["object", "array", "own"])
def test_each_metric_accepts_what_the_stricter_one_accepts(constraint, make_row):
    texts = itertools.chain.from_iterable(
        damaged(text) for text in (GOOD, '[["ants", 14], ["bees", null]]', '{"a": {"b": [1, 2]}}')
    )
    rows = [make_row(text, "", constraints=[constraint]) for text in texts]
    strict, valid, repaired = (
        [vector[0] for vector in METRICS[name].statistics(rows)] for name in NAMES
    )
    for row, *accepted in zip(rows, strict, repaired, valid, strict=True):
        assert accepted[2] <= min(accepted[:2]), row["text"]
    assert 0 < sum(valid) < sum(repaired) < len(rows)
    assert sum(valid) < sum(strict)


# value, others of its form, others that are not
FORMS = [
    (1, [2, 0.5, -1], [True, None, "1", []]),
    (True, [False], [1, None, "true"]),
    (None, [None], [0, False, "", {}]),
    ("a", ["", "b"], [1, None, ["a"]]),
    ([], [[1], ["a", None]], [{}, "", None]),
    ([1, 2], [[], [1.5], [1, 2, 3]], [["1"], [None], 1]),
    ([{"a": 1}, "x"], [["y"], [{"a": 2}, {"a": 3}]], [[{"a": "x"}], [1], [{}]]),
    ({"a": {"b": None}}, [{"a": {"b": None}}], [{"a": None}, {"a": {}}, {"a": {"b": 1}}, {}]),
    ({}, [{}], [{"a": 1}, []]),
]


@pytest.mark.parametrize(("value", "alike", "unlike"), FORMS, ids=[str(f[0]) for f in FORMS])
def test_derived_schema(value, alike, unlike):
    schema = jsonschema.Draft202012Validator(derived(value))
    schema.check_schema(derived(value))
    assert schema.is_valid(value)
    assert [other for other in alike if not schema.is_valid(other)] == []
    assert [other for other in unlike if schema.is_valid(other)] == []


def test_deep_values_that_a_schema_compares_do_not_stop_the_scoring(make_row):
    unique = {"kind": "json_schema", "schema": {"type": "array", "uniqueItems": True}}
    deep = "[" * 900 + "]" * 900
    row = make_row(f"[{deep}, {deep}]", "", constraints=[unique])
    assert [METRICS[name].statistics([row]) for name in NAMES] == [[[1, 1]], [[0, 1]], [[0, 1]]]


def test_signature_names_the_packages_that_decide():
    version = importlib.metadata.version
    assert METRICS["json_strict"].signature() == "json_strict|json:rfc8259+unique-keys|rule:2"
    assert f"|jsonschema:{version('jsonschema')}|" in METRICS["json_schema"].signature()
    assert f"|json-repair:{version('json-repair')}|" in METRICS["json_repairable"].signature()

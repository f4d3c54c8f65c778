"""The JSON object in a text: tolerant where it says nothing, strict about what JSON means."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stages.rewards import scanning
from stages.rewards.parsing import PARSERS, beside, strict_braces, tolerant

# what, text, by the tolerant parser, by the seed's
CASES = [
    ("an object", '{"a": 1}', {"a": 1}, {"a": 1}),
    ("a decimal comma", '{"a": 4,5}', {"a": 4.5}, None),
    ("one before another key", '{"a": 4,5, "b": 1}', {"a": 4.5, "b": 1}, None),
    ("one without a space", '{"a":4,5,"b":1}', {"a": 4.5, "b": 1}, None),
    ("two of them, one negative", '{"a": -0,25, "b": 3,0}', {"a": -0.25, "b": 3.0}, None),
    ("one in an inner object", '{"a": {"b": 1,5}}', {"a": {"b": 1.5}}, None),
    ("one in an object of a list", '{"a": [{"b": 1,5}, 2]}', {"a": [{"b": 1.5}, 2]}, None),
    ("a comma in a text", '{"a": "4,5"}', {"a": "4,5"}, {"a": "4,5"}),
    ("a key in a text", r'{"a": "\": 4,5"}', {"a": '": 4,5'}, {"a": '": 4,5'}),
    ("a list of two", '{"a": [4,5]}', {"a": [4, 5]}, {"a": [4, 5]}),
    ("a list of two beside a decimal", '{"a": [4,5], "b": 4,5}', {"a": [4, 5], "b": 4.5}, None),
    ("a comma and a space", '{"a": 4, 5}', None, None),
    ("two commas", '{"a": 4,5,6}', None, None),
    ("a point and a comma", '{"a": 1.234,56}', None, None),
    ("a leading zero", '{"a": 04,5}', None, None),
    ("only a list", "[1,2]", None, None),
    ("a list of objects", '[{"a": 1}]', None, {"a": 1}),
    ("a list of objects in a fence", '```json\n[{"a": 1}]\n```', None, {"a": 1}),
    ("an object within a text", r'"{\"a\": 1}"', None, None),
    ("a number", "5", None, None),
    ("a fence", '```json\n{"a": 1}\n```', {"a": 1}, {"a": 1}),
    ("a fence without a name", '```\n{"a": 4,5}\n```', {"a": 4.5}, None),
    ("a fence on one line", '```json {"a": 1} ```', {"a": 1}, {"a": 1}),
    ("a fence without an end", '```json\n{"a": 1}', {"a": 1}, {"a": 1}),
    ("prose around", 'Aqui está: {"a": 1}. Boa sorte!', {"a": 1}, {"a": 1}),
    ("braces in prose before", 'Em {chaves}: {"a": 1}', {"a": 1}, None),
    ("braces in prose behind", '{"a": 1} (no lugar de {x})', {"a": 1}, None),
    ("a quote in prose", 'Ele disse " assim: {"a": 1}', {"a": 1}, {"a": 1}),
    ("two objects", '{"a": 1}\n{"a": 2}', {"a": 1}, None),
    ("a broken one, then a whole one", '{"a": oops} {"a": 2}', {"a": 2}, None),
    ("one begun twice", '{{"a": 1}', {"a": 1}, None),
    ("an object within a broken one", '{"x": {"a": 1}, oops}', None, None),
    ("cut off", '{"a": 1, "b": "x', None, None),
    ("cut off in a quote", r'{"a": "x\"', None, None),
    ("an empty object", "{}", {}, {}),
    ("a key twice", '{"a": 1, "a": 2}', {"a": 2}, {"a": 2}),
    ("a comma too many", '{"a": 1,}', None, None),
    ("a list with a comma too many", '{"a": [1,]}', None, None),
    ("crossed brackets", '{"a": [1}]', None, None),
    ("single quotes", "{'a': 1}", None, None),
    ("a line break in a text", '{"a": "x\ny"}', None, None),
    ("no number", '{"a": NaN}', None, "nan"),
    ("infinity", '{"a": 1e999}', None, {"a": float("inf")}),
    ("prose around infinity", 'sim {"a": 1e999} ou {"a": 3}', {"a": 3}, None),
    ("half of a character", '{"a": "\\ud800"}', {"a": "\ud800"}, {"a": "\ud800"}),
    ("half of a character, raw", '{"a": "\ud800"} \udc00', {"a": "\ud800"}, {"a": "\ud800"}),
    ("a byte order mark", '\ufeff{"a": 1}', {"a": 1}, {"a": 1}),
    ("nothing", "", None, None),
]

LONG = 200_000
HOSTILE = {
    "braces": "{" * LONG,
    "closing braces": "}" * LONG,
    "brackets": "[" * LONG,
    "brackets in an object": '{"a":' + "[" * LONG,
    "objects in objects": '{"a":' * (LONG // 5),
    "objects in objects, closed": '{"a":' * (LONG // 5) + "1" + "}" * (LONG // 5),
    "quotes": '"' * LONG,
    "quotes in an object": "{" + '"' * LONG,
    "open texts": '{"' * (LONG // 2),
    "backslashes": "\\" * LONG,
    "backslashes in a text": '{"' + "\\" * LONG,
    "quoted quotes": '{"' + '\\"{' * (LONG // 3),
    "digits": "7" * LONG,
    "digits as a value": '{"a":' + "7" * LONG,
    "digits as a whole value": '{"a":' + "7" * LONG + "}",
    "digits behind a comma": '{"a":7,' + "7" * LONG,
    "commas": '{"a":' + "1,5" * (LONG // 3),
    "spaces": "{" + " " * LONG,
    "spaces in a fence": "```\n" + " " * LONG + "``",
    "fences": "```\n" * (LONG // 4),
    "small objects": '{"a":oops}' * (LONG // 10),
    "empty objects that are none": "{}{" * (LONG // 3) + "x",
}


@pytest.mark.parametrize(("what", "text", "new", "old"), CASES, ids=[case[0] for case in CASES])
def test_parsers(what, text, new, old):
    assert tolerant(text) == new
    assert str(strict_braces(text)) == "{'a': nan}" if old == "nan" else strict_braces(text) == old


@pytest.mark.parametrize(
    ("text", "around"),
    [
        ('{"a": 1}', ""),
        (' \n{"a": 4,5}\n', ""),
        ('```json\n{"a": 4,5}\n```', ""),
        ('```\n{"a": 1}\n```', ""),
        ('Sim: {"a": 1} {"a": 2}', 'Sim: \n {"a": 2}'),
        ("nada", "nada"),
    ],
)
def test_what_stands_beside_the_object(text, around):
    assert beside(text) == around


@pytest.mark.parametrize("what", HOSTILE)
@pytest.mark.parametrize("parse", PARSERS.values(), ids=PARSERS)
def test_hostile_text_neither_raises_nor_takes_more_than_one_pass(what, parse, monkeypatch):
    visited = Visited(scanning.TOKEN)
    monkeypatch.setattr(scanning, "TOKEN", visited)
    found = parse(HOSTILE[what])
    assert found is None or found == {}
    assert visited.backwards == 0
    assert visited.characters <= len(HOSTILE[what])


class Visited:
    """A pattern that counts the characters which its matches take, and how often one goes back."""

    def __init__(self, pattern):
        self.pattern, self.at, self.characters, self.backwards = pattern, 0, 0, 0

    def match(self, text, at):
        self.backwards += at < self.at
        found = self.pattern.match(text, at)
        end = at if found is None else found.end()
        # A brace that broke one object off may be the first of the next, and is seen twice
        self.at, self.characters = max(at, end - 1), self.characters + max(end - at - 1, 0)
        return found


def test_the_token_of_a_scan_cannot_backtrack():
    """Every repetition is possessive, so that a token costs no more than its length."""
    pattern = scanning.TOKEN.pattern.replace("[+-]", "")
    assert all(pattern[place + 1] == "+" for place, c in enumerate(pattern) if c == "*")


FLOAT = st.floats(allow_nan=False, allow_infinity=False)
SCALAR = st.none() | st.booleans() | st.integers() | FLOAT
ANY = st.recursive(
    SCALAR | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=12,
)
OBJECT = st.dictionaries(st.text(), ANY, max_size=4)
STYLES = [{}, {"indent": 2}, {"separators": (",", ":")}, {"ensure_ascii": False}]
WRITTEN = st.builds(lambda value, how: json.dumps(value, **how), OBJECT, st.sampled_from(STYLES))
PROSE = st.text(st.characters(exclude_characters="{}`"))
examples = settings(derandomize=True, max_examples=150, deadline=None, database=None)


@given(WRITTEN, PROSE, PROSE)
@examples
def test_json_keeps_its_value_bare_fenced_and_in_prose(text, before, behind):
    value = json.loads(text)
    assert tolerant(text) == value
    assert strict_braces(text) == value
    assert tolerant(f"```json\n{text}\n```") == value
    assert tolerant(f"{before}{text}{behind}") == value
    assert beside(text) == ""


@given(st.builds(json.dumps, ANY))
@examples
def test_json_that_is_no_object_is_none(text):
    value = json.loads(text)
    assert tolerant(text) == (value if isinstance(value, dict) else None)


NASTY = st.lists(
    st.sampled_from([*'{}[]":,4.e \n\\', "4,5", "null"])
    | st.sampled_from(['"a":', "```", "```json\n", "NaN", "\ud800", "\\u12", "{}", "-"])
    | st.text(st.characters(), max_size=3)
).map("".join)


@given(NASTY | st.text(st.characters()))
@examples
def test_nothing_raises(text):
    assert all(isinstance(parse(text), dict | None) for parse in PARSERS.values())
    assert isinstance(beside(text), str)


@given(OBJECT, st.integers(-99, 99), st.integers(0, 9))
@examples
def test_a_decimal_comma_is_a_decimal_point(value, whole, tenth):
    rest = json.dumps(value | {"z": 0})[1:]
    comma, point = (f'{{"score": {whole}{sign}{tenth}, {rest}' for sign in ",.")
    assert tolerant(comma) == tolerant(point) == json.loads(point)

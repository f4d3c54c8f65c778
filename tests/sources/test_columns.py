"""Columns by name, also those within another."""

import pytest

from stages.sources.columns import ABSENT, names, value

ROW = {"a": 1, "t": {"en": "x", "de": None, "more": {"fr": "y"}}, "d.e": 2, "d": {"e": 3, "f": 4}}

# a column's name, what the row has there
FOUND = [
    ("a", 1),
    ("t", ROW["t"]),
    ("t.en", "x"),
    ("t.de", None),
    ("t.more.fr", "y"),
    ("d.e", 2),
    ("d.f", 4),
    ("b", ABSENT),
    ("t.it", ABSENT),
    ("t.", ABSENT),
    (".t", ABSENT),
    ("a.b", ABSENT),
    ("t.en.x", ABSENT),
    ("t.more.fr.x", ABSENT),
]


@pytest.mark.parametrize(("column", "found"), FOUND)
def test_value(column, found):
    assert value(ROW, column) is found or value(ROW, column) == found


def test_names_with_dots_within_a_column():
    assert value({"a": {"b.c": 1}}, "a.b.c") == 1
    assert value({"a.b": {"c": 2}, "a": {"b": {"d": 3}}}, "a.b.c") == 2
    assert value({"a.b": {"c": 2}, "a": {"b": {"d": 3}}}, "a.b.d") == 3


def test_names():
    assert list(names(ROW)) == ["a", "t.en", "t.de", "t.more.fr", "d.e", "d.e", "d.f"]
    assert list(names({"a": {}, "b": []})) == ["a", "b"]

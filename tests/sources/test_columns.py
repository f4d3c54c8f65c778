"""Columns by name, also those within another."""

import pytest

from stages.command import UserError
from stages.sources.columns import ABSENT, chosen, names, value

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


LABELLED = [{"n": n, "label": n % 2, "in": {"side": "ab"[n % 2]}} for n in range(5)] + [{"n": 5}]


@pytest.mark.parametrize(
    ("where", "kept"),
    [
        (None, [0, 1, 2, 3, 4, 5]),
        ({"label": 1}, [1, 3]),
        ({"label": 0, "in.side": "a"}, [0, 2, 4]),
        ({"in.side": "b"}, [1, 3]),
        ({"label": 1, "n": 3}, [3]),
    ],
)
def test_rows_with_a_value_in_a_column(where, kept):
    rows = [(f"row {row['n']}", row) for row in LABELLED]
    assert list(chosen(rows, where, "x")) == [rows[n] for n in kept]


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ({"label": "1"}, "x: source.where: no row has label: '1'; rows have label: 0, label: 1"),
        ({"lable": 1}, "x: source.where: no row has lable: 1; no row has such a column"),
    ],
)
def test_value_that_no_row_has_is_named_with_those_there_are(where, said):
    with pytest.raises(UserError) as raised:
        list(chosen([("p", row) for row in LABELLED], where, "x"))
    assert str(raised.value) == said


def test_without_rows_there_is_none_to_miss():
    assert list(chosen([], {"label": 1}, "x")) == []

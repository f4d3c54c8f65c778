"""Which training rows a render takes: the first of each category by id, in the split's order."""

from collections import Counter

import pytest

from stages.command import UserError
from stages.splits.selection import each_reference, mixed, shuffled, take, taught

ROWS = [
    {"id": key, "category": category}
    for key, category in [
        ("c2", "code"),
        ("j1", "json"),
        ("c1", "code"),
        ("j2", "json"),
        ("c3", "code"),
        ("x1", "other"),
    ]
]

# counts, the ids that are taken, in order
TAKEN = [
    (None, ["c2", "j1", "c1", "j2", "c3", "x1"]),
    ({"code": 1}, ["c1"]),
    ({"code": 2}, ["c2", "c1"]),
    ({"code": 3, "json": 1, "other": 1}, ["c2", "j1", "c1", "c3", "x1"]),
    ({"json": 2, "code": 1}, ["j1", "c1", "j2"]),
]


@pytest.mark.parametrize(("counts", "ids"), TAKEN)
def test_first_rows_of_each_category_are_taken(counts, ids):
    assert [row["id"] for row in take(ROWS, counts, "renders.toy-chat")] == ids


@pytest.mark.parametrize("counts", [None, {"code": 2, "json": 1}])
def test_which_rows_are_taken_does_not_depend_on_their_order(counts):
    one, other = (take(rows, counts, "renders.toy-chat") for rows in (ROWS, ROWS[::-1]))
    assert one == other[::-1]
    assert all(row in ROWS for row in one)


# counts, what is said
TOO_FEW = [
    ({"code": 4}, "4 rows of 'code', but the train split has 3; it has code 3, json 2, other 1"),
    ({"code": 1, "json": 3}, "3 rows of 'json', but the train split has 2; it has code 3, json 2"),
    ({"cod": 1}, "1 rows of 'cod', but the train split has 0; it has code 3, json 2, other 1"),
]


@pytest.mark.parametrize(("counts", "said"), TOO_FEW)
def test_too_few_rows_are_refused_with_what_there_is(counts, said):
    with pytest.raises(UserError) as raised:
        take(ROWS, counts, "renders.toy-chat")
    assert str(raised.value).startswith(f"renders.toy-chat: take: {said}")


def test_rows_without_a_category_can_be_taken_whole_only():
    rows = [{"id": "a"}, {"id": "b"}]
    assert take(rows, None, "renders.toy-chat") == rows
    with pytest.raises(
        UserError, match="1 rows of 'code', but the train split has 0; it has None 2"
    ):
        take(rows, {"code": 1}, "renders.toy-chat")


MANY = [{"id": f"{n:03}"} for n in range(100)]

# shares, rows, how many rows each gets
SHARES = [
    ({"b": 0.5, "a": 0.5}, 100, {"a": 50, "b": 50}),
    ({"a": 0.29, "b": 0.71}, 100, {"a": 29, "b": 71}),
    ({"a": 0.5, "b": 0.5}, 7, {"a": 4, "b": 3}),
    ({"a": 0.1, "b": 0.2, "c": 0.7}, 11, {"a": 1, "b": 2, "c": 8}),
    ({"a": 0.01, "b": 0.99}, 3, {"b": 3}),
]


@pytest.mark.parametrize(("shares", "count", "wanted"), SHARES)
def test_mixture_has_of_each_as_many_as_its_share_says(shares, count, wanted):
    given = mixed(MANY[:count], shares, 1)
    assert Counter(given.values()) == wanted and set(given) == {r["id"] for r in MANY[:count]}


def test_mixture_is_drawn_by_seed_and_ids_whatever_the_order():
    shares = {"a": 0.5, "b": 0.5}
    given = mixed(MANY, shares, 1)
    assert mixed(MANY[::-1], dict(reversed(shares.items())), 1) == given
    assert mixed(MANY, shares, 2) != given
    assert {given[row["id"]] for row in MANY[:20]} == {"a", "b"}


def test_shuffled_is_a_random_order_of_the_same_rows():
    drawn = shuffled(MANY, 1)
    assert drawn == shuffled(MANY[::-1], 1) != MANY
    assert sorted(drawn, key=lambda row: row["id"]) == MANY


def right(key, *references, target=None, **fields):
    given = {"references": list(references)} if references else {}
    return {"id": key, "input": "in", "target": target or references[0], **given, **fields}


# a row, what becomes of it: id and target
EVERY = [
    (right("a", "x", "y", "z"), [("a", "x"), ("a-2", "y"), ("a-3", "z")]),
    (right("a", "x", "y", "x", "y"), [("a", "x"), ("a-2", "y")]),
    (right("a", "x"), [("a", "x")]),
    (right("a", target="x"), [("a", "x")]),
    ({**right("a", target="x"), "references": None}, [("a", "x")]),
    # A target with a column of its own stays the first, whatever the references are
    (right("a", "x", "y", target="y"), [("a", "y"), ("a-2", "x")]),
    (right("a", "x", target="w"), [("a", "w"), ("a-2", "x")]),
]


@pytest.mark.parametrize(("row", "expected"), EVERY)
def test_each_reference_is_a_row_s_target_once(row, expected):
    other = right("b", "x", "y")
    rows = each_reference([other, row], "renders.toy-chat")
    assert [(one["id"], one["target"]) for one in rows] == [("b", "x"), ("b-2", "y"), *expected]
    for one in rows[2:]:
        assert {**one, "id": "a", "target": row["target"]} == row


def test_references_that_no_row_has_are_not_passed_over_in_silence():
    with pytest.raises(UserError) as raised:
        each_reference([right("a", target="x")], "renders.toy-chat")
    said = "renders.toy-chat: every_reference: no row has `references`; name their column under "
    assert str(raised.value).startswith(said)


def test_later_reference_that_would_be_called_like_another_row_is_refused():
    rows = [right("a", "x", "y"), right("a-2", "v", "w")]
    with pytest.raises(UserError) as raised:
        each_reference(rows, "renders.toy-chat")
    assert str(raised.value).startswith("renders.toy-chat: every_reference: 'a-2' is a row, and ")


def test_rows_are_taken_before_their_references_are():
    rows = [right(key, f"{key}1", f"{key}2", category=key[0]) for key in ("c2", "j1", "c1")]
    settings = {"take": {"c": 1, "j": 1}, "every_reference": True}
    found = taught(rows, settings, "renders.toy-chat")
    assert [row["id"] for row in found] == ["j1", "j1-2", "c1", "c1-2"]
    assert taught(rows, {}, "renders.toy-chat") == rows

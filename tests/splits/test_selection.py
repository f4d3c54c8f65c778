"""Which training rows a render takes: the first of each category by id, in the split's order."""

import pytest

from stages.command import UserError
from stages.splits.selection import take

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

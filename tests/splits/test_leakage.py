"""Leakage: rows of two splits that are the same text in effect are refused as listed pairs."""

import pytest

from stages.command import UserError
from stages.splits import leakage, near_duplicates

LONG = "The server could not be reached because the network connection was lost"


def example(key, text, target):
    return {"id": key, "input": text, "target": target, "origin": "x"}


def refuse(splits, unused=()):
    """Check splits whose groups come from all rows, the unused ones too."""
    rows = {row["id"]: row for part in (*splits.values(), unused) for row in part}
    group_of = near_duplicates.groups(list(rows.values()), 0.7)
    leakage.refuse(splits, group_of, 0.7, "toy")


# what, the train row, the dev row, why
LEAKS = [
    ("exact", ("Open file", "開"), ("Open file", "開"), "same input"),
    ("same input, other target", ("Open file", "開"), ("Open file", "あける"), "same input"),
    ("case", ("Open file", "開"), ("OPEN File", "開"), "same input"),
    ("width", ("Open file", "開"), ("Ｏｐｅｎ ｆｉｌｅ", "開"), "same input"),
    ("a number", ("Open 3 files", "開"), ("Open 4 files", "開"), "same input"),
    ("near-duplicate", (LONG, "a"), (f"{LONG} again", "b"), "similar input (0.92)"),
    (
        "same target",
        ("Stop", "処理を今すぐ取り消しますか"),
        ("End", "処理を今すぐ取り消しますか"),
        "same target",
    ),
]


@pytest.mark.parametrize(("what", "train", "dev", "why"), LEAKS, ids=[row[0] for row in LEAKS])
def test_pair_is_listed_with_ids_texts_and_reason(what, train, dev, why):
    splits = {
        "train": [example("t0", "Unlike the rest", "別"), example("t1", *train)],
        "dev": [example("d1", *dev), example("d0", "A colour", "色")],
    }
    with pytest.raises(UserError) as raised:
        refuse(splits)
    said = str(raised.value)
    assert said.startswith(
        "toy: leakage: 1 near-duplicate groups lie in more than one split: "
        f"train t1 {train[0][:50]!r} ~ dev d1 {dev[0][:50]!r} ({why}). "
    )
    assert "\n" not in said and "t0" not in said and "d0" not in said


def test_one_row_in_two_splits_is_refused():
    row = example("r1", "Open file", "開")
    with pytest.raises(
        UserError, match=r"train r1 'Open file' ~ test r1 'Open file' \(same input\)"
    ):
        refuse({"train": [row], "test": [row]})


def test_rows_linked_through_an_unused_row_are_refused():
    train = example("t1", "Stop", "処理を今すぐ取り消しますか")
    dev = example("d1", "Choose a colour", "色")
    bridge = example("u1", "choose a COLOUR", "処理を今すぐ取り消しますか")
    with pytest.raises(
        UserError, match=r"train t1 'Stop' ~ dev d1 'Choose a colour' \(same group\)"
    ):
        refuse({"train": [train], "dev": [dev]}, unused=[bridge])
    refuse({"train": [train], "dev": [dev]})


def test_near_duplicates_within_one_split_are_allowed():
    rows = [example("t1", "Open file", "開"), example("t2", "OPEN FILE", "開")]
    refuse({"train": rows, "dev": [example("d1", "Choose a colour", "色")]})


def test_long_lists_are_shortened_and_counted():
    words = ["alpha", "bravo", "charlie", "delta", "echo", "foxtrot", "golf", "hotel", "india",
             "juliett", "kilo", "lima"]  # fmt: skip
    train = [example(f"t{n:02}", word, "a") for n, word in enumerate(words)]
    dev = [example(f"d{n:02}", word.upper(), "a") for n, word in enumerate(words)]
    with pytest.raises(UserError) as raised:
        refuse({"train": train, "dev": dev})
    said = str(raised.value)
    assert "leakage: 12 near-duplicate groups" in said and "(the first 10)" in said
    assert said.count(" ~ ") == 10


def test_quotes_and_line_feeds_of_a_text_stay_on_the_line():
    texts = ("a\n'b'", "A 'B'")
    with pytest.raises(UserError) as raised:
        refuse({"train": [example("t", texts[0], "x")], "dev": [example("d", texts[1], "y")]})
    assert "\n" not in str(raised.value)

"""Canonical examples: what counts as the same text, ids, and one row per id."""

import pytest

from stages.command import UserError
from stages.sources.example import identify, normalize, unique


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Open File", "open file"),
        ("  Open \t\n File ", "open file"),
        ("Ｏｐｅｎ　ｆｉｌｅ", "open file"),
        ("ｶﾀｶﾅ", "カタカナ"),
        ("Straße", "strasse"),
        ("ﬁle", "file"),
        ("", ""),
    ],
)
def test_texts_count_as_the_same_apart_from_case_width_and_space(text, key):
    assert normalize(text) == key == normalize(key)


def test_id_is_short_stable_and_of_the_normalized_texts():
    assert identify("Open file", "開く") == "eefdcccd8e9c" == identify("OPEN  FILE", "開く")
    assert identify("Open file", "開ける") != identify("Open file", "開く")
    # Where one text ends is part of the key.
    assert identify("ab", "c") != identify("a", "bc") != identify("abc")


def row(key, text, target="t"):
    return {"id": key, "input": text, "target": target, "origin": "x"}


def test_rows_are_sorted_and_repeats_dropped():
    rows = [row("b", "B"), row("a", "A"), row("b", "b "), row("a", "Ａ")]
    assert unique(rows, "toy") == [row("a", "A"), row("b", "B")]


@pytest.mark.parametrize("other", [row("a", "X"), row("a", "A", "other")])
def test_one_id_for_two_rows_is_refused(other):
    with pytest.raises(UserError, match="^toy: id a stands for two rows: 'A' and "):
        unique([row("a", "A"), other], "toy")

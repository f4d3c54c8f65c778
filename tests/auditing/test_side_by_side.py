"""How the arms' training data differ: a sentence for each way, none for what is equal."""

import pytest

from stages.auditing.side_by_side import differences


def arm(loss_on="completion", rows=100, supervised=1000, truncated=0, dropped=0, **others):
    counts = {"rows": rows, "supervised_tokens": supervised}
    audit = {**counts, "truncated": truncated, "dropped": dropped}
    return {
        "loss_on": loss_on,
        "audit": audit,
        "rows_sha256": "a" * 64,
        "asked_alike": 1.0,
        **others,
    }


# the arms, and what is said of them
CASES = [
    ({}, []),
    ({"a": arm()}, []),
    ({"a": arm(), "b": arm()}, []),
    (
        {"a": arm(), "b": arm("all"), "c": arm()},
        ["the loss falls on completion in a, c; the loss falls on all in b"],
    ),
    (
        {"a": arm(), "b": arm(rows=120, supervised=1200)},
        ["there are 100 training rows in a; there are 120 training rows in b"],
    ),
    (
        {"a": arm(truncated=3), "b": arm()},
        ["3 rows are truncated in a; 0 rows are truncated in b"],
    ),
    (
        {"a": arm(), "b": arm(dropped=1)},
        ["0 rows have no supervised token in a; 1 rows have no supervised token in b"],
    ),
    (
        {"a": arm(asked_alike=0.0), "b": arm()},
        [
            "0% of the training prompts have the form of those that are asked in a; 100% of the "
            "training prompts have the form of those that are asked in b"
        ],
    ),
    (
        {"a": arm(), "b": arm(rows_sha256="b" * 64)},
        ["the training rows are set aaaaaaaa in a; the training rows are set bbbbbbbb in b"],
    ),
    # 1.1 times is let pass, and more is not
    ({"a": arm(), "b": arm(supervised=1100)}, []),
    (
        {"a": arm(supervised=2550), "b": arm(), "c": arm(supervised=1200)},
        [
            "supervised tokens per row go from 10.0 (b) to 25.5 (a), a factor of 2.5: with "
            "equal steps some arms learn from that many more tokens"
        ],
    ),
    # Per row: twice the rows with twice the tokens is no difference in tokens
    (
        {"a": arm(), "b": arm(rows=200, supervised=2000)},
        ["there are 100 training rows in a; there are 200 training rows in b"],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("arms", "said"), CASES)
def test_differences(arms, said):
    assert differences(arms) == said


def test_several_differences_are_all_said():
    found = differences({"a": arm(), "b": arm("all", rows=50, supervised=5000, truncated=2)})
    assert [note.split(" ")[0] for note in found] == ["the", "there", "0", "supervised"]

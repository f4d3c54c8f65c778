"""Scores that a stage computed apart come back to their rows by id; tests/test_evaluate.py has
the same for predictions."""

import pytest

from stages import records
from stages.command import UserError
from stages.scoring.joining import add_scores, apart, beside, probe_rows

ROWS = [{"id": key, "text": f"text {key}"} for key in ("a", "b", "c")]

# what the file of scores holds, and what is said about it
BAD = [
    ("a row too few", [("a", 0.1), ("b", 0.2)], "1 missing (c); score again"),
    ("a row too many", [("a", 1), ("b", 1), ("c", 1), ("d", 1)], "1 unknown (d); score again"),
    ("twice", [("a", 1), ("b", 1), ("c", 1), ("a", 1)], "1 repeated (a); score again"),
    ("text", [("a", "0.1")], ":1:score: expected a number or null, found '0.1'"),
    ("a truth value", [("a", 0.1), ("b", True)], ":2:score: expected a number or null, found True"),
    ("a number as id", [(1, 0.1)], ":1:id: expected str, found int"),
    ("text in a list", [("a", [0.1, "0.2"])], ":1:score: expected a number or null, found '0.2'"),
    ("a truth value in a list", [("a", [True])], ":1:score: expected a number or null, found True"),
    ("text under a name", [("a", {"win": "1"})], ":1:score: expected a number or null, found '1'"),
    ("a list in a list", [("a", [[0.1]])], ":1:score: expected a number or null, found [0.1]"),
]


def write(path, scores):
    records.write(path, [{"id": key, "score": value} for key, value in scores])
    return path


def test_scores_find_their_rows_by_id(tmp_path):
    path = write(tmp_path / "comet.jsonl", [("c", 3), ("a", 0.5), ("b", None)])
    found = add_scores(ROWS, "comet", path)
    assert [(row["id"], row["text"], row["comet"]) for row in found] == [
        ("a", "text a", 0.5),
        ("b", "text b", None),
        ("c", "text c", 3),
    ]


def test_several_numbers_of_a_row_stay_together(tmp_path):
    scores = {"a": [0.5, 0, 2.5], "b": {"win": 0.5, "covered": None}, "c": []}
    path = write(tmp_path / "judge.jsonl", scores.items())
    assert {row["id"]: row["judge"] for row in add_scores(ROWS, "judge", path)} == scores


def test_texts_that_are_no_rows_of_the_study_stand_for_themselves(tmp_path):
    path = write(tmp_path / "drift.jsonl", [("t2", [0.5]), ("t1", [0, 1.5])])
    assert probe_rows("drift", path) == [
        {"id": "t2", "group": "t2", "drift": [0.5]},
        {"id": "t1", "group": "t1", "drift": [0, 1.5]},
    ]


@pytest.mark.parametrize(("what", "scores", "said"), BAD, ids=[case[0] for case in BAD])
def test_bad_scores_are_refused(what, scores, said, tmp_path):
    path = write(tmp_path / "comet.jsonl", scores)
    with pytest.raises(UserError) as raised:
        add_scores(ROWS, "comet", path)
    assert str(raised.value).startswith(str(path)) and said in str(raised.value)


def test_missing_file_or_score_is_named(tmp_path):
    with pytest.raises(UserError, match=r"comet.jsonl: no such file"):
        add_scores(ROWS, "comet", tmp_path / "comet.jsonl")
    records.write(tmp_path / "comet.jsonl", [{"id": "a"}])
    with pytest.raises(UserError, match=r"comet.jsonl:1:score: expected a number or null"):
        add_scores(ROWS, "comet", tmp_path / "comet.jsonl")


def test_answers_of_floors_stand_beside_each_example_under_the_floor_s_name():
    examples = [{"id": "a", "input": "x"}, {"id": "b", "input": "y"}]
    said = [
        {"id": key, "floor": floor, "text": floor} for floor in ("empty", "dot") for key in "ba"
    ]
    rows = beside(examples, said, "here")
    assert [(row["id"], row["of"], row["input"], row["text"]) for row in rows] == [
        ("empty/a", "a", "x", "empty"),
        ("empty/b", "b", "y", "empty"),
        ("dot/a", "a", "x", "dot"),
        ("dot/b", "b", "y", "dot"),
    ]
    scored = apart([{"id": row["id"], "score": row["text"]} for row in rows])
    assert scored["dot"] == [{"id": "a", "score": "dot"}, {"id": "b", "score": "dot"}]
    plain = beside(examples, [{"id": "b", "text": "2"}, {"id": "a", "text": "1"}], "here")
    assert [(row["id"], row["of"], row["text"]) for row in plain] == [
        ("a", "a", "1"),
        ("b", "b", "2"),
    ]
    with pytest.raises(UserError, match=r"here: dot: ids do not match the split: 1 missing \(a\)"):
        beside(examples, said[:-1], "here")

"""answer_floors, evaluate_floors: floors are scored like arms, and say what nobody can win."""

import logging

import pytest

from stages import answer_floors, evaluate_floors, paths, records
from stages.command import UserError

TRAIN = [{"id": "t", "input": "in b", "target": "one"}, {"id": "u", "input": "x", "target": "two"}]
ROWS = [
    {"id": key, "input": f"in {key}", "target": target, "group": key, "kind": kind}
    for key, target, kind in (("a", "two", "even"), ("b", "one", "odd"), ("c", "six", "even"))
]
FLOORS = ("empty", "nearest", "dot", "reference")
METRICS = {"exact_match": {}, "hit_limit_rate": {}, "output_tokens": {}}


@pytest.fixture
def study(tmp_path, monkeypatch):
    """Splits and plans; gives a function that answers, scores and returns quality and rows."""
    monkeypatch.chdir(tmp_path)
    for split, rows in (("train", TRAIN), ("dev", ROWS)):
        records.write(paths.split("toy", split), rows)
    records.write(paths.kept_rows("toy"), ROWS)
    floors = [{"name": name, "constant": "." if name == "dot" else None} for name in FLOORS]
    plan = {"study": "toy", "floors": floors, "left_out": {"copy": "Why."}}
    records.write_json(paths.plan("answer_floors", "toy"), plan)

    def run(metrics=METRICS, **others):
        plan = {"study": "toy", "arm": "toy-floors", "metrics": metrics, "files": {}, **others}
        records.write_json(paths.plan("evaluate_floors", "toy"), plan)
        answer_floors.main("toy")
        evaluate_floors.main("toy")
        return records.read_json(paths.floor_quality("toy")), records.read(paths.floor_rows("toy"))

    return run


def test_floors_are_scored_as_arms_are(study):
    quality, rows = study(slice_by="kind")
    right = {floor: found["exact_match"]["value"] for floor, found in quality.items()}
    assert right == {"empty": 0, "nearest": pytest.approx(1 / 3), "dot": 0, "reference": 1}
    assert [row["floor"] for row in rows] == [floor for floor in FLOORS for _ in ROWS]
    assert rows[3] == {
        "floor": "nearest",
        "id": "a",
        "group": "a",
        "slice": "even",
        "exact_match": [0, 1],
        "hit_limit_rate": [0, 1],
        "output_tokens": None,
    }
    assert quality["empty"]["output_tokens"]["n"] == 0, "no model wrote it, so it has no tokens"


def test_card_says_what_was_answered_and_how(study):
    study()
    card = records.read_json(paths.kept("toy", "toy-floors", "floors.json"))
    assert card["constants"] == {"dot": "."} and card["left_out"] == {"copy": "Why."}
    assert card["train_rows"] == 2 and "3-gram" in card["similarity"]
    found = records.read(paths.kept("toy", "toy-floors", "dev.jsonl"))
    assert {row["from"] for row in found if row["floor"] == "nearest"} <= {"t", "u"}


def test_metrics_that_nobody_can_win_are_said_before_anything_is_trained(study, caplog):
    caplog.set_level(logging.WARNING)
    study()
    said = "toy: hit length limit: cannot be won, empty, dot being perfect; no more than a guard"
    assert caplog.messages == [said]


def test_reference_that_its_metric_does_not_find_perfect_is_said(study, caplog):
    caplog.set_level(logging.WARNING)
    loops = [{**row, "target": "a b c d a b c d"} for row in ROWS]
    records.write(paths.kept_rows("toy"), loops)
    records.write(paths.split("toy", "dev"), loops)
    study({"repetition_rate": {}})
    assert caplog.messages == [
        "toy: repeated 4-grams: the reference itself scores 0.2, the best is 0; the metric or the "
        "data is wrong"
    ]


def test_scores_made_apart_come_floor_by_floor(study):
    answers = [(floor, row["id"]) for floor in FLOORS for row in ROWS]
    scores = [{"id": f"{f}/{key}", "score": float(f == "reference")} for f, key in answers]
    records.write(paths.kept("toy", "toy-floors", "comet.jsonl"), scores)
    records.write_json(paths.kept("toy", "toy-floors", "comet.json"), {"signature": "here"})
    quality, _ = study({"comet": {}})
    assert {floor: found["comet"]["value"] for floor, found in quality.items()} == {
        **dict.fromkeys(FLOORS, 0.0),
        "reference": 1.0,
    }
    records.write(paths.kept("toy", "toy-floors", "comet.jsonl"), scores[1:])
    with pytest.raises(UserError, match=r"comet.jsonl: empty: ids do not match.*1 missing \(a\)"):
        evaluate_floors.main("toy")


def test_floors_out_of_step_with_the_rows_are_refused(study):
    study()
    file = paths.kept("toy", "toy-floors", "dev.jsonl")
    records.write(file, records.read(file)[1:])
    with pytest.raises(UserError, match=r"dev.jsonl: empty: ids do not match.*1 missing \(a\)"):
        evaluate_floors.main("toy")

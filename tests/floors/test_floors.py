"""Answers that need no model, and what they say of metrics."""

import numpy as np
import pytest

from stages import floors
from stages.floors import FLOORS, flags, lookup
from stages.metrics.metric import Metric, quotient

TRAIN = [
    {"id": "a", "input": "open the file", "target": "ファイルを開く"},
    {"id": "b", "input": "close the file", "target": "ファイルを閉じる"},
    {"id": "c", "input": "save", "target": "保存"},
    {"id": "d", "input": "store", "target": "保存"},
]
ROWS = [
    {"id": "1", "input": "Open the files", "target": "ファイルを開きます"},
    {"id": "2", "input": "SAVE", "target": "保存する"},
]


def said(floor, rows=ROWS, train=TRAIN):
    return [row["text"] for row in FLOORS[floor](rows, train)]


@pytest.mark.parametrize(
    ("floor", "texts"),
    [
        ("empty", ["", ""]),
        ("copy", ["Open the files", "SAVE"]),
        ("constant", ["保存", "保存"]),
        ("nearest", ["ファイルを開く", "保存"]),
        ("reference", ["ファイルを開きます", "保存する"]),
    ],
)
def test_what_each_floor_says(floor, texts):
    assert said(floor) == texts


def test_every_floor_has_a_case():
    assert set(FLOORS) == {"empty", "copy", "constant", "nearest", "reference"}


def test_constant_is_the_most_typical_of_equally_frequent_targets():
    train = [
        {"id": str(n), "input": "x", "target": target}
        for n, target in enumerate(["zzz", "the red house", "the red boat", "a red house"])
    ]
    assert set(said("constant", train=train)) == {"the red house"}
    assert said("constant", train=train[::-1]) == said("constant", train=train)


def test_nearest_looks_at_inputs_alone_and_says_where_it_looked():
    train = [{"id": "z", "input": "Open the files", "target": "far"}, *TRAIN]
    found = lookup.nearest(ROWS, train)
    assert found[0] == {"text": "far", "from": "z", "similarity": 1.0}
    assert found[1]["from"] == "c" and found[1]["similarity"] == 1.0


def test_of_equally_near_rows_the_first_by_id_is_taken():
    twins = [{"id": key, "input": "save", "target": key} for key in ("b", "a", "c")]
    assert lookup.nearest(ROWS[1:], twins)[0]["text"] == "a"


def test_nearest_is_the_brute_force_cosine():
    """Against vectors over all 3-grams, written out."""
    train = [{"id": f"{n:02}", "input": f"item {n * n} of {n}", "target": "t"} for n in range(30)]
    rows = [{"id": str(n), "input": f"items {n * 7} or {n}", "target": "t"} for n in range(9)]
    texts = [f" {row['input']} " for row in (*train, *rows)]
    grams = sorted({text[i : i + 3] for text in texts for i in range(len(text) - 2)})

    def vector(text):
        found = [text[i : i + 3] for i in range(len(text) - 2)]
        counts = np.array([found.count(gram) for gram in grams], dtype=float)
        return counts / np.linalg.norm(counts)

    known = np.array([vector(f" {row['input']} ") for row in train])
    for row, found in zip(rows, lookup.nearest(rows, train), strict=True):
        similar = known @ vector(f" {row['input']} ")
        assert found["similarity"] == pytest.approx(similar.max(), abs=1e-4)
        assert similar[int(found["from"])] == pytest.approx(similar.max())


@pytest.mark.parametrize("text", ["", "a", " ", "日", "\u3000"])
def test_texts_too_short_for_a_3_gram_are_no_crash(text):
    rows = [{"id": "1", "input": text, "target": "t"}]
    assert lookup.nearest(rows, TRAIN)[0]["text"] in {row["target"] for row in TRAIN}
    assert lookup.nearest(ROWS, [{"id": "1", "input": text, "target": "t"}])[0]["text"] == "t"


def test_answers_have_the_form_of_predictions_without_tokens():
    declared = [{"name": "empty", "constant": None}, {"name": "dot", "constant": "."}]
    found = floors.answer(declared, ROWS, TRAIN)
    assert [(row["floor"], row["id"], row["text"]) for row in found] == [
        ("empty", "1", ""),
        ("empty", "2", ""),
        ("dot", "1", "."),
        ("dot", "2", "."),
    ]
    assert {(row["tokens_in"], row["tokens_out"], row["hit_limit"]) for row in found} == {
        (None, None, False)
    }


def metric(direction, best):
    return Metric("m", direction, "ratio", lambda rows: [], quotient, lambda: "", best=best)


UP, DOWN, NEITHER = metric("higher", 1.0), metric("lower", 0.0), metric("none", None)


def test_metric_that_silence_scores_perfectly_by_cannot_be_won():
    scores = {"empty": {"m": 0.0}, "copy": {"m": 0.1}, "dot": {"m": 0.0}, "reference": {"m": 0.0}}
    assert flags.perfect(scores, {"m": DOWN}) == {"m": ["empty", "dot"]}
    assert flags.perfect(scores, {"m": UP}) == {}
    assert flags.perfect(scores, {"m": NEITHER}) == {}


def test_reference_must_reach_the_best_score_there_is():
    scores = {"reference": {"m": 0.9, "n": 0.0, "o": 0.5, "p": None}}
    metrics = {"m": UP, "n": DOWN, "o": NEITHER, "p": UP}
    assert flags.short_of_best(scores, metrics) == {"m": {"value": 0.9, "best": 1.0}}

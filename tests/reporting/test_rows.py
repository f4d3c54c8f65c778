"""The rows that a page carries along: which, what of them, how many, and that they are text."""

import json
import time

import pytest

from stages.reporting import data, rows, shown
from stages.reporting.gains import gains, row_scores
from stages.reporting.render import page
from tests.reporting.pages import carried
from tests.reporting.study import HACK, HOSTILE

EXAMPLE = {"id": "r1", "input": "in", "target": "out", "group": "g"}
ANSWER = {"text": "mine", "hit_limit": False}
NEAREST = {"text": "theirs", "from": "t7", "similarity": 0.98765, "floor": "nearest"}


@pytest.fixture
def plan(made, monkeypatch):
    """The plan of a study with nine arms and 40 rows, which lies in the working directory."""
    folder, study = made
    monkeypatch.chdir(folder)
    return study.plan


def test_every_row_is_there_with_every_answer(plan, made):
    _, study = made
    found = data.gather(plan)["rows"]
    assert (found["total"], found["sampled"], found["slice_by"]) == (40, False, "category")
    assert [row["id"] for row in found["rows"]] == [row["id"] for row in study.examples["dev"]]
    for place, (row, example) in enumerate(zip(found["rows"], study.examples["dev"], strict=True)):
        assert (row["input"], row["reference"]) == (example["input"], example["target"])
        assert row["slice"] == example["category"] and row["nearest"]["from"][:5] == "train"
        assert list(row["answers"]) == [arm["name"] for arm in found["arms"]]
        for arm, answer in row["answers"].items():
            given = study.given["dev", arm][place]
            assert answer["text"] == given["text"]
            assert answer.get("hit_limit", False) == given["hit_limit"]


def test_gains_are_those_of_the_headline_metric_against_the_arms_base(plan):
    found = data.gather(plan)["rows"]
    scores = {arm["name"]: row_scores("toy", "chrf", arm["name"]) for arm in found["arms"]}
    assert [arm["against"] for arm in found["arms"]] == [None, *["toy-s0"] * 8]
    assert found["chosen"] in scores and found["outcomes"] == ("won", "lost")
    for arm in scores:
        expected = gains("chrf", scores[arm], scores["toy-s0"])
        for row in found["rows"]:
            answer = row["answers"][arm]
            assert answer["score"] == round(scores[arm][row["id"]], 4)
            assert answer.get("gain") == (
                None if arm == "toy-s0" else round(expected[row["id"]], 4)
            )


def test_private_rows_stay_private(plan):
    sampled = data.gather(plan | {"publish": "sample"})
    assert [row["id"] for row in sampled["rows"]["rows"]] == [r["id"] for r in sampled["samples"]]
    assert len(sampled["samples"]) == shown.SAMPLES and sampled["rows"]["total"] == 40
    assert not [row for row in sampled["rows"]["rows"] if "nearest" in row]
    html = page(sampled)
    assert "16 of 40 dev rows, taken at even steps, not picked, with every answer.</p>" in html
    nothing = data.gather(plan | {"publish": "none"})
    assert nothing["rows"] is None and nothing["samples"] == []
    assert "rows-data" not in page(nothing) and "Matching" not in page(nothing)


def test_page_says_how_many_rows_it_has_no_room_for(plan, monkeypatch):
    whole = data.gather(plan)
    assert "All 40 dev rows, with every answer and that of the nearest training" in page(whole)
    size = len(rows.embedded(whole["rows"]["rows"]).encode())
    monkeypatch.setattr(rows, "ROOM", size // 2)
    half = data.gather(plan)["rows"]
    assert half["sampled"] and 15 < len(half["rows"]) < 25
    assert len(rows.embedded(half["rows"]).encode()) <= size // 2 + 2
    html = page(data.gather(plan))
    assert f"{len(half['rows'])} of 40 dev rows, as many as this page has room for" in html
    assert carried(html)["rows"] == json.loads(rows.embedded(half["rows"]))
    # More room takes more of the same rows.
    monkeypatch.setattr(rows, "ROOM", size * 3 // 4)
    more = data.gather(plan)["rows"]["rows"]
    assert [row for row in half["rows"] if row not in more] == [] and len(more) > len(half["rows"])
    assert more == sorted(more, key=lambda row: row["id"])


def test_page_of_a_study_with_far_too_many_rows_stays_small_and_is_built_soon(plan):
    gathered = data.gather(plan)
    many = [row | {"id": f"x{n}"} for n in range(300) for row in gathered["rows"]["rows"]]
    started = time.process_time()
    gathered["rows"] |= {"rows": rows.fitting(many), "sampled": True, "total": len(many)}
    html = page(gathered)
    assert 1_000_000 < len(html.encode()) < 2_000_000
    assert time.process_time() - started < 5


@pytest.mark.parametrize(
    "text", [*HOSTILE, HACK, "\u2028\u2029\x00\x7f\ufeff", "</SCRIPT >", "&lt;"]
)
def test_hostile_texts_come_back_and_are_no_markup(text):
    written = rows.embedded({"text": text, text: [text]})
    assert json.loads(written) == {"text": text, text: [text]}
    assert not set("<>&\u2028\u2029") & set(written)


def test_row_leaves_out_what_it_does_not_have():
    bare = EXAMPLE | {"answers": {"a": ANSWER}, "nearest": None, "slice": None}
    assert rows.row_of(bare, {"a": {}}, {}) == {
        "id": "r1", "input": "in", "reference": "out", "answers": {"a": {"text": "mine"}}
    }  # fmt: skip
    full = EXAMPLE | {"slice": "x", "origin": "left+right", "nearest": NEAREST}
    full |= {"answers": {"a": ANSWER | {"hit_limit": True}}}
    found = rows.row_of(full, {"a": {"r1": 0.123456}}, {"a": {"r1": -0.00001}})
    assert found["origins"] == ["left", "right"] and found["slice"] == "x"
    assert found["nearest"] == {"text": "theirs", "from": "t7", "similarity": 0.99}
    answer = {"text": "mine", "hit_limit": True, "score": 0.1235, "gain": 0.0}
    assert str(found["answers"]["a"]) == str(answer)  # no −0.0


def test_endless_text_says_what_is_left_out():
    assert rows.cut("x" * rows.LONGEST) == "x" * rows.LONGEST
    ends = "x… [1,234 more characters are not shown]"
    assert rows.cut("x" * (rows.LONGEST + 1234)).endswith(ends)


def test_row_that_one_arm_alone_has_scored_has_no_gain():
    assert gains("chrf", {"a": 3.0, "b": 1.0}, {"a": 1.0}) == {"a": 2.0}
    assert gains("hit_limit_rate", {"a": 1.0}, {"a": 0.0}) == {"a": -1.0}

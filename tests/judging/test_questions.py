"""A row's scores out of its verdicts, and which questions a row raises."""

import pytest

from stages.judging.prompts import CRITERIA
from stages.judging.questions import figures, questions, repeated, signature

SETTINGS = {
    "base_url": "http://j/v1",
    "model": "j",
    "temperature": 0.0,
    "max_tokens": 9,
    "repeat_share": 0.1,
}
FOURS = {**dict.fromkeys(CRITERIA, 4), "hallucination_risk": 2}
ROWS = [
    {"id": f"r{n}", "input": f"Say {n}.", "target": "x", "text": "a", "other": "b"}
    for n in range(30)
]


def verdicts(rate=FOURS, compare="A", swapped="B", **others):
    sides = {"compare": compare, "compare swapped": swapped}
    return {"rate": rate, **{k: v and {"better": v} for k, v in sides.items()}, **others}


# in the first order, in the second, win, consistent
ORDERS = [
    ("A", "B", 1.0, 1.0),
    ("B", "A", 0.0, 1.0),
    ("tie", "tie", 0.5, 1.0),
    ("A", "A", 0.5, 0.0),
    ("B", "B", 0.5, 0.0),
    ("A", "tie", 0.5, 0.0),
    ("tie", "B", 0.5, 0.0),
    ("B", "tie", 0.5, 0.0),
    (None, "B", None, None),
    ("A", None, None, None),
    (None, None, None, None),
]


# in the first order, in the second, how often the answer shown first is the better one
FIRST = [
    ("A", "B", 0.5),
    ("B", "A", 0.5),
    ("tie", "tie", 0.5),
    ("A", "A", 1.0),
    ("B", "B", 0.0),
    ("A", "tie", 0.75),
    ("tie", "B", 0.25),
    ("A", None, None),
]


@pytest.mark.parametrize(("one", "other", "share"), FIRST)
def test_regard_to_order(one, other, share):
    assert figures(verdicts(compare=one, swapped=other))["first"] == share


@pytest.mark.parametrize(("first", "second", "win", "consistent"), ORDERS)
def test_win_and_consistency(first, second, win, consistent):
    found = figures(verdicts(compare=first, swapped=second))
    assert (found["win"], found["consistent"]) == (win, consistent)
    assert found["covered"] == float(first is not None and second is not None)
    assert found["overall"] == 4.0


def test_ratings_and_their_mean_with_the_risk_turned_round():
    rating = dict(zip(CRITERIA, [5, 4, 3, 2, 1, 5], strict=True))
    found = figures(verdicts(rate=rating))
    assert {name: found[name] for name in CRITERIA} == rating
    assert found["overall"] == pytest.approx((5 + 4 + 3 + 2 + 1 + 1) / 6)


def test_best_and_worst():
    best = {**dict.fromkeys(CRITERIA, 5), "hallucination_risk": 1}
    worst = {**dict.fromkeys(CRITERIA, 1), "hallucination_risk": 5}
    assert [figures(verdicts(rate=rating))["overall"] for rating in (best, worst)] == [5.0, 1.0]


def test_missing_rating_is_not_zero():
    found = figures(verdicts(rate=None))
    assert [found[name] for name in (*CRITERIA, "overall", "repeat")] == [None] * 8
    assert (found["win"], found["covered"]) == (1.0, 0.0)


# the second rating, by how many points it differs; repeat
AGAIN = [(0, 1.0), (1, 1.0), (3, 1.0), (4, 0.0), (6, 0.0)]


@pytest.mark.parametrize(("points", "repeat"), AGAIN)
@pytest.mark.parametrize("level", [1, 2, 3, 4])
def test_repeat(level, points, repeat):
    first = {**dict.fromkeys(CRITERIA, level), "hallucination_risk": 6 - level}
    again = dict(first)
    for name in list(CRITERIA)[:points]:
        again[name] += -1 if name == "hallucination_risk" else 1
    assert figures(verdicts(rate=first, **{"rate again": again}))["repeat"] == repeat


def test_repeat_that_failed_or_was_not_asked():
    assert figures(verdicts())["repeat"] is None
    assert figures(verdicts())["covered"] == 1.0
    failed = figures(verdicts(**{"rate again": None}))
    assert (failed["repeat"], failed["covered"], failed["overall"]) == (None, 0.0, 4.0)


SHARES = [(0.0, 0), (0.01, 1), (0.1, 3), (0.11, 4), (0.7, 21), (1.0, 30)]


@pytest.mark.parametrize(("share", "count"), SHARES)
def test_share_of_rows_that_is_asked_again(share, count):
    assert len(repeated(ROWS, share)) == count


def test_asked_again_are_the_same_rows_for_every_arm_and_order():
    chosen = repeated(ROWS, 0.3)
    other_arm = [{**row, "text": f"c{row['id']}", "other": "d"} for row in reversed(ROWS)]
    assert repeated(other_arm, 0.3) == chosen
    assert repeated([{**row, "input": "Sing."} for row in ROWS], 0.3) != chosen


def test_questions_of_rows():
    asked = questions(ROWS, SETTINGS)
    kinds = [question.kind for question in asked]
    assert {kind: kinds.count(kind) for kind in kinds} == {
        "rate": 30, "compare": 30, "compare swapped": 30, "rate again": 3,
    }  # fmt: skip
    assert len({question.key for question in asked}) == 93
    again = [question for question in asked if question.kind == "rate again"]
    first = {question.row: question for question in asked if question.kind == "rate"}
    for question in again:
        assert question.request == first[question.row].request
        assert question.key != first[question.row].key


def test_signature_has_what_decides_the_scores():
    plain = signature(SETTINGS, "s-base")
    assert plain.startswith("judge|model:j|server:http://j/v1|temperature:0|max_tokens:9|prompts:")
    assert plain.endswith("|against:s-base|repeat:0.1|rule:1")
    changes = [{"model": "k"}, {"temperature": 0.5}, {"max_tokens": 8}, {"repeat_share": 0.2}]
    changed = [signature({**SETTINGS, **change}, "s-base") for change in changes]
    assert len({plain, *changed, signature(SETTINGS, "s-a")}) == 6

"""Examples before a question: which train rows, in which order, and as what."""

import numpy as np
import pytest

from stages.command import UserError
from stages.retrieval import shots
from stages.retrieval.similarity import CHUNK, similarities

NEAREST = {"choose": "nearest", "count": 2}
FIXED = {"choose": "fixed", "count": 2, "seed": 1}


def row(key, text, group=None):
    return {"id": key, "input": text, "target": f"<{text}>", "group": group or key}


TRAIN = [
    row("a", "open the file"),
    row("b", "open the files", "a"),
    row("c", "close the file"),
    row("d", "close the door"),
    row("e", "xyz"),
]


def ids(shown):
    return [[one["id"] for one in shots] for shots in shown]


def test_most_similar_row_comes_last_right_before_the_question():
    asked = [row("1", "close the files"), row("2", "xyz!")]
    assert ids(shots.before(NEAREST, asked, TRAIN))[0] == ["b", "c"]
    assert ids(shots.before({**NEAREST, "count": 1}, asked, TRAIN)) == [["c"], ["e"]]


@pytest.mark.parametrize("settings", [NEAREST, FIXED, {**FIXED, "seed": 5}])
def test_train_row_sees_no_row_of_its_own_group(settings):
    for asked, shown in zip(TRAIN, shots.before(settings, TRAIN, TRAIN), strict=True):
        assert len({one["id"] for one in shown}) == settings["count"]
        assert asked["group"] not in {one["group"] for one in shown}


@pytest.mark.parametrize("settings", [NEAREST, FIXED])
def test_order_of_the_train_rows_does_not_matter(settings):
    asked = [row("1", "close the files"), *TRAIN]
    assert shots.before(settings, asked, TRAIN) == shots.before(settings, asked, TRAIN[::-1])


def test_of_equally_near_rows_the_first_by_id_is_nearer():
    twins = [row(key, text) for key, text in (("c", "save"), ("a", "save"), ("b", "SAVE"))]
    assert ids(shots.before(NEAREST, [row("1", "save")], twins)) == [["b", "a"]]


def test_nearest_is_the_brute_force_over_more_rows_than_a_chunk():
    train = [row(f"{n:04}", f"item {n * n % 97} of {n % 13}", f"g{n % 50}") for n in range(400)]
    assert len(train) > CHUNK
    texts = [one["input"] for one in train]
    similar = np.round(np.concatenate(list(similarities(texts, texts))), shots.DIGITS)
    for place, shown in enumerate(shots.before({**NEAREST, "count": 3}, train, train)):
        others = [n for n, one in enumerate(train) if one["group"] != train[place]["group"]]
        best = sorted(others, key=lambda n, place=place: (-similar[place, n], train[n]["id"]))[:3]
        assert [one["id"] for one in shown] == [train[n]["id"] for n in best[::-1]]


def test_fixed_are_the_same_for_all_but_those_among_them():
    everyone = [row(f"{n}", f"text {n}") for n in range(30)]
    asked = [row(f"dev{n}", f"text {n}") for n in range(3)]
    (shown,) = {tuple(one) for one in ids(shots.before(FIXED, asked, everyone))}
    for one, own in zip(everyone, ids(shots.before(FIXED, everyone, everyone)), strict=True):
        kept = [key for key in shown if key != one["id"]]
        assert own[: len(kept)] == kept and len(own) == 2
        assert (own == list(shown)) == (one["id"] not in shown)
    assert ids(shots.before({**FIXED, "seed": 2}, asked, everyone))[0] != list(shown)


def test_fixed_are_of_different_groups():
    many = [row(f"{n}", "the same", f"g{n % 2}") for n in range(20)]
    (shown,) = shots.before(FIXED, [row("1", "x")], many)
    assert {one["group"] for one in shown} == {"g0", "g1"}


@pytest.mark.parametrize("settings", [NEAREST, FIXED])
def test_too_few_rows_that_may_be_shown_are_an_error(settings):
    said = (
        "shots: 4 examples before row a, but the train split has 3 that are no near-duplicates of "
        "it; show fewer"
    )
    with pytest.raises(UserError) as raised:
        shots.before({**settings, "count": 4}, TRAIN, TRAIN)
    assert str(raised.value) == said


def test_row_of_dev_or_test_in_a_train_row_s_group_is_leakage():
    shots.disjoint([row("1", "open")], TRAIN)
    with pytest.raises(UserError, match="row 1 is a near-duplicate of train row c; freeze"):
        shots.disjoint([row("1", "open", "c")], TRAIN)


SYSTEM = {"role": "system", "content": "Translate."}


def message(role, content):
    return {"role": role, "content": content}


def test_examples_are_earlier_turns_behind_one_system_message():
    asked, one = message("user", "hello"), message("user", "bye")
    answer, after = message("assistant", "ハロー"), message("assistant", "バイバイ")
    row = {"prompt": [SYSTEM, asked], "completion": [answer]}
    shot = {"prompt": [SYSTEM, one], "completion": [after]}
    assert shots.precede(row, [shot, shot]) == {
        "prompt": [SYSTEM, one, after, one, after, asked],
        "completion": [answer],
    }
    assert shots.precede(row, []) == row


def test_examples_of_plain_text_stand_above_it():
    row, shot = ({"prompt": f"{x}? ", "completion": f"{x}!"} for x in "ab")
    assert shots.precede(row, [shot, shot]) == {
        "prompt": "b? b!\n\nb? b!\n\na? ",
        "completion": "a!",
    }

"""Next tokens side by side: by hand on four tokens, and what holds of any distribution."""

import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stages.scoring.next_tokens import (
    code_tokens,
    divergence,
    entropy,
    side_by_side,
    summary,
)

WORDS = ["the", "{", "return", "a"]
CODE = frozenset({1, 2})
EVEN = np.log([[0.25] * 4])
SURE = np.log([[0.5, 0.25, 0.125, 0.125]])


def table(reference, base, tuned, **options):
    return side_by_side(reference, base, tuned, CODE, WORDS.__getitem__, **options)


def test_one_position_by_hand():
    (found,) = table([2], EVEN, SURE, shown=2)
    assert found["reference"] == "return"
    assert found["base"] == {
        "tokens": [{"token": "the", "p": 0.25}, {"token": "{", "p": 0.25}],
        "entropy": round(math.log(4), 6),
        "code_share": 0.5,
        "reference_p": 0.25,
        "reference_rank": 1,
    }
    assert found["tuned"]["tokens"] == [{"token": "the", "p": 0.5}, {"token": "{", "p": 0.25}]
    assert found["tuned"]["entropy"] == round(1.75 * math.log(2), 6)
    assert (found["tuned"]["code_share"], found["tuned"]["reference_rank"]) == (0.375, 3)
    # 1/4 (ln 1/2 + ln 1 + ln 2 + ln 2)
    assert found["kl"] == round(math.log(2) / 4, 6)


def test_the_same_model_twice_does_not_diverge():
    (found,) = table([0], SURE, SURE)
    assert found["kl"] == 0 and found["base"] == found["tuned"]
    assert summary([found])["first"]["overlap"] == 1


def test_impossible_tokens_add_nothing():
    none = np.array([[0.0, -np.inf, -np.inf, -np.inf]])
    (found,) = table([3], none, EVEN)
    assert (found["base"]["entropy"], found["base"]["reference_p"]) == (0, 0)
    assert found["kl"] == round(math.log(4), 6)
    json.dumps(found, allow_nan=False)


def test_summary_has_the_first_position_and_the_means():
    both = table([0, 1], np.vstack([EVEN, SURE]), np.vstack([SURE, SURE]), shown=2)
    found = summary(both)
    assert found["positions"] == 2
    assert found["first"]["code_share_base"] == 0.5
    assert found["mean"]["code_share_base"] == pytest.approx((0.5 + 0.375) / 2, abs=1e-6)
    assert found["mean"]["kl"] == pytest.approx(both[0]["kl"] / 2, abs=1e-6)
    assert found["mean"]["overlap"] == 1


def test_overlap_is_a_share_of_the_tokens_shown():
    turned = np.log([[0.1, 0.2, 0.3, 0.4]])
    (found,) = table([0], SURE, turned, shown=2)
    assert summary([found])["first"]["overlap"] == 0


@pytest.mark.parametrize(
    ("reference", "base", "tuned"),
    [([0, 1], EVEN, EVEN), ([0], EVEN, EVEN[:, :3]), ([0], EVEN[0], EVEN[0]), ([], EVEN, EVEN)],
)
def test_shapes_that_do_not_fit_are_refused(reference, base, tuned):
    with pytest.raises(ValueError, match="expected \\(tokens, vocabulary\\) twice"):
        table(reference, base, tuned)


def test_a_text_without_positions_is_refused():
    with pytest.raises(ValueError, match="without positions"):
        summary([])


# what, code, prose, tokens that are code's; at least 3 times in code, twice as frequent
MARKS = [
    ("in code alone", [[1, 1, 1]], [[2, 2, 2]], {1}),
    ("in both alike", [[1, 1, 1]], [[1, 1, 1]], set()),
    ("in prose alone", [[2, 2, 2]], [[1, 1, 1], [2, 2, 2]], set()),
    ("too seldom", [[1, 1], [3, 3, 3, 3]], [[2] * 9], {3}),
    ("texts are added up", [[1], [1], [1]], [[2, 2, 2]], {1}),
    ("shares and not counts", [[1] * 4 + [3] * 96], [[1] * 4], {3}),
    ("nothing", [], [], set()),
]


@pytest.mark.parametrize(("what", "code", "prose", "found"), MARKS, ids=[case[0] for case in MARKS])
def test_which_tokens_are_code(what, code, prose, found):
    assert code_tokens(code, prose, times=2, least=3) == found


WEIGHTS = st.lists(st.floats(0.01, 1), min_size=5, max_size=5)


@given(WEIGHTS, WEIGHTS)
def test_bounds_of_entropy_and_divergence(one, other):
    old, new = (np.log(np.array(weights) / sum(weights)) for weights in (one, other))
    assert -1e-9 <= entropy(old) <= math.log(5) + 1e-9
    assert divergence(old, new) >= 0
    assert divergence(old, old) == 0

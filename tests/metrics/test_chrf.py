"""chrF and chrF++ by hand, and beside sacreBLEU's own corpus score."""

import warnings

import numpy as np
import pytest
from sacrebleu.metrics import CHRF

from stages.metrics import METRICS
from stages.metrics.metric import score

WORD_ORDERS = {"chrf": 0, "chrf_pp": 2}

# metric, what, [(answer, reference)], score worked out by hand; F = 5PR / (4P + R)
CASES = [
    ("chrf", "the same", [("abcdef", "abcdef")], 100.0),
    ("chrf", "the same, shorter than six", [("はい", "はい")], 100.0),
    ("chrf", "spaces don't count", [("a b", "ab")], 100.0),
    ("chrf", "nothing right", [("xyz", "abc")], 0.0),
    ("chrf", "empty answer", [("", "abc")], 0.0),
    # Orders 1 and 2: P = (1/2 + 0/1) / 2 and R the same.
    ("chrf", "one of two letters", [("ab", "ac")], 25.0),
    # Only order 1 on both sides: P = 1, R = 1/2, so F = 2.5 / 4.5.
    ("chrf", "half of it", [("a", "ab")], 100 * 5 / 9),
    # Only order 1 on both sides: P = 1/2, R = 1, so F = 2.5 / 3.
    ("chrf", "twice of it", [("ab", "a")], 100 * 5 / 6),
    # Orders 1-2, sums before quotients: P = (2/3 + 1/1) / 2 = 5/6 = R.
    ("chrf", "a corpus sums before it divides", [("ab", "ab"), ("x", "y")], 100 * 5 / 6),
    ("chrf_pp", "the same", [("two words", "two words")], 100.0),
    ("chrf_pp", "nothing right", [("xyz", "abc")], 0.0),
    # Characters 2/2 and 1/1; of the words a and b none is ab; the reference has no pair of words.
    ("chrf_pp", "spaces make words", [("a b", "ab")], 100 * 2 / 3),
    # Characters 1/2 and 0/1, words 1/2, pairs of words 0/1.
    ("chrf_pp", "one word of two", [("a b", "a c")], 100 * (1 / 2 + 0 + 1 / 2 + 0) / 4),
]


@pytest.mark.parametrize(
    ("name", "what", "texts", "expected"), CASES, ids=[case[1] for case in CASES]
)
def test_chrf_by_hand(name, what, texts, expected, make_row):
    found = score(METRICS[name], [make_row(*texts_of_row) for texts_of_row in texts], {})
    assert found["value"] == pytest.approx(expected, abs=1e-9)


def test_statistics_are_answer_reference_and_match_per_order(make_row):
    rows = [make_row("ab c", "abd")]
    [characters] = METRICS["chrf"].statistics(rows)
    assert characters[:9] == [3, 3, 2, 2, 2, 1, 1, 1, 0]
    assert len(characters) == 18
    [both] = METRICS["chrf_pp"].statistics(rows)
    assert both[:18] == characters
    # Without a word pair in the reference, those of the answer are not counted.
    assert both[18:] == [2, 1, 0, 0, 0, 0]


@pytest.mark.parametrize("name", WORD_ORDERS)
def test_agrees_with_sacrebleu(name, pairs, make_row):
    chrf = CHRF(word_order=WORD_ORDERS[name])
    alone = [[pair] for pair in pairs if pair[1]]
    growing = [pairs[:size] for size in range(2, len(pairs) + 1)]
    silent = [[("", reference) for _, reference in pairs]]
    for corpus in alone + growing + silent:
        answers, references = zip(*corpus, strict=True)
        expected = chrf.corpus_score(answers, [references]).score
        found = score(METRICS[name], [make_row(*pair) for pair in corpus], {})
        assert found["value"] == pytest.approx(expected, abs=1e-9), corpus


def test_agrees_with_sacrebleu_on_any_sums():
    """Sums as a bootstrap makes them, with orders that one side or both lack."""
    random = np.random.default_rng(7)
    sides = random.integers(0, 4, (300, 6, 2))
    sides[:, 0, 1] += 1  # there is always some reference
    match = np.minimum(random.integers(0, 4, (300, 6)), sides.min(axis=2))
    sums = np.concatenate([sides, match[..., None]], axis=2).reshape(300, 18)
    expected = [CHRF()._compute_f_score(vector) for vector in sums.tolist()]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = METRICS["chrf"].combine(sums)
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-9)


@pytest.mark.parametrize("name", WORD_ORDERS)
def test_without_any_reference_there_is_no_score(name, make_row):
    found = score(METRICS[name], [make_row("abcd", "")], {})
    assert (found["value"], found["n"]) == (None, 1)


def test_signatures():
    assert METRICS["chrf"].signature() == (
        "nrefs:1|case:mixed|eff:yes|nc:6|nw:0|space:no|version:2.6.0"
    )
    assert METRICS["chrf_pp"].signature() == (
        "nrefs:1|case:mixed|eff:yes|nc:6|nw:2|space:no|version:2.6.0"
    )

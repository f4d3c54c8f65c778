"""BLEU by hand, and beside sacreBLEU's own corpus score."""

import math
import warnings

import numpy as np
import pytest
from sacrebleu.metrics import BLEU

from stages.metrics import METRICS
from stages.metrics.metric import score

TOKENIZERS = {"bleu_char": "char", "bleu_ja_mecab": "ja-mecab"}

# metric, what, [(answer, reference)], BLEU worked out by hand
CASES = [
    ("bleu_char", "the same", [("abcd", "abcd")], 100.0),
    ("bleu_char", "last letter wrong: 4/5 3/4 2/3 1/2", [("abcde", "abcdf")], 100 * 0.2**0.25),
    ("bleu_char", "two letters short", [("abcd", "abcdef")], 100 * math.exp(1 - 6 / 4)),
    ("bleu_char", "longer is not rewarded: 4/5 3/4 2/3 1/2", [("abcde", "abcd")], 100 * 0.2**0.25),
    ("bleu_char", "no 3-gram: 4/5 2/4 (1/2)/3 (1/4)/2", [("abxcd", "abcd")], 100 / 120**0.25),
    ("bleu_char", "no 4-gram: 6/7 4/6 2/5 (1/2)/4", [("abcxyza", "abcyza")], 100 / 35**0.25),
    ("bleu_char", "spaces are no characters", [("ab cd", "a bcd")], 100.0),
    ("bleu_char", "clipped: 1/4 (1/2)/3 (1/4)/2 (1/8)/1", [("aaaa", "abcd")], 100 / 1536**0.25),
    ("bleu_char", "nothing right", [("wxyz", "abcd")], 0.0),
    ("bleu_char", "empty answer", [("", "abcd")], 0.0),
    ("bleu_char", "under four characters, though right", [("はい", "はい")], 0.0),
    ("bleu_char", "a corpus sums before it divides", [("はい", "はい"), ("abcd", "abcd")], 100.0),
    ("bleu_char", "one of two empty", [("", "abcd"), ("abcd", "abcd")], 100 * math.exp(1 - 8 / 4)),
    ("bleu_ja_mecab", "four words, the same", [("今日は晴れです", "今日は晴れです")], 100.0),
    (
        "bleu_ja_mecab",
        "今日/は/晴れ/です/。 short of one word: 1 1 1 1",
        [("今日は晴れです", "今日は晴れです。")],
        100 * math.exp(1 - 5 / 4),
    ),
    ("bleu_ja_mecab", "one word is under four", [("はい", "はい")], 0.0),
    ("bleu_ja_mecab", "empty answer", [("", "今日は晴れです。")], 0.0),
]


@pytest.mark.parametrize(
    ("name", "what", "texts", "expected"), CASES, ids=[case[1] for case in CASES]
)
def test_bleu_by_hand(name, what, texts, expected, make_row):
    found = score(METRICS[name], [make_row(*texts_of_row) for texts_of_row in texts], {})
    assert found["value"] == pytest.approx(expected, abs=1e-9)


def test_statistics_are_lengths_then_matches_then_totals(make_row):
    [vector] = METRICS["bleu_char"].statistics([make_row("abxcd", "abcdef")])
    assert vector == [5, 6, 4, 2, 0, 0, 5, 4, 3, 2]


@pytest.mark.parametrize("name", TOKENIZERS)
def test_agrees_with_sacrebleu(name, pairs, make_row):
    bleu = BLEU(tokenize=TOKENIZERS[name])
    alone = [[pair] for pair in pairs if pair[1]]
    growing = [pairs[:size] for size in range(2, len(pairs) + 1)]
    silent = [[("", reference) for _, reference in pairs]]
    for corpus in alone + growing + silent:
        answers, references = zip(*corpus, strict=True)
        expected = bleu.corpus_score(answers, [references]).score
        found = score(METRICS[name], [make_row(*pair) for pair in corpus], {})
        assert found["value"] == pytest.approx(expected, abs=1e-9), corpus


def test_agrees_with_sacrebleu_on_any_sums():
    """Sums as a bootstrap makes them, with orders that have no match or no n-gram at all."""
    random = np.random.default_rng(7)
    total = np.sort(random.integers(0, 6, (300, 4)), axis=1)[:, ::-1]
    correct = np.minimum(random.integers(0, 6, (300, 4)), total)
    lengths = np.stack([total[:, 0], random.integers(1, 9, 300)], axis=1)
    sums = np.concatenate([lengths, correct, total], axis=1)
    expected = [
        BLEU.compute_bleu(c.tolist(), t.tolist(), *map(int, n), smooth_method="exp").score
        for n, c, t in zip(lengths, correct, total, strict=True)
    ]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = METRICS["bleu_char"].combine(sums)
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-9)


@pytest.mark.parametrize("name", TOKENIZERS)
def test_without_any_reference_there_is_no_score(name, make_row):
    found = score(METRICS[name], [make_row("abcd", "")], {})
    assert (found["value"], found["n"]) == (None, 1)
    assert found["reason"] == "nothing to divide by in the 1 scored rows"


@pytest.mark.parametrize("name", TOKENIZERS)
@pytest.mark.parametrize("odd", ["\0", "\ud83d"])
def test_text_after_a_character_that_mecab_cannot_read_still_counts(name, odd, make_row):
    reference = "今日は晴れです"
    [plain] = METRICS[name].statistics([make_row(reference, reference)])
    [found] = METRICS[name].statistics([make_row(odd + reference, reference)])
    assert found[2:6] == plain[2:6]


def test_signatures():
    assert METRICS["bleu_char"].signature() == (
        "nrefs:1|case:mixed|eff:no|tok:char|smooth:exp|version:2.6.0"
    )
    assert METRICS["bleu_ja_mecab"].signature() == (
        "nrefs:1|case:mixed|eff:no|tok:ja-mecab-0.996-IPA|smooth:exp|version:2.6.0"
    )

"""Bootstrap and randomization beside sacreBLEU's and SciPy's, and what their draws must keep."""

import random
import tracemalloc

import numpy as np
import pytest
from sacrebleu.metrics import BLEU, CHRF
from sacrebleu.significance import PairedTest
from scipy import stats

from stages.metrics import METRICS
from stages.metrics.metric import Metric, quotient
from stages.verdicts.resampling import (
    CHUNK,
    RESAMPLES,
    bootstrap_score,
    group_numbers,
    make_pair,
    replicate,
)
from stages.verdicts.significance import interval, p_bootstrap, p_randomization

MEAN = Metric("mean", "higher", "points 0-100", lambda rows: [], quotient, lambda: "")
SACREBLEU_SAMPLES = 4000
ROWS = 120


def same(found: float, expected: float, samples: int) -> bool:
    """Whether two Monte Carlo estimates of one p-value agree, within four standard errors."""
    p = (found + expected) / 2
    return abs(found - expected) < 4 * np.sqrt(p * (1 - p) * (1 / samples + 1 / RESAMPLES)) + 1e-3


def mean_pair(arm, against, groups=None):
    vectors = [[[float(value), 1.0] for value in side] for side in (arm, against)]
    return make_pair(MEAN, *vectors, np.arange(len(arm)) if groups is None else groups)


def delta_of(pair):
    return float(pair.deltas(pair.arm.sum(axis=0), pair.against.sum(axis=0)))


# --- beside sacreBLEU


def noisy(texts, rate, seed):
    """Each text with a share of its characters replaced."""
    rng = random.Random(seed)
    return ["".join(rng.choice("xyzん") if rng.random() < rate else c for c in t) for t in texts]


@pytest.fixture(scope="module")
def references():
    rng = random.Random(1)
    kana, latin = "アイウエオカキクケコサシスセソを設定保存", "abcdefghij klm"
    return [
        "".join(rng.choices(latin if i % 3 == 0 else kana, k=rng.randint(8, 30)))
        for i in range(ROWS)
    ]


# what, noise of the other arm and of the arm, the arm's seed
SYSTEMS = [
    ("clearly better", 0.30, 0.20, 2),
    ("clearly worse", 0.20, 0.30, 2),
    ("somewhat better", 0.30, 0.28, 7),
    ("somewhat worse", 0.28, 0.30, 11),
    ("on the verge", 0.30, 0.30, 7),
    ("hardly different", 0.30, 0.30, 11),
]
METRIC_NAMES = {"bleu_char": "BLEU", "chrf": "chrF2"}


@pytest.fixture(scope="module", params=SYSTEMS, ids=[case[0] for case in SYSTEMS])
def both(request, references):
    """Per metric our pair and replicates, sacreBLEU's result per test, and the other's score."""
    _, other_noise, noise, seed = request.param
    against, arm = noisy(references, other_noise, 1), noisy(references, noise, seed)
    theirs = {
        test: PairedTest(
            [("against", against), ("arm", arm)],
            {"BLEU": BLEU(tokenize="char"), "chrF2": CHRF()},
            [references],
            test_type=test,
            n_samples=SACREBLEU_SAMPLES,
        )()[1]
        for test in ("bs", "ar")
    }

    def vectors(name, texts):
        rows = [{"text": t, "target": r} for t, r in zip(texts, references, strict=True)]
        return METRICS[name].statistics(rows)

    pairs = {
        name: make_pair(METRICS[name], vectors(name, arm), vectors(name, against), np.arange(ROWS))
        for name in METRIC_NAMES
    }
    drawn = replicate(pairs)
    return {
        name: (pairs[name], drawn[name], {test: theirs[test][label] for test in theirs})
        for name, label in METRIC_NAMES.items()
    }


@pytest.mark.parametrize("name", METRIC_NAMES)
def test_difference_is_sacrebleus(name, both):
    pair, _, theirs = both[name]
    base, system = theirs["bs"]
    assert delta_of(pair) == pytest.approx(system.score - base.score, abs=1e-9)


@pytest.mark.parametrize("name", METRIC_NAMES)
def test_randomization_p_is_sacrebleus(name, both):
    pair, (_, swapped), theirs = both[name]
    found = p_randomization(swapped, delta_of(pair))
    assert same(found, theirs["ar"][1].p_value, SACREBLEU_SAMPLES)


@pytest.mark.parametrize("name", METRIC_NAMES)
def test_bootstrap_p_is_sacrebleus_for_its_one_tail(name, both):
    """sacreBLEU centres |difference| and counts its upper tail; ours counts both, so is larger."""
    pair, (drawn, _), theirs = both[name]
    delta, size = delta_of(pair), np.abs(drawn)
    one_tail = ((size - size.mean() > abs(delta)).sum() + 1) / (len(drawn) + 1)
    assert same(one_tail, theirs["bs"][1].p_value, SACREBLEU_SAMPLES)
    assert p_bootstrap(drawn, delta) >= one_tail


@pytest.mark.parametrize("name", METRIC_NAMES)
def test_bootstrap_mean_and_interval_are_sacrebleus(name, both):
    """For 120 rows the expanded interval is about 1.5 % wider than sacreBLEU's percentile one."""
    pair, _, theirs = both[name]
    drawn = bootstrap_score(pair.metric, pair.arm)
    mean, half = (float(figure) for figure in (theirs["bs"][1].mean, theirs["bs"][1].ci))
    low, high = interval(drawn, ROWS)
    assert drawn.mean() == pytest.approx(mean, abs=0.1 * half)
    assert (high - low) / 2 == pytest.approx(half, rel=0.06)
    assert np.subtract(*np.quantile(drawn, [0.975, 0.025])) / 2 == pytest.approx(half, rel=0.05)


def test_the_systems_cover_middling_and_clear_p(both, request):
    """Else the agreement above would be one of floors."""
    found = [p_randomization(swapped, delta_of(pair)) for pair, (_, swapped), _ in both.values()]
    if "clearly" in request.node.name:
        assert max(found) == pytest.approx(1 / (RESAMPLES + 1))
    else:
        assert all(0.02 < p < 0.6 for p in found)


def test_a_tie_gets_1_where_sacrebleu_gives_the_smallest_p(references):
    """Swapping equal answers never changes the score: sacreBLEU's > counts none of the draws."""
    texts = noisy(references, 0.3, 1)
    metric = METRICS["chrf"]
    rows = [{"text": t, "target": r} for t, r in zip(texts, references, strict=True)]
    vectors = metric.statistics(rows)
    pair = make_pair(metric, vectors, vectors, np.arange(ROWS))
    drawn, swapped = replicate({"x": pair})["x"]
    assert p_randomization(swapped, 0.0) == p_bootstrap(drawn, 0.0) == 1.0
    for test in ("bs", "ar"):
        theirs = PairedTest(
            [("a", texts), ("b", texts)], {"chrF2": CHRF()}, [references], test, n_samples=100
        )()[1]
        assert theirs["chrF2"][1].p_value == pytest.approx(1 / 101)


# --- beside SciPy


@pytest.mark.parametrize("kind", ["normal", "skewed", "quotient"])
def test_bootstrap_is_scipys(kind):
    rng = np.random.default_rng(5)
    weight = rng.integers(1, 6, 40) if kind == "quotient" else np.ones(40)
    draw = rng.normal if kind == "normal" else lambda *_: rng.exponential(1, 40)
    arm, against = (draw(shift, 1, 40) * weight for shift in (0.3, 0.0))

    def difference(a, b, w, axis=-1):
        return (a.sum(axis=axis) - b.sum(axis=axis)) / w.sum(axis=axis)

    theirs = stats.bootstrap(
        (arm, against, weight),
        difference,
        paired=True,
        method="percentile",
        n_resamples=RESAMPLES,
        rng=np.random.default_rng(1),
    )
    vectors = [[list(v) for v in zip(side, weight, strict=True)] for side in (arm, against)]
    drawn, _ = replicate({"x": make_pair(MEAN, *vectors, np.arange(40))})["x"]
    deviation = theirs.standard_error
    assert drawn.std(ddof=1) == pytest.approx(deviation, rel=0.03)
    for found, expected in zip(
        np.quantile(drawn, [0.025, 0.975]), theirs.confidence_interval, strict=True
    ):
        assert found == pytest.approx(expected, abs=0.1 * deviation)


# what, arm, other arm
SMALL = [
    ("two rows", [1, 1], [0, 0]),
    ("five of five better", [1, 2, 3, 4, 5], [0, 0, 0, 0, 0]),
    ("seven of eight better", [3, 1, 4, 1, 5, 9, 2, 6], [1, 0, 2, 2, 1, 3, 0, 4]),
    ("no clear side", [3, 1, 4, 1, 5, 9], [2, 7, 1, 8, 2, 8]),
    ("some tie", [1, 1, 1, 0, 2, 3, 5], [1, 1, 0, 0, 3, 1, 1]),
    ("all tie", [1, 2, 3], [1, 2, 3]),
    ("fractions", [0.1, 0.7, 0.3, 0.9, 0.2], [0.3, 0.1, 0.1, 0.5, 0.4]),
]


@pytest.mark.parametrize(("what", "arm", "against"), SMALL, ids=[case[0] for case in SMALL])
def test_randomization_is_scipys_exact_permutation_test(what, arm, against):
    exact = stats.permutation_test(
        (np.array(arm, float), np.array(against, float)),
        lambda a, b, axis: (a - b).mean(axis=axis),
        permutation_type="samples",
        vectorized=True,
        n_resamples=np.inf,
    )
    pair = mean_pair(arm, against)
    found = p_randomization(replicate({"x": pair})["x"][1], delta_of(pair))
    assert same(found, min(1.0, exact.pvalue), RESAMPLES)


# --- what the draws must keep


def test_same_seed_same_draws_whoever_else_is_compared():
    rng = np.random.default_rng(2)
    scores = rng.normal(size=(3, 30))
    pairs = {name: mean_pair(scores[name], scores[2]) for name in (0, 1)}
    together, alone = replicate(pairs), replicate({1: pairs[1]})
    for mine, its in zip(together[1], alone[1], strict=True):
        np.testing.assert_allclose(mine, its, rtol=0, atol=1e-12)
    again = replicate(pairs)
    for mine, its in zip(together[0] + together[1], again[0] + again[1], strict=True):
        np.testing.assert_array_equal(mine, its)
    assert not np.array_equal(replicate(pairs, seed=1)[0][0], together[0][0])


def test_all_pairs_see_the_same_draws():
    scores = np.random.default_rng(2).normal(size=30)
    pairs = {"once": mean_pair(scores, np.zeros(30)), "twice": mean_pair(2 * scores, np.zeros(30))}
    found = replicate(pairs)
    for once, twice in zip(found["once"], found["twice"], strict=True):
        np.testing.assert_allclose(twice, 2 * once, rtol=0, atol=1e-12)


@pytest.mark.parametrize("resamples", [2, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK + 5])
def test_every_place_is_filled_at_the_edges_of_a_chunk(resamples):
    drawn, swapped = replicate({"x": mean_pair([1, 2], [1, 1])}, resamples)["x"]
    assert drawn.shape == swapped.shape == (resamples,)
    assert set(drawn) <= {0.0, 0.5, 1.0}
    assert set(swapped) <= {-0.5, 0.5}
    assert bootstrap_score(MEAN, np.array([[1.0, 1.0]]), resamples).tolist() == [1.0] * resamples


def test_the_draws_are_never_held_all_at_once():
    groups, resamples = 1000, 8192
    pairs = {"x": mean_pair(*np.random.default_rng(2).normal(size=(2, groups)))}
    tracemalloc.start()
    replicate(pairs, resamples)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 0.5 * resamples * groups * 8


def test_groups_are_drawn_whole():
    """Two groups of two rows: a draw holds a group's rows together or not at all."""
    pair = mean_pair([8, 4, 2, 1], [0, 0, 0, 0], np.array([0, 0, 1, 1]))
    drawn, swapped = replicate({"x": pair}, 500)["x"]
    assert set(drawn) == {12 / 2, 15 / 4, 3 / 2}
    assert set(swapped) == {15 / 4, 9 / 4, -9 / 4, -15 / 4}


def test_group_numbers_follow_the_names_rather_than_the_order_of_rows():
    assert group_numbers(["b", "a", "b", "c"]).tolist() == [1, 0, 1, 2]
    assert group_numbers(["c", "b", "b", "a"]).tolist() == [2, 1, 1, 0]
    assert group_numbers([]).tolist() == []


def test_only_rows_that_both_scored_are_paired():
    arm = [[1, 1], None, [1, 1], None, [0, 1]]
    against = [[0, 1], [1, 1], None, None, [1, 1]]
    pair = make_pair(MEAN, arm, against, np.array([0, 1, 2, 3, 0]))
    assert (pair.rows, pair.unpaired, pair.groups) == (2, 2, 1)
    assert pair.arm.tolist() == [[1, 2], [0, 0], [0, 0], [0, 0]]
    assert pair.against.tolist() == [[1, 2], [0, 0], [0, 0], [0, 0]]


def test_a_row_of_zeros_is_scored():
    pair = make_pair(MEAN, [[0, 0]], [[0, 1]], np.array([0]))
    assert (pair.rows, pair.unpaired) == (1, 0)


def test_arms_of_other_lengths_are_refused():
    with pytest.raises(ValueError):
        make_pair(MEAN, [[0, 1]], [[0, 1], [0, 1]], np.array([0, 1]))


def test_a_draw_with_nothing_to_divide_by_is_nan():
    pair = make_pair(MEAN, [[1, 1], [0, 0]], [[0, 1], [0, 0]], np.array([0, 1]))
    drawn, swapped = replicate({"x": pair}, 2000)["x"]
    assert np.isnan(drawn).mean() == pytest.approx(0.25, abs=0.05)
    assert np.isfinite(swapped).all()


def test_nothing_to_compare():
    assert replicate({}) == {}

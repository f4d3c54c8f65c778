"""Intervals, p-values and detectable effects beside SciPy's, statsmodels' and figures by hand."""

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests

from stages.metrics.metric import Metric, quotient
from stages.verdicts.resampling import RESAMPLES, bootstrap_score, make_pair, replicate
from stages.verdicts.significance import (
    FEWEST_GROUPS,
    MAX_UNDEFINED,
    defined,
    detectable,
    enough_changed,
    fewest_changed,
    holm,
    interval,
    p_bootstrap,
    p_randomization,
    p_threshold,
)

SHARE = Metric("right", "higher", "share 0-1", lambda rows: [], quotient, lambda: "")


def means(values, resamples=2000):
    """Bootstrap means of many data sets at once: (sets, n) to (sets, resamples)."""
    n = values.shape[1]
    drawn = np.random.default_rng(9).multinomial(n, np.full(n, 1 / n), resamples)
    return values @ drawn.T / n


def covered(lows, highs, mean):
    return np.mean((lows <= mean) & (mean <= highs))


# --- intervals


@pytest.mark.parametrize("n", [8, 10, 15, 20, 30])
def test_expanded_interval_is_the_t_interval_for_normal_differences(n):
    arm = np.random.default_rng(n).normal(0.2, 1, (1500, n))
    against = np.random.default_rng(n + 100).normal(0, 1, (1500, n))
    lows, highs = zip(*[interval(row, n) for row in means(arm - against)], strict=True)
    theirs = stats.ttest_rel(arm, against, axis=1).confidence_interval()
    widths = np.subtract(highs, lows) / (theirs.high - theirs.low)
    assert np.mean(widths) == pytest.approx(1, abs=0.04)
    ours = covered(np.array(lows), np.array(highs), 0.2)
    assert ours == pytest.approx(covered(theirs.low, theirs.high, 0.2), abs=0.02)
    assert ours == pytest.approx(0.95, abs=0.02)


# what, how to draw, true mean, least coverage: no interval on ten strongly skewed rows has 95 %
TEN_ROWS = [
    ("normal", lambda rng, size: rng.normal(0, 1, size), 0.0, 0.935),
    ("heavy tails", lambda rng, size: rng.standard_t(4, size), 0.0, 0.935),
    ("skewed arms", lambda rng, size: np.subtract(*rng.exponential(1, (2, *size))), 0.0, 0.93),
    ("skewed", lambda rng, size: rng.gamma(3, 1, size), 3.0, 0.925),
    ("strongly skewed", lambda rng, size: rng.exponential(1, size), 1.0, 0.90),
]


@pytest.mark.parametrize(
    ("what", "draw", "mean", "least"), TEN_ROWS, ids=[case[0] for case in TEN_ROWS]
)
def test_coverage_for_ten_rows(what, draw, mean, least):
    values = draw(np.random.default_rng(4), (3000, 10))
    replicates = means(values)
    lows, highs = np.transpose([interval(row, 10) for row in replicates])
    plain = covered(*np.quantile(replicates, [0.025, 0.975], axis=1), mean)
    t = stats.ttest_1samp(values, mean, axis=1).confidence_interval()
    found = covered(lows, highs, mean)
    assert found >= least
    assert found > plain + 0.03
    assert found > covered(t.low, t.high, mean) - 0.03


def test_interval_approaches_the_percentiles():
    replicates = np.random.default_rng(1).normal(size=RESAMPLES)
    plain = np.quantile(replicates, [0.025, 0.975])
    assert interval(replicates, 100_000) == pytest.approx(plain, abs=0.01)
    low, high = interval(replicates, 6)
    assert low < plain[0] < plain[1] < high


@pytest.mark.parametrize("groups", [0, 1, 2, FEWEST_GROUPS - 1])
def test_too_few_groups_have_no_interval_and_show_no_threshold(groups):
    assert interval(np.arange(100.0), groups) is None
    for share in (True, False):
        assert p_threshold(np.arange(100.0), -1.0, groups, share) == 1.0
        assert p_threshold(np.ones(100), 0.5, groups, share) == 1.0
    assert interval(np.arange(100.0), FEWEST_GROUPS) is not None


def test_five_undefined_of_a_hundred_are_left_out_and_six_are_too_many():
    replicates = np.arange(100.0)
    replicates[: int(100 * MAX_UNDEFINED)] = np.nan
    assert defined(replicates).tolist() == list(range(5, 100))
    replicates[-1] = np.inf
    assert defined(replicates) is None


# --- p-values

# replicates, difference, p of the bootstrap by hand: (1 + how many of them lie as far) / 6
BOOTSTRAP = [
    ([0, 0, 0, 0, 0], 0.0, 6 / 6),
    ([1, 2, 3, 4, 5], 3.0, 1 / 6),
    ([1, 2, 3, 4, 5], 2.0, 3 / 6),
    ([-1, -2, -3, -4, -5], -2.0, 3 / 6),
    ([1, 2, 3, 4, 5], 1.5, 3 / 6),
    ([5, 5, 5, 5, 5], 5.0, 1 / 6),
    ([0.1, 0.1, 0.1, 0.1, 0.1 + 1e-12], 1e-12, 6 / 6),
]


@pytest.mark.parametrize(("replicates", "delta", "expected"), BOOTSTRAP)
def test_p_bootstrap_by_hand(replicates, delta, expected):
    assert p_bootstrap(np.array(replicates), delta) == pytest.approx(expected)


# replicates, difference, p of randomization by hand
RANDOMIZATION = [
    ([1, -1, 1, -1, 1], 1.0, 6 / 6),
    ([0, 1, 2, -2, -3], 2.0, 4 / 6),
    ([0, 1, 2, -2, -3], -2.0, 4 / 6),
    ([0, 1, 2, -2, -3], 4.0, 1 / 6),
    ([0, 0, 0, 0, 0], 0.0, 6 / 6),
    ([0.3 - 1e-15, 0, 0, 0, 0], 0.3, 2 / 6),
]


@pytest.mark.parametrize(("replicates", "delta", "expected"), RANDOMIZATION)
def test_p_randomization_by_hand(replicates, delta, expected):
    assert p_randomization(np.array(replicates), delta) == pytest.approx(expected)


# rows that only the arm has right, only the other, both, neither
TABLES = [
    (6, 0, 0, 0),
    (6, 0, 1, 3),
    (5, 0, 1, 4),
    (1, 0, 5, 5),
    (10, 3, 20, 20),
    (3, 10, 0, 50),
    (12, 2, 0, 0),
    (4, 4, 4, 4),
    (7, 6, 0, 9),
    (0, 0, 5, 5),
    (0, 0, 0, 320),
    (30, 14, 100, 100),
    (200, 160, 300, 300),
]


@pytest.mark.parametrize(("won", "lost", "both", "neither"), TABLES)
def test_exact_match_is_tested_as_mcnemar_does(won, lost, both, neither):
    arm = [1] * won + [0] * lost + [1] * both + [0] * neither
    against = [0] * won + [1] * lost + [1] * both + [0] * neither
    vectors = [[[right, 1] for right in side] for side in (arm, against)]
    pair = make_pair(SHARE, *vectors, np.arange(len(arm)))
    found = p_randomization(replicate({"x": pair})["x"][1], (won - lost) / len(arm))
    exact = float(mcnemar([[both, lost], [won, neither]], exact=True).pvalue)
    assert found == pytest.approx(exact, abs=4 * np.sqrt(exact * (1 - exact) / RESAMPLES) + 2e-4)


def test_thresholds_agree_with_the_interval():
    """What the interval leaves out has a p below 0.05, and what it holds has not."""
    for n in (8, 30, 300):
        values = np.random.default_rng(n).normal(1, 2, (1, n))
        [replicates] = means(values, RESAMPLES)
        low, high = interval(replicates, n)
        for threshold, shown in ((low, False), (high, False)):
            step = 0.02 * (high - low)
            outward = threshold - step if threshold == low else threshold + step
            inward = threshold + step if threshold == low else threshold - step
            assert p_threshold(replicates, outward, n, False) < 0.05
            assert (p_threshold(replicates, inward, n, False) < 0.05) == shown


def test_a_threshold_s_p_is_that_of_the_t_test():
    for n in (10, 60):
        values = np.random.default_rng(n).normal(0.5, 1, (1, n))
        [replicates] = means(values, RESAMPLES)
        for threshold in (0.0, 0.2, 0.5, 0.9):
            expected = stats.ttest_1samp(values[0], threshold).pvalue
            assert p_threshold(replicates, threshold, n, False) == pytest.approx(
                expected, abs=0.02, rel=0.15
            )


# right answers, rows, threshold: all right or all wrong, whose bootstrap has no spread
WITHOUT_SPREAD = [(6, 6, 0.5), (10, 10, 0.9), (60, 60, 0.9), (0, 20, 0.05), (0, 100, 0.05)]


@pytest.mark.parametrize(("right", "n", "threshold"), WITHOUT_SPREAD)
def test_a_threshold_for_rows_all_alike_is_tested_exactly(right, n, threshold):
    sums = np.array([[1.0, 1.0]] * right + [[0.0, 1.0]] * (n - right))
    exact = stats.binom.pmf(right, n, threshold)
    found = p_threshold(bootstrap_score(SHARE, sums), threshold, n, True)
    assert found == pytest.approx(min(1.0, 2 * exact))


@pytest.mark.parametrize(("n", "threshold"), [(5, 0.2), (20, 0.5), (300, 0.99)])
def test_a_score_without_spread_that_is_no_share_shows_nothing(n, threshold):
    assert p_threshold(np.ones(100), threshold, n, False) == 1.0


# right answers, rows, threshold: one wrong row more or less than the cases above
NEARLY_WITHOUT_SPREAD = [(19, 20, 0.8), (99, 100, 0.95), (299, 300, 0.98), (3, 300, 0.03)]


@pytest.mark.parametrize(("right", "n", "threshold"), NEARLY_WITHOUT_SPREAD)
def test_a_threshold_for_rows_nearly_all_alike_is_no_easier(right, n, threshold):
    sums = np.array([[1.0, 1.0]] * right + [[0.0, 1.0]] * (n - right))
    found = p_threshold(bootstrap_score(SHARE, sums), threshold, n, True)
    tails = stats.binom.cdf(right, n, threshold), stats.binom.sf(right - 1, n, threshold)
    assert found > min(tails)


@pytest.mark.parametrize("threshold", [0.98, 0.03, 0.5])
def test_a_share_of_right_answers_rarely_seems_beyond_a_threshold_that_it_meets(threshold):
    """At most 2.5 % a side, summed over all outcomes of 300 rows."""
    n, wrongly = 300, {True: 0.0, False: 0.0}
    rng = np.random.default_rng(3)
    for right in range(n + 1):
        chance = stats.binom.pmf(right, n, threshold)
        if chance > 1e-5 and right != n * threshold:
            replicates = rng.binomial(n, right / n, 4000) / n
            shown = p_threshold(replicates, threshold, n, True) < 0.05
            wrongly[right > n * threshold] += chance * shown
    assert max(wrongly.values()) <= 0.025


# --- Holm


@pytest.mark.slow
def test_holm_is_that_of_statsmodels():
    rng = np.random.default_rng(3)
    for size in range(1, 60):
        p = rng.beta(0.5, 2, size)
        if size % 3 == 0:
            p = np.round(p, 1)  # ties, zeros
        if size % 5 == 0:
            p[-1] = 1.0
        expected = multipletests(p, method="holm")[1]
        found = holm(dict(enumerate(p.tolist())))
        assert list(found) == list(range(size))
        np.testing.assert_allclose(list(found.values()), expected, rtol=0, atol=1e-12)


# p-values, adjusted by hand
HOLM = [
    ([], []),
    ([0.2], [0.2]),
    ([0.03, 0.01], [0.03, 0.02]),
    ([0.01, 0.04, 0.03], [0.03, 0.06, 0.06]),
    ([0.02, 0.02, 0.02], [0.06, 0.06, 0.06]),
    ([0.9, 0.6, 0.0], [1.0, 1.0, 0.0]),
]


@pytest.mark.parametrize(("p", "expected"), HOLM)
def test_holm_by_hand(p, expected):
    assert list(holm(dict(enumerate(p))).values()) == pytest.approx(expected)


# --- detectable effects

# rows, difference by normal theory for two arms that draw independently, half right, and how far
# off this may be: for ten rows normal quantiles (1.96 + 0.84) become t's (2.26 + 0.84), 11 % more.
INDEPENDENT = [(10, 0.61, 0.09), (153, 0.156, 0.007), (1000, 0.061, 0.003), (4254, 0.030, 0.001)]


def bootstrap_deviation(variance, n):
    """What the bootstrap finds for rows of that sample variance."""
    return np.sqrt(variance / n * (n - 1) / n)


@pytest.mark.parametrize(("n", "expected", "within"), INDEPENDENT)
def test_detectable_difference_of_independent_arms(n, expected, within):
    """Half of the rows change if both sides are right half of the time."""
    for changed, rate in ((n // 2, 0.5), (n, None)):
        found = detectable(bootstrap_deviation(0.5, n), n, changed, 1, rate)
        assert found == pytest.approx(expected, abs=within)


def test_detectable_for_ten_rows_differs_from_normal_theory_by_t_alone():
    normal = (stats.norm.ppf(0.975) + stats.norm.ppf(0.8)) * np.sqrt(0.5 / 10)
    t = (stats.t.ppf(0.975, 9) + stats.norm.ppf(0.8)) * np.sqrt(0.5 / 10)
    assert normal == pytest.approx(0.61, abs=0.02)
    assert detectable(bootstrap_deviation(0.5, 10), 10, 10, 1, None) == pytest.approx(t)


@pytest.mark.parametrize("rate", [None, 0.5, 0.1])
def test_detectable_grows_with_the_arms_and_falls_with_the_rows(rate):
    by_arms = [detectable(0.1, 100, 60, arms, rate) for arms in (1, 2, 5, 20)]
    assert by_arms == sorted(set(by_arms))
    by_rows = [
        detectable(bootstrap_deviation(0.5, n), n, n // 2, 1, rate) for n in (30, 60, 100, 1000)
    ]
    assert by_rows == sorted(set(by_rows), reverse=True)


# arms, how many rows must change one way: 2 / 2**rows <= 0.05 / arms
FEWEST = [(1, 6), (2, 7), (3, 7), (4, 8), (5, 8), (10, 9), (20, 10), (100, 12)]


@pytest.mark.parametrize(("arms", "expected"), FEWEST)
def test_fewest_changed(arms, expected):
    assert fewest_changed(arms) == expected
    assert 2 / 2**expected <= 0.05 / arms < 2 / 2 ** (expected - 1)
    for rate in (None, 0.0, 0.5):
        assert detectable(0.1, expected - 1, 3, arms, rate) is None
    assert detectable(0.1, expected, 3, arms, None) > 0


@pytest.mark.parametrize("rate", [0.0, 0.1, 0.5, 0.9])
def test_detectable_share_is_a_possible_change_or_none(rate):
    for groups in (6, 8, 10, 20, 50, 200):
        effect = detectable(bootstrap_deviation(0.5, groups), groups, groups // 2, 1, rate)
        assert effect is None or 0 < effect <= 1
    assert effect is not None


# rows, arms, changed rows that satisfy the bootstrap's p too
ENOUGH = [(6, 1, 6), (10, 1, 6), (20, 1, 6), (320, 1, 6), (320, 5, 8), (320, 20, 11), (320, 50, 13)]


@pytest.mark.parametrize(("n", "arms", "expected"), ENOUGH)
def test_enough_changed(n, arms, expected):
    """One less is too few for one of the tests: randomization's p is 2 / 2**k."""
    assert enough_changed(arms, n) == expected

    def bootstrap_p(k):
        drawn = stats.binom(n, k / n)
        return drawn.cdf(0) + drawn.sf(2 * k - 1)

    fewer = expected - 1
    assert max(bootstrap_p(expected), 2 / 2**expected) <= 0.05 / arms
    assert max(bootstrap_p(fewer), 2 / 2**fewer) > 0.05 / arms


@pytest.mark.parametrize("arms", [1, 5, 20, 50])
def test_detectable_where_no_row_changed(arms):
    """A share is bounded by the changed rows that it takes; other scores have nothing to go by."""
    found = detectable(0.0, 320, 0, arms, 0.0)
    assert stats.binom.sf(enough_changed(arms, 320) - 1, 320, found) == pytest.approx(0.8)
    assert arms > 1 or found == pytest.approx(0.0246, abs=0.0001)
    assert detectable(0.0, 320, 0, arms, None) is None
    assert detectable(0.0, 320, 320, arms, None) is None


@pytest.mark.parametrize("size", [0.1, 5.0])
def test_detectable_where_one_row_changed(size):
    """The rows that it takes, each changed as much; three standard errors are of half a row."""
    found = detectable(size / 320, 320, 1, 1, None)
    assert found == pytest.approx(size * 0.0246, rel=0.01)

"""By simulation: arms that change nothing rarely win, and effects called detectable are found."""

import numpy as np
import pytest

from stages.metrics.metric import Metric, quotient
from stages.verdicts.comparison import HELPED, HURT, NOT_SHOWN, Pairing, compare, settle
from stages.verdicts.significance import detectable

METRICS = {
    "mean": Metric("mean", "higher", "points 0-100", lambda rows: [], quotient, lambda: ""),
    "right": Metric("right", "higher", "share 0-1", lambda rows: [], quotient, lambda: ""),
}
RESAMPLES = 2000
STUDIES, ARMS, ROWS = 200, 20, 150


def tables(**scores):
    """An arm's rows from arrays of its scores by metric."""
    columns = {name: values.astype(float).tolist() for name, values in scores.items()}
    return [
        {"id": f"{i}", "group": f"{i:05}", **{name: [c[i], 1.0] for name, c in columns.items()}}
        for i in range(len(next(iter(columns.values()))))
    ]


def null_study(rng):
    """An untouched base and twenty arms like it: rows differ in difficulty, answers by chance."""
    ease, chance = rng.exponential(20, ROWS), rng.beta(0.5, 1.5, ROWS)
    return {
        f"arm{number}": tables(mean=rng.gamma(1, ease), right=rng.random(ROWS) < chance)
        for number in range(ARMS + 1)
    }


def verdicts(rows, metric):
    """The verdicts over one metric, the first arm being the base."""
    base, *arms = rows
    wanted = [Pairing(arm, base, metric) for arm in arms]
    settled = settle(compare(rows, wanted, METRICS, RESAMPLES), METRICS)
    return [found["verdict"] for found in settled.values()]


def test_arms_that_change_nothing_rarely_win():
    """Holm's family is the arms of one metric; a study counts if either metric has a winner."""
    rng = np.random.default_rng(11)
    helped = shown = 0
    for _ in range(STUDIES):
        rows = null_study(rng)
        found = [*verdicts(rows, "mean"), *verdicts(rows, "right")]
        helped += HELPED in found
        shown += HELPED in found or HURT in found
    assert helped <= 0.05 * STUDIES
    assert shown <= 0.10 * STUDIES  # two families, each with at most 5 %
    assert shown > 0  # else the test would be blind


def power(draw, metric, effect, family, sets=600, seed=1, resamples=RESAMPLES):
    """The share of data sets in which the one real arm of a family helped.

    draw(rng, effect): one data set's row scores of base and arm.
    """
    rng = np.random.default_rng(seed)
    rows, wanted = {}, []
    for number in range(sets):
        base, arm = draw(rng, effect)
        rows |= {f"base{number}": tables(**{metric: base}), f"arm{number}": tables(**{metric: arm})}
        wanted.append(Pairing(f"arm{number}", f"base{number}", metric))
    compared = compare(rows, wanted, METRICS, resamples)
    nulls = nothing(draw, metric, family - 1, seed)
    settled = [settle({key: compared[key], **nulls}, METRICS)[key] for key in wanted]
    return np.mean([found["verdict"] == HELPED for found in settled]), settled


def nothing(draw, metric, arms, seed):
    """Comparisons of other arms, without an effect, whose p-values are none of the smallest."""
    rng = np.random.default_rng(seed + 1)
    rows, wanted = {}, []
    for number in range(10 * arms):
        base, arm = draw(rng, 0)
        rows |= {f"b{number}": tables(**{metric: base}), f"a{number}": tables(**{metric: arm})}
        wanted.append(Pairing(f"a{number}", f"b{number}", metric))
    compared = compare(rows, wanted, METRICS, RESAMPLES) if rows else {}
    dull = sorted(compared, key=lambda key: compared[key]["p"], reverse=True)[:arms]
    return {key: compared[key] for key in dull}


def normal(n):
    return lambda rng, effect: (rng.normal(50, 1, n), rng.normal(50 + effect, 1, n))


def deviation(variance, n):
    """The bootstrap's deviation for rows whose differences have that sample variance."""
    return np.sqrt(variance / n * (n - 1) / n)


@pytest.mark.parametrize("family", [1, 5])
@pytest.mark.parametrize("n", [60, 300])
def test_power_at_the_detectable_effect(n, family):
    effect = detectable(deviation(2, n), n, n, family, None)
    found, settled = power(normal(n), "mean", effect, family)
    assert found == pytest.approx(0.8, abs=0.06)
    stated = np.mean([comparison["detectable"] for comparison in settled])
    assert stated == pytest.approx(effect, rel=0.04)


def test_power_at_half_the_detectable_effect_is_far_lower():
    found, _ = power(normal(60), "mean", detectable(deviation(2, 60), 60, 60, 1, None) / 2, 1)
    assert found == pytest.approx(0.29, abs=0.06)


def test_power_for_independent_answers_half_right():
    """A share moves in steps, which makes the exact p a little cautious."""
    n = 150
    effect = detectable(deviation(0.5, n), n, n // 2, 1, 0.5)
    found, _ = power(
        lambda rng, by: (rng.random(n) < 0.5 - by / 2, rng.random(n) < 0.5 + by / 2),
        "right",
        effect,
        1,
    )
    assert found == pytest.approx(0.8, abs=0.08)


def only_gains(n):
    """No row is right for the base."""
    return lambda rng, effect: (np.zeros(n), rng.random(n) < effect)


@pytest.mark.parametrize(
    ("n", "family"), [(20, 1), (60, 5), (320, 1), (320, 5), (320, 20), (320, 50)]
)
def test_power_where_no_row_was_right(n, family):
    """Beside many arms 2,000 draws would be too coarse for the bootstrap's p."""
    effect = detectable(0.0, n, 0, family, 0.0)
    found, _ = power(only_gains(n), "right", effect, family, resamples=10_000)
    assert found == pytest.approx(0.8, abs=0.06)


@pytest.mark.parametrize("rate", [0.02, 0.05])
def test_power_for_independent_answers_that_are_rarely_right(rate):
    """The effect is what samples without one state on average."""
    n = 320

    def draw(rng, effect):
        return rng.random(n) < rate, rng.random(n) < rate + effect

    _, settled = power(draw, "right", 0.0, 1, sets=100)
    stated = np.mean([comparison["detectable"] for comparison in settled])
    found, _ = power(draw, "right", stated, 1)
    assert found == pytest.approx(0.8, abs=0.08)


@pytest.mark.parametrize("changed", [1, 2])
def test_power_where_few_rows_change_a_score_that_is_no_share(changed):
    """A sample in which so few rows change states an effect; one like it, all gains, is drawn."""
    n, size = 320, 5.0
    arm = np.where(np.arange(n) < changed, size, 0.0)
    rows = {"base": tables(mean=np.zeros(n)), "arm": tables(mean=arm)}
    key = Pairing("arm", "base", "mean")
    stated = settle(compare(rows, [key], METRICS, RESAMPLES), METRICS)[key]
    assert stated["verdict"] == NOT_SHOWN
    found, _ = power(
        lambda rng, by: (np.zeros(n), size * (rng.random(n) < by / size)),
        "mean",
        stated["detectable"],
        1,
    )
    assert found > 0.74

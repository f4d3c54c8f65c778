"""KL per token becomes a mean and a 95th percentile; tests/test_measure_drift.py has its source."""

import numpy as np
import pytest

from stages.metrics import METRICS
from stages.metrics.drift import BINS, EDGES, HIGHEST, LOWEST
from stages.metrics.metric import score

OPTIONS = {"scored_by": "kl|x"}
# The percentile is exact to the width of a bin.
WIDTH = EDGES[1] / EDGES[0]

# metric, what, nats per token of each text, the corpus's score
CASES = [
    ("kl_mean", "over all tokens, not over texts", [[1.0, 2.0, 3.0], [6.0]], 3.0),
    ("kl_mean", "one text", [[0.5, 0.25]], 0.375),
    ("kl_mean", "the untouched base", [[0.0, 0.0], [0.0]], 0.0),
    ("kl_mean", "a text without tokens counts for nothing", [[], [0.5]], 0.5),
    ("kl_mean", "no token at all", [[], []], None),
    ("kl_p95", "the untouched base", [[0.0, 0.0], [0.0]], 0.0),
    ("kl_p95", "one token", [[0.5]], 0.5),
    ("kl_p95", "all alike", [[0.01] * 20] * 3, 0.01),
    ("kl_p95", "5 % above it do not move it", [[0.1] * 96, [9.0] * 4], 0.1),
    ("kl_p95", "6 % above it do", [[0.1] * 94, [9.0] * 6], 9.0),
    ("kl_p95", "over all tokens, not over texts", [[0.1] * 4, *[[0.2] * 96]], 0.2),
    ("kl_p95", "below what is told apart", [[LOWEST / 2] * 9], 0.0),
    ("kl_p95", "most are nothing", [[0.0] * 97 + [3.0] * 3], 0.0),
    ("kl_p95", "above what is told apart", [[50.0] * 9], HIGHEST),
    ("kl_p95", "no token at all", [[], []], None),
]


@pytest.mark.parametrize(
    ("name", "what", "texts", "expected"), CASES, ids=[f"{case[0]} {case[1]}" for case in CASES]
)
def test_drift(name, what, texts, expected, make_row):
    found = score(METRICS[name], [make_row("", "", drift=nats) for nats in texts], OPTIONS)
    assert (found["n"], found["unscored"]) == (len(texts), 0)
    if expected is None:
        assert (found["value"], found["reason"]) == (
            None,
            f"nothing to divide by in the {len(texts)} scored rows",
        )
    elif name == "kl_p95" and expected:
        assert expected / WIDTH <= found["value"] <= expected * WIDTH
    else:
        assert found["value"] == pytest.approx(expected, abs=1e-12)


# how 5,000 values between the bounds of the bins are drawn
SPREADS = {
    "uniform": lambda rng, size: rng.uniform(0.01, 3.0, size),
    "exponential": lambda rng, size: rng.exponential(0.05, size),
    "over many orders": lambda rng, size: np.exp(rng.normal(-5, 2, size)).clip(0, HIGHEST),
    "two heaps": lambda rng, size: np.where(rng.random(size) < 0.9, 0.001, 2.0),
}


@pytest.mark.parametrize("name", SPREADS)
@pytest.mark.parametrize("size", [40, 5000])
def test_percentile_is_numpy_s_to_the_width_of_a_bin(name, size, make_row):
    values = SPREADS[name](np.random.default_rng(1), size)
    texts = [make_row("", "", drift=part.tolist()) for part in np.array_split(values, 7)]
    found = score(METRICS["kl_p95"], texts, OPTIONS)["value"]
    exact = np.percentile(values, 95, method="inverted_cdf")
    assert exact / WIDTH <= found <= exact * WIDTH


def test_a_bin_is_an_eighth_wide_and_each_token_in_one_of_them(make_row):
    assert abs(WIDTH - 1.125) < 0.002
    at_bounds = [0.0, *EDGES.tolist(), 100.0]
    [counts] = METRICS["kl_p95"].statistics([make_row("", "", drift=at_bounds)], **OPTIONS)
    assert len(counts) == BINS + 2 and sum(counts) == len(at_bounds)
    # One below the lowest bound, one at each, and all from the highest on together
    assert counts == [1] * (BINS + 1) + [2]


def test_signature_is_the_one_that_the_measuring_recorded(make_row):
    rows = [make_row("", "", drift=[0.5])]
    assert score(METRICS["kl_mean"], rows, OPTIONS)["signature"] == "kl|x"
    assert score(METRICS["kl_p95"], rows, OPTIONS)["signature"].startswith("kl|x|percentile:95|bin")

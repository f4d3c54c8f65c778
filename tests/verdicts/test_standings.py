"""Arms beside the floors: better than all of them or not, and the skill, also by simulation."""

import numpy as np
import pytest

from stages.metrics.metric import Metric, quotient
from stages.verdicts.comparison import Pairing, compare, settle_by_metric
from stages.verdicts.figures import Figures
from stages.verdicts.floors import standings, weigh
from stages.verdicts.promotion import choose
from stages.verdicts.skill import skills_of

METRICS = {
    "up": Metric("up", "higher", "points 0-100", lambda rows: [], quotient, lambda: ""),
    "down": Metric("down", "lower", "points 0-100", lambda rows: [], quotient, lambda: ""),
    "side": Metric("side", "none", "ratio", lambda rows: [], quotient, lambda: ""),
}
FLOORS = ["empty", "nearest"]
ROWS = 80


def rows(up, noise=1.0, seed=0, **others):
    """Row statistics with a mean of `up`; the lower the better, the same the other way round."""
    values = up + noise * np.random.default_rng(seed).standard_normal(ROWS)
    return [
        {"id": f"{i:03}", "group": f"{i:03}", "up": [v, 1.0], "down": [100 - v, 1.0]}
        | {"side": [v, 1.0], **others}
        for i, v in enumerate(values.tolist())
    ]


def table(arm, nearest=30.0, **others):
    every = {"base": rows(2, seed=1), "arm": rows(arm, seed=2), "empty": rows(0, 0.0)}
    every |= {"nearest": rows(nearest, seed=3), "reference": rows(100, 0.0)}
    return every | others


@pytest.mark.parametrize("metric", ["up", "down"])
@pytest.mark.parametrize(
    ("arm", "unbeaten", "ahead"),
    [(40, [], []), (30.05, ["nearest"], []), (12, ["nearest"], ["nearest"]), (-9, FLOORS, FLOORS)],
)
def test_better_than_every_floor_or_not(metric, arm, unbeaten, ahead):
    found = standings(table(arm), ["base", "arm"], FLOORS, METRICS)["arm"][metric]
    assert (found["best"], found["unbeaten"], found["ahead"]) == ("nearest", unbeaten, ahead)
    value = (arm - 30) / 70
    assert found["skill"]["value"] == pytest.approx(value, abs=0.01)
    assert found["skill"]["low"] < found["skill"]["value"] < found["skill"]["high"]


def test_metric_without_a_better_side_has_no_floor():
    assert set(standings(table(40), ["arm"], FLOORS, METRICS)["arm"]) == {"up", "down"}


def test_each_comparison_is_at_the_full_level():
    """An intersection-union test: p as it stands, however many floors and arms there are."""
    every = table(31.0, more=rows(5, seed=4))
    few = standings(every, ["arm"], ["nearest"], METRICS)["arm"]["up"]["beside"]["nearest"]
    many = standings(every, ["arm", "base"], [*FLOORS, "more"], METRICS)["arm"]["up"]["beside"]
    assert many["nearest"]["p"] == few["p"] and many["nearest"]["verdict"] == few["verdict"]


def test_floor_that_a_metric_cannot_score_is_no_floor():
    """As silence for the share of repeated words: there is nothing to divide by."""
    nothing = [{**row, "up": [0.0, 0.0]} for row in rows(0, 0.0)]
    found = standings(table(40, empty=nothing), ["arm"], FLOORS, METRICS)["arm"]["up"]
    assert found["best"] == "nearest" and found["unbeaten"] == []
    assert found["beside"]["empty"]["verdict"] == "no difference shown"
    assert found["skill"]["value"] == pytest.approx((40 - 30) / 70, abs=0.02)


def test_metric_that_no_floor_has_is_left_out():
    """As the drift, whose texts only a model can be measured on."""
    drifted = [{"id": f"t{i}", "group": f"t{i}", "nats": [0.5, 1.0]} for i in range(9)]
    every = table(40)
    every |= {arm: [*every[arm], *drifted] for arm in ("base", "arm")}
    metrics = {**METRICS, "nats": METRICS["down"]}
    figures = Figures(every, metrics)
    found = weigh(figures, ["base", "arm"], [*FLOORS, "reference"], ["base"])
    assert set(found["arms"]["arm"]) == {"up", "down"}
    assert set(found["metrics"]["nearest"]) == {"up", "down", "side"}


def test_reference_that_is_no_better_than_a_floor_leaves_no_way_to_go():
    every = table(20, nearest=100.0)
    every["nearest"] = rows(100, 0.0)
    skill = skills_of(every, ["arm"], FLOORS, {"up": METRICS["up"]})["arm", "up"]
    assert skill.value is None and "no better than the best floor" in skill.reason


def test_few_rows_give_a_skill_without_an_interval():
    few = {name: of[:4] for name, of in table(40).items()}
    skill = skills_of(few, ["arm"], FLOORS, {"up": METRICS["up"]})["arm", "up"]
    assert skill.value is not None and skill.low is None and "too few rows" in skill.reason


def test_interval_of_the_skill_covers_the_truth():
    """95 % intervals over repeated draws of rows; the best floor is chosen anew in each."""
    truth, held, sets = (40 - 30) / 70, 0, 60
    for seed in range(sets):
        every = {"arm": rows(40, 8, 10 + seed), "nearest": rows(30, 8, 500 + seed)}
        every |= {"empty": rows(28, 8, 900 + seed), "reference": rows(100, 0.0)}
        skill = skills_of(every, ["arm"], FLOORS, {"up": METRICS["up"]})["arm", "up"]
        held += skill.low <= truth <= skill.high
    assert held >= 0.85 * sets


def promoted(every, arms):
    """Who a study would promote that asks for `helped` by `up` and nothing else."""
    pairs = [Pairing(arm, "base", "up") for arm in arms]
    settled = settle_by_metric(compare(every, pairs, METRICS, 2000), METRICS)
    compared = {arm: {"up": settled[Pairing(arm, "base", "up")]} for arm in arms}
    rule = {"metric": "up", "verdict": "helped", "guards": {}, "waive_floors": None}
    standing = standings(every, arms, FLOORS, {"up": METRICS["up"]})
    chosen, _ = choose(rule, compared, {}, {"up": "higher"}, standing)
    return chosen, compared


@pytest.mark.parametrize("height", [25.0, 30.0])
def test_study_whose_arms_all_sit_below_a_floor_promotes_nobody(height):
    """Each helps against its base; at the floor's own height a false winner is rare."""
    wrong = 0
    for seed in range(12):
        arms = {f"arm{n}": rows(height, 8, 100 * seed + n) for n in range(3)}
        every = table(0, **arms) | {"nearest": rows(30, 8, 7000 + seed)}
        chosen, compared = promoted(every, list(arms))
        assert all(found["up"]["verdict"] == "helped" for found in compared.values())
        wrong += chosen is not None
    assert wrong <= (0 if height < 30 else 2)


def test_study_with_an_arm_above_every_floor_promotes_it():
    arms = {"low": rows(25, 8, 1), "high": rows(45, 8, 2)}
    assert promoted(table(0, **arms), list(arms))[0] == "high"

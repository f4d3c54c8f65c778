"""Where a declared rule trips, by the log alone."""

import pytest
from pydantic import ValidationError

from stages.methods.grpo.rules import Rule, figure, stops, tripped, unknown_task

PLATEAU = {"figure": "dev_reward", "stalled": {"better": "higher"}, "patience": 2, "action": "stop"}
FLOOR = {"figure": "dev_reward_extraction", "below": 0.2, "from_step": 100, "action": "stop"}
CEILING = {"figure": "at_limit_share", "above": 0.5, "patience": 2, "action": "warn"}
NO_VARIANCE = {"figure": "zero_variance_share", "above": 0.5, "patience": 3, "action": "stop"}
SPIKE = {"figure": "grad_norm", "above": 2.0, "action": "warn"}


def log(name: str, values: list[float | None], every: int = 1) -> list[dict]:
    """A log whose other figure is always there; None is a step at which this one was not taken."""
    return [
        {"step": n * every, "loss": 0.0} | ({} if value is None else {name: value})
        for n, value in enumerate(values)
    ]


@pytest.mark.parametrize(
    ("rule", "values", "every", "step"),
    [
        pytest.param(PLATEAU, [0.1, 0.2, 0.3, 0.25], 10, None, id="once is not twice"),
        pytest.param(PLATEAU, [0.1, 0.2, 0.3, 0.25, 0.28], 10, 40, id="at the log's last value"),
        pytest.param(PLATEAU, [0.3, 0.3, 0.3, 0.4], 10, 20, id="as good is no better"),
        pytest.param(PLATEAU, [0.3, 0.2, 0.4, 0.3], 10, None, id="a better one starts anew"),
        pytest.param(PLATEAU, [0.3, None, 0.2, None, 0.1], 1, 4, id="steps without it don't count"),
        pytest.param(PLATEAU, [0.1], 10, None, id="the first is better than nothing"),
        pytest.param(PLATEAU, [], 10, None, id="nothing yet"),
        pytest.param(
            {**PLATEAU, "from_step": 30}, [0.5, 0.1, 0.1, 0.2, 0.3], 10, 40,
            id="the best of before counts, its worse values don't",
        ),
        pytest.param(
            {**PLATEAU, "stalled": {"better": "lower"}}, [3.0, 2.0, 2.5, 2.5], 1, 3, id="lower"
        ),
        pytest.param(FLOOR, [0.1, 0.1, 0.1], 49, None, id="before its step it may be low"),
        pytest.param(FLOOR, [0.1, 0.1, 0.1], 50, 100, id="at its step it counts"),
        pytest.param(FLOOR, [0.1, 0.1, 0.2], 50, None, id="at the floor is not below it"),
        pytest.param(FLOOR, [0.1, 0.1, 0.3, 0.1], 50, 150, id="nor may it fall below it later"),
        pytest.param(CEILING, [0.6, 0.4, 0.6, 0.4], 1, None, id="not in a row"),
        pytest.param(CEILING, [0.5, 0.6, 0.7], 1, 2, id="at the ceiling is not above it"),
        pytest.param(CEILING, [0.6, None, 0.6], 1, 2, id="a gap breaks no row"),
        pytest.param(NO_VARIANCE, [0.6, 0.9, 0.5, 0.6, 0.6, 1.0], 1, 5, id="sustained"),
        pytest.param(SPIKE, [0.1, 2.0, 2.01, 9.0], 1, 2, id="the first spike"),
        pytest.param(SPIKE, [0.1, 0.065], 1, None, id="no spike"),
    ],
)  # fmt: skip
def test_the_first_step_at_which_a_rule_trips(rule, values, every, step):
    rows = log(rule["figure"], values, every)
    found = tripped({"mine": rule}, rows)
    assert [one["step"] for one in found] == ([] if step is None else [step])
    for one in found:
        assert {**one, "step": 0} == {
            "rule": "mine",
            "figure": rule["figure"],
            "step": 0,
            "action": rule["action"],
            "value": values[step // every],
        }


def test_a_log_that_goes_on_trips_at_the_same_step():
    rules = {"plateau": PLATEAU, "spike": SPIKE}
    rows = [
        {"step": n, "dev_reward": reward, "grad_norm": norm}
        for n, (reward, norm) in enumerate([(0.2, 1), (0.1, 1), (0.2, 3), (0.9, 9), (1.0, 9)])
    ]
    whole = tripped(rules, rows)
    assert [(one["rule"], one["step"]) for one in whole] == [("plateau", 2), ("spike", 2)]
    assert tripped(rules, rows[:3]) == whole, "what comes later changes nothing"
    assert tripped(rules, rows[:2]) == []


def test_rules_are_told_in_the_order_of_their_steps_and_the_first_that_stops_ends_the_run():
    rules = {"plateau": {**PLATEAU, "action": "stop"}, "spike": SPIKE, "floor": FLOOR}
    rows = [{"step": 0, "dev_reward": 1.0, "grad_norm": 3.0}, {"step": 1, "dev_reward": 0.5}]
    found = tripped(rules, [*rows, {"step": 2, "dev_reward": 0.5}])
    assert [one["rule"] for one in found] == ["spike", "plateau"]
    assert stops(found)["rule"] == "plateau"
    assert stops(found[:1]) is None


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ({**SPIKE, "figure": "grad_nrom"}, "Did you mean 'grad_norm'?"),
        ({**SPIKE, "figure": "seconds"}, "no log has this figure"),
        ({**SPIKE, "figure": "reward_"}, "no log has this figure"),
        ({**SPIKE, "below": 1.0}, "found below and above"),
        ({"figure": "loss", "action": "warn"}, "found none"),
        ({**SPIKE, "patience": 0}, "greater than 0"),
        ({**SPIKE, "from_step": -1}, "greater than or equal to 0"),
        ({**SPIKE, "action": "halt"}, "'stop' or 'warn'"),
        ({**PLATEAU, "stalled": {"better": "more"}}, "'higher' or 'lower'"),
        ({**SPIKE, "above": "2"}, "valid number"),
        ({**SPIKE, "untill": 3}, "Extra inputs"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(rule, said):
    with pytest.raises(ValidationError, match=said.replace("?", r"\?")):
        Rule.model_validate(rule)


def test_a_task_has_figures_of_its_own():
    assert figure("reward_push") == "reward_push"
    rules = {"floor": Rule.model_validate(FLOOR), "spike": Rule.model_validate(SPIKE)}
    assert unknown_task(rules, ["extraction", "push"]) is None
    assert "no task 'extraction'. Known: push, sql_qa" in unknown_task(rules, ["sql_qa", "push"])

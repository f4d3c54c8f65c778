"""Hypotheses about rewards on dev while an arm trained: at a step, later on, task by task."""

import pytest

from stages import records
from stages.reporting.verdict import evidence
from stages.verdicts.figures import Figures
from stages.verdicts.hypotheses import weigh

N = 40


def rewards(mean: float, key: str, count: int = N) -> dict[str, float]:
    """Rewards with this mean that spread by 0.1 around it, over rows of their own."""
    return {f"{key}{n:02}": mean + (0.1 if n % 2 else -0.1) for n in range(count)}


def evaluated(**means: list[float]) -> dict:
    """Means by task and evaluation, one each 8 steps from 0 on."""
    steps = range(len(next(iter(means.values()))))
    return {8 * n: {task: rewards(of[n], task) for task, of in means.items()} for n in steps}


def judged(hypothesis: dict, found: dict, recorded=None, rows=()) -> dict:
    sides = {"at_least": None, "at_most": None} if hypothesis["kind"] == "at_step" else {}
    declared = {"h": {"claim": "c", "arm": "a", **sides, **hypothesis}}
    figures = Figures({"a": list(rows)} if rows else {}, {}, {"a": recorded or {}}, {"a": found})
    verdict = weigh(declared, figures, {})["h"]
    assert records.dumps(verdict)
    return verdict


def at_step(step=8, figure="dev_reward_sql", **side):
    return {"kind": "at_step", "figure": figure, "step": step, **side}


def later(after=8, figure="dev_reward", expect="higher"):
    return {"kind": "later", "figure": figure, "after": after, "expect": expect}


def weakest(task="sql"):
    return {"kind": "weakest", "task": task}


TWO = evaluated(sql=[0.2, 0.5, 0.5], push=[0.8, 0.8, 0.8])


@pytest.mark.parametrize(
    ("hypothesis", "verdict"),
    [
        (at_step(at_least=0.35), "confirmed"),
        (at_step(at_most=0.35), "rejected"),
        (at_step(at_least=0.65), "rejected"),
        (at_step(at_least=0.49), "undecided"),
        (at_step(at_least=0.51), "undecided"),
        (at_step(0, at_most=0.35), "confirmed"),
        (at_step("last", "dev_reward_push", at_least=0.75), "confirmed"),
        (at_step(8, "dev_reward", at_least=0.5), "confirmed"),  # over both tasks 0.65
    ],
)
def test_a_reward_at_a_step(hypothesis, verdict):
    assert judged(hypothesis, TWO)["verdict"] == verdict


def test_its_numbers_are_those_of_its_own_rows_and_the_report_shows_them():
    found = judged(at_step(at_least=0.35), TWO)
    numbers = found["numbers"]
    assert numbers["value"] == pytest.approx(0.5) and numbers["n"] == N
    assert numbers["low"] < 0.5 < numbers["high"]
    said = evidence(found).replace("\u00a0", " ")
    assert said.startswith("value 0.500; at step 8; threshold 0.35; n 40; 95 % interval [0.4")


@pytest.mark.parametrize(
    ("hypothesis", "recorded", "reason"),
    [
        (at_step(10, at_least=0.35), {}, "no evaluation at step 10; there are 0, 8, 16"),
        (at_step(10, at_least=0.35), {"training.steps": 16}, "at step 10; there are 0, 8, 16"),
        (at_step(100, at_least=0.35), {"training.steps": 16}, "100; the run ended at step 16"),
        (at_step(8, "dev_reward_insights", at_least=0.1), {}, "no rows of dev_reward_insights"),
        (
            later(16),
            {"training.steps": 16},
            "no evaluation after step 16; the run ended at step 16",
        ),
        (later(20), {}, "no evaluation after step 20; there are 0, 8, 16"),
        (later(8, "dev_reward_insights"), {}, "no rows of dev_reward_insights at both steps 8 and"),
        (weakest("insights"), {}, "at step 16 there are rows of push, sql alone"),
    ],
)
def test_what_the_log_lacks_leaves_it_undecided_and_says_so(hypothesis, recorded, reason):
    found = judged(hypothesis, TWO, recorded)
    assert found["verdict"] == "undecided" and reason in found["reason"]


@pytest.mark.parametrize(
    "hypothesis", [at_step(at_least=0.1), at_step("last", at_least=0.1), later(), weakest()]
)
def test_an_arm_without_evaluations_leaves_it_undecided(hypothesis):
    found = judged(hypothesis, {})
    assert (found["verdict"], found["reason"]) == ("undecided", "no evaluation in the log of a")


def test_many_steps_are_not_all_listed():
    found = {step: {"sql": rewards(0.5, "sql")} for step in range(0, 400, 8)}
    assert judged(at_step(10, at_least=0.1), found)["reason"].endswith("are 0, 8, 16, …, 392")


@pytest.mark.parametrize(
    ("means", "after", "expect", "verdict"),
    [
        ([0.2, 0.3, 0.5], 8, "higher", "confirmed"),
        ([0.2, 0.3, 0.5], 8, "lower", "rejected"),
        ([0.2, 0.5, 0.3], 8, "higher", "rejected"),
        ([0.2, 0.5, 0.5], 8, "higher", "undecided"),
        # Beside the last evaluation up to the step, wherever the step lies
        ([0.2, 0.3, 0.5], 10, "higher", "confirmed"),
        ([0.2, 0.5, 0.5], 7, "higher", "confirmed"),
        # By the last evaluation, not by the best one after the step
        ([0.3, 0.9, 0.3], 0, "higher", "undecided"),
    ],
)
def test_whether_it_went_on(means, after, expect, verdict):
    assert judged(later(after, expect=expect), evaluated(sql=means))["verdict"] == verdict


def test_steps_are_compared_row_by_row():
    """Each row gains a little: over rows that differ by far more, that shows in pairs alone."""
    early = {f"{n}": n / N for n in range(N)}
    late = {key: min(1.0, value + 0.01 + 0.001 * (int(key) % 3)) for key, value in early.items()}
    found = judged(later(0), {0: {"sql": early}, 8: {"sql": late}})
    assert found["verdict"] == "confirmed"
    numbers = found["numbers"]
    assert (numbers["step"], numbers["against_step"], numbers["n"]) == (8, 0, N)
    said = evidence(found).replace("\u00a0", " ")
    assert "at step 8; beside step 0" in said and "difference +0.01" in said


def test_near_duplicates_are_one_piece_of_evidence():
    found = {0: {"sql": rewards(0.3, "sql")}, 8: {"sql": rewards(0.5, "sql")}}
    rows = [{"id": key, "group": "one"} for key in rewards(0, "sql")]
    for hypothesis, few in ((at_step(at_least=0.35), "too few rows"), (later(0), "1 independent")):
        assert judged(hypothesis, found)["verdict"] == "confirmed"
        together = judged(hypothesis, found, rows=rows)
        assert together["verdict"] == "undecided" and together["reason"].startswith(few)


def test_rows_that_one_step_lacks_are_no_pairs():
    found = evaluated(sql=[0.2, 0.6])
    del found[0]["sql"]["sql07"]
    answer = judged(later(0), found)
    assert answer["verdict"] == "undecided" and "1 rows are scored for one" in answer["reason"]


@pytest.mark.parametrize(
    ("means", "verdict", "place"),
    [
        ({"sql": 0.2, "push": 0.5, "insights": 0.6}, "confirmed", 1),
        ({"sql": 0.5, "push": 0.2, "insights": 0.6}, "rejected", 2),
        ({"sql": 0.49, "push": 0.5, "insights": 0.6}, "undecided", 1),
        ({"sql": 0.51, "push": 0.5, "insights": 0.6}, "undecided", 2),
    ],
)
def test_the_weakest_task_at_the_last_step(means, verdict, place):
    found = {8: {task: rewards(1 - mean, task) for task, mean in means.items()}}
    found[16] = {task: rewards(mean, task) for task, mean in means.items()}
    answer = judged(weakest(), found)
    assert answer["verdict"] == verdict
    numbers = answer["numbers"]
    assert (numbers["place"], numbers["of"], numbers["step"], numbers["n"]) == (place, 3, 16, N)
    assert "counted from the worst" in evidence(answer)


def test_a_handful_of_rows_has_no_weakest_task():
    found = {0: {"sql": rewards(0.1, "sql"), "push": rewards(0.9, "push", 3)}}
    answer = judged(weakest(), found)
    assert answer["reason"] == "too few rows to compare it with push"


def test_a_control_of_no_effect_stays_undecided_most_of_the_time():
    """The same reward for all tasks, drawn anew: five in a hundred may be called the weakest."""
    import random

    draw = random.Random(3)
    called = 0
    for _ in range(60):
        found = {0: {t: {f"{t}{n}": draw.random() for n in range(20)} for t in ("sql", "push")}}
        called += judged(weakest(), found)["verdict"] != "undecided"
    assert called <= 7  # 1.5 more than twice the 3 that are expected

"""Constraints fulfilled as a table of cases, and code that is run once for both metrics."""

import pytest

from stages.constraints import code
from stages.metrics import METRICS
from stages.metrics.metric import score

SHORT = {"kind": "max_words", "value": 2}
CITY = {"kind": "contains", "value": "city"}
NAMES = {"kind": "contains", "value": "Oslo"}
CODE = {"kind": "python", "tests": "assert twice(3) == 6"}

# metric, what, constraints, answer, [statistics] or None where the row is unscored
CASES = [
    ("constraint_pass_rate", "all", [SHORT, NAMES], "in Oslo", [2, 2]),
    ("constraint_pass_rate", "one of two", [SHORT, NAMES], "the city of Oslo", [1, 2]),
    ("constraint_pass_rate", "none", [SHORT, NAMES], "it is Rome", [0, 2]),
    ("constraint_pass_rate", "white space around", [SHORT, NAMES], "\n a Oslo \n", [2, 2]),
    ("constraint_pass_rate", "an empty answer", [SHORT, NAMES], "", [0, 2]),
    ("constraint_pass_rate", "short and wrong", [SHORT, NAMES], "Rome", [0, 2]),
    ("constraint_pass_rate", "a part of what is asked", [SHORT, NAMES, CITY], "Oslo", [1, 3]),
    ("constraint_pass_rate", "all that is asked", [SHORT, NAMES, CITY], "city Oslo", [3, 3]),
    ("constraint_pass_rate", "nothing but limits", [SHORT, {"kind": "no_fence"}], "Oslo", None),
    ("constraint_pass_rate", "the same twice", [NAMES, NAMES], "Oslo", [2, 2]),
    ("constraint_pass_rate", "code", [CODE, SHORT], "def twice(n): return 2 * n", [1, 2]),
    ("constraint_pass_rate", "no code", [CODE, SHORT], "", [0, 2]),
    ("constraint_pass_rate", "wrong code", [CODE], "def twice(n): return n", [0, 1]),
    ("constraint_pass_rate", "no constraint", [], "Oslo", None),
    ("constraint_pass_rate", "null instead of constraints", None, "Oslo", None),
    ("prompt_pass_rate", "all", [SHORT, NAMES], "in Oslo", [1, 1]),
    ("prompt_pass_rate", "one of two", [SHORT, NAMES], "the city of Oslo", [0, 1]),
    ("prompt_pass_rate", "an empty answer", [SHORT, NAMES], "", [0, 1]),
    ("prompt_pass_rate", "nothing but limits", [SHORT], "Oslo", None),
    ("prompt_pass_rate", "no constraint", [], "Oslo", None),
]


@pytest.mark.parametrize(
    ("name", "what", "constraints", "text", "expected"),
    CASES,
    ids=[f"{case[0]}-{case[1]}" for case in CASES],
)
def test_constraint_rates(name, what, constraints, text, expected, make_row):
    assert METRICS[name].statistics([make_row(text, "", constraints=constraints)]) == [expected]


@pytest.mark.parametrize("name", ["constraint_pass_rate", "prompt_pass_rate"])
def test_rows_of_a_study_without_constraints_are_unscored(name, make_row):
    found = score(METRICS[name], [make_row("a", "a")], {})
    assert (found["value"], found["n"], found["unscored"]) == (None, 0, 1)


def test_one_metric_counts_constraints_and_the_other_prompts(make_row):
    rows = [
        make_row("in Oslo", "", constraints=[SHORT, NAMES]),
        make_row("the city of Rome", "", constraints=[SHORT, NAMES]),
        make_row("it was Oslo", "", constraints=[NAMES]),
        make_row("no", "", constraints=[]),
    ]
    assert score(METRICS["constraint_pass_rate"], rows, {})["value"] == 3 / 5
    assert score(METRICS["prompt_pass_rate"], rows, {})["value"] == 2 / 3


def test_an_answer_s_code_runs_once_for_both_metrics(monkeypatch, make_row):
    ran = []
    run = code._run
    monkeypatch.setattr(code, "_run", lambda order: ran.append(1) or run(order))
    own = {**CODE, "tests": f"{CODE['tests']}  # of this test alone"}
    rows = [make_row(text, "", constraints=[own]) for text in ("twice = abs", "twice = int")]
    for name in ("constraint_pass_rate", "prompt_pass_rate"):
        METRICS[name].statistics(rows)
    # The third run is that of the empty answer: does silence fulfil the constraint?
    assert len(ran) == 3


def test_signature_tells_the_rules_and_where_code_runs(monkeypatch):
    before = METRICS["prompt_pass_rate"].signature()
    assert before.startswith(
        "prompt_pass_rate|kinds:19|python:3.11|limits:5s+512MiB|silence:nothing|rule:"
    )
    monkeypatch.setattr(code, "SECONDS", 9)
    assert METRICS["prompt_pass_rate"].signature() != before

"""Rows solved, over all tasks, as a table of cases."""

import pytest

from stages.metrics import METRICS
from stages.metrics.metric import score
from stages.metrics.solved_rate import JUDGES
from stages.rewards import REWARDS
from tests.rewards.examples import EXAMPLES, EXTRACTION, INSIGHTS, NOTIFICATION, SQL_QA, record

# metric, what, example, answer, expected
CASES = [
    ("solved_rate", "a record", EXTRACTION, EXTRACTION["target"], [1, 1]),
    ("solved_rate", "a record with a wrong field", EXTRACTION, record(customer="Bia"), [0, 1]),
    ("solved_rate", "a query", SQL_QA, SQL_QA["target"], [1, 1]),
    ("solved_rate", "a query that only runs", SQL_QA, "SELECT 1", [0, 1]),
    ("solved_rate", "an insight", INSIGHTS, INSIGHTS["target"], [1, 1]),
    ("solved_rate", "half an insight", INSIGHTS, INSIGHTS["target"][:60], [0, 1]),
    ("solved_rate", "a notification", NOTIFICATION, NOTIFICATION["target"], [1, 1]),
    ("solved_rate", "an empty notification", NOTIFICATION, "", [0, 1]),
    ("solved_rate", "a row of another study", {"category": "push"}, "Oi!", None),
]


@pytest.mark.parametrize(
    ("name", "what", "example", "text", "expected"), CASES, ids=[case[1] for case in CASES]
)
def test_solved_rate(name, what, example, text, expected, make_row):
    assert METRICS[name].statistics([make_row(text, **{"target": ""} | example)]) == [expected]


def test_parts_are_the_tasks(make_row):
    rows = [make_row(row["target"], **row) for row in EXAMPLES]
    rows += [make_row("", **SQL_QA), make_row("", "")]
    assert METRICS["solved_rate"].parts(rows) == {
        "extraction": [1, 1],
        "sql_qa": [1, 2],
        "insights": [1, 1],
        "push": [1, 1],
    }
    assert score(METRICS["solved_rate"], rows, {})["value"] == pytest.approx(0.8)


def test_every_task_with_a_reward_has_a_judge():
    assert JUDGES.keys() == REWARDS.keys()

"""The mean reward as a table of cases."""

import pytest

from stages.metrics import METRICS
from stages.metrics.metric import score
from tests.rewards.examples import EXAMPLES, EXTRACTION, PUSH, SQL, SQL_QA, record

# metric, what, example, answer, expected
CASES = [
    ("reward", "the reference", EXTRACTION, EXTRACTION["target"], [1, 1]),
    ("reward", "a decimal comma, as the tolerant parser reads it", EXTRACTION,
     record().replace("1.5", "1,5"), [1, 1]),
    ("reward", "one field of five", EXTRACTION, '{"sentiment": "negativo"}', [0.2, 1]),
    ("reward", "nothing", EXTRACTION, "", [0, 1]),
    ("reward", "another task's answer", EXTRACTION, SQL, [0, 1]),
    ("reward", "a query that runs", SQL_QA, "SELECT 1", [0.1, 1]),
    ("reward", "a row of another study", {"category": "extraction"}, PUSH, None),
    ("reward", "a task without a reward", {"category": "chat", "facts": {"a": 1}}, PUSH, None),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "what", "example", "text", "expected"), CASES, ids=[case[1] for case in CASES]
)
def test_reward(name, what, example, text, expected, make_row):
    (found,) = METRICS[name].statistics([make_row(text, **{"target": ""} | example)])
    assert found == (expected if expected is None else pytest.approx(expected))


def test_every_task_counts_row_by_row(make_row):
    rows = [make_row(row["target"], **row) for row in EXAMPLES]
    rows += [make_row("", **row) for row in EXAMPLES[:1] * 4] + [make_row("x", "x")]
    found = score(METRICS["reward"], rows, {})
    assert (found["value"], found["n"], found["unscored"]) == (0.5, 8, 1)

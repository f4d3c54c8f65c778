"""Right records as a table of cases."""

import pytest

from stages.metrics import METRICS
from tests.rewards.examples import EXTRACTION, NOTIFICATION, RECORD, REVIEW, record

TURNED = dict(reversed(RECORD.items()))
TWICE = record().replace("{", '{"sentiment": "negativo", ')
# metric, what, answer, expected
CASES = [
    ("record_exact", "the reference", EXTRACTION["target"], 1),
    ("record_exact", "white space, case, keys in another order", f" \n{record(**TURNED)}\n", 1),
    ("record_exact", "the review's own spelling", record(product="cafeteira  aroma"), 1),
    ("record_exact", "a fence", f"```json\n{record()}\n```", 0),
    ("record_exact", "a word before it", f"Claro: {record()}", 0),
    ("record_exact", "a decimal comma", record().replace("1.5", "1,5"), 0),
    ("record_exact", "a tenth beside it", record(sentiment_score=1.6), 0),
    ("record_exact", "a number as a text", record(sentiment_score="1.5"), 0),
    ("record_exact", "one field wrong", record(sentiment="neutro"), 0),
    ("record_exact", "one field missing", '{"sentiment": "negativo"}', 0),
    ("record_exact", "one key too many", record(resumo="atraso"), 0),
    ("record_exact", "a key twice", TWICE, 0),
    ("record_exact", "a list of categories", record(complaint_category=["entrega"]), 0),
    ("record_exact", "an array", f"[{record()}]", 0),
    ("record_exact", "another's record", record(customer="Bia Lima"), 0),
    ("record_exact", "the review", REVIEW, 0),
    ("record_exact", "nothing", "", 0),
]


@pytest.mark.parametrize(
    ("name", "what", "text", "expected"), CASES, ids=[case[1] for case in CASES]
)
def test_record_exact(name, what, text, expected, make_row):
    assert METRICS[name].statistics([make_row(text, **EXTRACTION)]) == [[expected, 1]]


def test_rows_of_other_tasks_and_studies_are_unscored(make_row):
    rows = [make_row(record(), **NOTIFICATION), make_row(record(), "")]
    rows += [make_row(record(), "", category="extraction")]
    assert METRICS["record_exact"].statistics(rows) == [None] * 3

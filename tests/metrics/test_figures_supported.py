"""Insights that can be relied on as a table of cases."""

import pytest

from stages.metrics import METRICS
from tests.rewards.examples import EXTRACTION, INSIGHT, INSIGHTS, instructed

# metric, what, answer, expected
CASES = [
    ("figures_supported", "the reference", INSIGHT, 1),
    ("figures_supported", "other words", "Casa lidera (412 pedidos). Queda em livros!", 1),
    ("figures_supported", "another figure of the material", INSIGHT + " Moda tem 198.", 1),
    ("figures_supported", "an invented figure", INSIGHT + " São 33% do total.", 0),
    ("figures_supported", "a figure misread", INSIGHT.replace("12,5%", "125%"), 0),
    ("figures_supported", "a fact left out", "Casa lidera com 412 pedidos.", 0),
    ("figures_supported", "no figure at all", "Casa lidera, livros caiu.", 0),
    ("figures_supported", "only figures", "412 198 77 12,5%", 0),
    ("figures_supported", "cut off", INSIGHT[:-1] + " e a", 0),
    ("figures_supported", "over-long", INSIGHT + " Vale a pena ver." * 20, 0),
    ("figures_supported", "the material", INSIGHTS["input"], 0),
    ("figures_supported", "the prompt", instructed(INSIGHTS), 0),
    ("figures_supported", "nothing", "", 0),
]


@pytest.mark.parametrize(
    ("name", "what", "text", "expected"), CASES, ids=[case[1] for case in CASES]
)
def test_figures_supported(name, what, text, expected, make_row):
    assert METRICS[name].statistics([make_row(text, **INSIGHTS)]) == [[expected, 1]]


def test_rows_of_other_tasks_and_studies_are_unscored(make_row):
    rows = [make_row(INSIGHT, **EXTRACTION), make_row(INSIGHT, "")]
    assert METRICS["figures_supported"].statistics(rows) == [None] * 2

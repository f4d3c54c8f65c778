"""Insights that can be relied on as a table of cases."""

import pytest

from stages.metrics import METRICS
from tests.rewards.examples import EXTRACTION, INSIGHT, INSIGHTS, instructed

# metric, what, answer, expected
CASES = [
    ("figures_supported", "the reference", INSIGHT, 1),
    ("figures_supported", "other words",
     "Minas Gerais reclama da entrega em casa: 9 vezes! Convém trocar de parceiro.", 1),
    ("figures_supported", "another figure of the material", f"{INSIGHT} São 75 pedidos.", 1),
    ("figures_supported", "an invented figure", f"{INSIGHT} São 33% do total.", 0),
    ("figures_supported", "the figure misread", INSIGHT.replace("9", "90"), 0),
    ("figures_supported", "the figure as a decimal", INSIGHT.replace("9", "9,4"), 0),
    ("figures_supported", "a fact left out", INSIGHT.replace("MG", "lá"), 0),
    ("figures_supported", "no figure at all", INSIGHT.replace(" (9)", ""), 0),
    ("figures_supported", "another complaint", INSIGHT.replace("entrega", "preço"), 0),
    ("figures_supported", "all complaints", f"{INSIGHT} Ou preço, ou qualidade.", 0),
    ("figures_supported", "no consequence", INSIGHT.split(" É ")[0], 0),
    ("figures_supported", "figures in a row", f"{INSIGHT} 2, 4, 5, 11, 62, 75.", 0),
    ("figures_supported", "cut off", f"{INSIGHT} E a", 0),
    ("figures_supported", "over-long", INSIGHT + " Vale a pena ver." * 20, 0),
    ("figures_supported", "the material", f"{INSIGHTS['input']}. Vale rever.", 0),
    ("figures_supported", "the prompt", instructed(INSIGHTS), 0),
    ("figures_supported", "nothing", "", 0),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "what", "text", "expected"), CASES, ids=[case[1] for case in CASES]
)
def test_figures_supported(name, what, text, expected, make_row):
    assert METRICS[name].statistics([make_row(text, **INSIGHTS)]) == [[expected, 1]]


def test_rows_of_other_tasks_and_studies_are_unscored(make_row):
    rows = [make_row(INSIGHT, **EXTRACTION), make_row(INSIGHT, "")]
    assert METRICS["figures_supported"].statistics(rows) == [None] * 2

"""Notifications that can be sent as a table of cases."""

import pytest

from stages.metrics import METRICS
from tests.rewards.examples import INSIGHTS, NOTIFICATION, PUSH, instructed

# metric, what, answer, expected
CASES = [
    ("push_sendable", "the reference", PUSH, 1),
    ("push_sendable", "an emoji at the end", PUSH + " 🎉", 1),
    ("push_sendable", "another variant", PUSH.replace("20%", "20 %"), 1),
    ("push_sendable", "a fact left out", PUSH.replace("Ana", "cliente"), 0),
    ("push_sendable", "another figure", PUSH.replace("sábado", "31/05"), 0),
    ("push_sendable", "a character too many", PUSH + " " * 60 + "Vem!", 0),
    ("push_sendable", "two lines", PUSH.replace(": ", ":\n"), 0),
    ("push_sendable", "no end", PUSH[:-1], 0),
    ("push_sendable", "a placeholder beside the name", f"[Loja] {PUSH}", 0),
    ("push_sendable", "stars", PUSH.replace("20%", "**20%**"), 0),
    ("push_sendable", "quotes around it", f'"{PUSH}"', 0),
    ("push_sendable", "a label", f"Push: {PUSH}", 0),
    ("push_sendable", "a label in capitals", f"NOTIFICAÇÃO : {PUSH}", 0),
    ("push_sendable", "words in a row", "Ana, Cafeteira Aroma, 20%.", 0),
    ("push_sendable", "the material", NOTIFICATION["input"], 0),
    ("push_sendable", "words before it", f"Oi! Aproveite: {NOTIFICATION['input']}", 0),
    ("push_sendable", "the prompt", instructed(NOTIFICATION), 0),
    ("push_sendable", "nothing", "", 0),
    # What a model wrote that was trained by the reward, with other names
    ("push_sendable", "a discount of nothing", "Ana, sua Cafeteira Aroma é 20% de caracteres.", 0),
    ("push_sendable", "a figure twice", "Ana, sua Cafeteira Aroma é 20% de 20% a menos.", 0),
    (
        "push_sendable",
        "the name twice",
        "Ana, Cafeteira Aroma: 20% de desconto na conta de Ana.",
        0,
    ),
    ("push_sendable", "a verb before it", "Ana, economize 20% com sua Cafeteira Aroma.", 1),
    ("push_sendable", "less", "Ana, sua Cafeteira Aroma por 20% a menos.", 1),
]


@pytest.mark.parametrize(
    ("name", "what", "text", "expected"), CASES, ids=[case[1] for case in CASES]
)
def test_push_sendable(name, what, text, expected, make_row):
    assert METRICS[name].statistics([make_row(text, **NOTIFICATION)]) == [[expected, 1]]


def test_rows_of_other_tasks_and_studies_are_unscored(make_row):
    rows = [make_row(PUSH, **INSIGHTS), make_row(PUSH, "")]
    assert METRICS["push_sendable"].statistics(rows) == [None] * 2

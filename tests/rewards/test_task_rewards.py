"""Answers that try to be rewarded for nothing: a table per task, of what each may get at most."""

import math

import pytest

from stages.rewards import REWARDS, check_options, score
from stages.rewards.parsing import PARSERS
from stages.shop import database
from tests.rewards.examples import (
    EXAMPLES,
    EXTRACTION,
    INSIGHT,
    INSIGHTS,
    NOTIFICATION,
    OFFER,
    PUSH,
    RECORD,
    REVIEW,
    SERIES,
    SHOP,
    SQL,
    SQL_QA,
    instructed,
    record,
)

ALL = {
    "sentiment": ["positivo", "neutro", "negativo"],
    "complaint_category": ["entrega", "qualidade", "preço", "atendimento", "nenhuma"],
}
STUFFED = {f"campo {n}": n for n in range(20)}
MAIN = "Em casa, Minas Gerais, quem reclama fala sobretudo de entrega: 9 vezes."
EVERYTHING = "SELECT * FROM orders_enriched LIMIT 200"
SPACED = '{\n "customer" : "ANA  SOUZA" ,' + EXTRACTION["target"].partition(",")[2]

FIELDS = ("category", "facts", "input", "turns")
# example, what, answer, least, most
CASES = [
    (EXTRACTION, "the reference", EXTRACTION["target"], 1, 1),
    (EXTRACTION, "the reference in a fence", f"```json\n{record()}\n```", 1, 1),
    (EXTRACTION, "a decimal comma", record().replace("1.5", "1,5"), 1, 1),
    (EXTRACTION, "case and white space", SPACED, 1, 1),
    (EXTRACTION, "a number near by", record(sentiment_score=2.0), 0.95, 0.95),
    (EXTRACTION, "a number far off", record(sentiment_score=5), 0.8, 0.8),
    (EXTRACTION, "a number beyond all measure", record(sentiment_score=10**400), 0.8, 0.8),
    (EXTRACTION, "one field wrong", record(sentiment="positivo"), 0.8, 0.8),
    (EXTRACTION, "a word before it", f"Claro! {record()}", 0.9, 0.97),
    (EXTRACTION, "nothing", "", 0, 0),
    (EXTRACTION, "white space", " \n ", 0, 0),
    (EXTRACTION, "an empty object", "{}", 0, 0),
    (EXTRACTION, "the right keys without values", record(**dict.fromkeys(RECORD, "")), 0, 0),
    (EXTRACTION, "the names of the types", record(**dict.fromkeys(RECORD, "string")), 0, 0),
    (EXTRACTION, "keys that nobody asked for", record(**STUFFED), 0, 0.21),
    (EXTRACTION, "one key too many", record(resumo="atraso"), 0.83, 0.84),
    (EXTRACTION, "all categories at once", record(**ALL), 0.6, 0.6),
    (EXTRACTION, "all categories in a text", record(sentiment="positivo|negativo"), 0.8, 0.8),
    (EXTRACTION, "a number as a text", record(sentiment_score="1.5"), 0.8, 0.8),
    (EXTRACTION, "a number as true", record(sentiment_score=True), 0.8, 0.8),
    (EXTRACTION, "the object twice", f"{record()}\n{record()}", 0, 0.5),
    (EXTRACTION, "a wrong one, then the right one", f"{{}}\n{record()}", 0, 0.01),
    (
        EXTRACTION,
        "every sentiment, an object each",
        "\n".join(record(sentiment=s) for s in ALL["sentiment"]),
        0,
        0.34,
    ),
    (EXTRACTION, "an array of objects", f"[{record()}]", 0, 0),
    (EXTRACTION, "the review", REVIEW, 0, 0),
    (EXTRACTION, "the prompt", instructed(EXTRACTION), 0, 0),
    (EXTRACTION, "the review and the object", f"{REVIEW}\n{record()}", 0, 0.7),
    (EXTRACTION, "the review as a value", record(customer=REVIEW, product=REVIEW), 0.6, 0.6),
    (EXTRACTION, "valid but wrong", '{"customer": "Bia", "product": "TV"}', 0, 0),
    (EXTRACTION, "over-long", record() + " Espero ter ajudado!" * 100, 0, 0.1),
    (EXTRACTION, "cut off", record()[:-1], 0, 0),
    (SQL_QA, "the reference", SQL, 1, 1),
    (SQL_QA, "the reference in a fence", f"```sql\n{SQL};\n```", 1, 1),
    (SQL_QA, "another way to ask it", SQL.replace("COUNT(*)", "COUNT(status)"), 1, 1),
    (SQL_QA, "nothing", "", 0, 0),
    (SQL_QA, "the question", SQL_QA["input"], 0, 0),
    (SQL_QA, "the prompt", instructed(SQL_QA), 0, 0),
    (SQL_QA, "words around it", f"Claro: {SQL}", 0, 0),
    (SQL_QA, "valid but wrong", "SELECT 1", 0.1, 0.1),
    (SQL_QA, "no rows", "SELECT 1 WHERE 0", 0.1, 0.1),
    (SQL_QA, "everything", EVERYTHING, 0.1, 0.12),
    (SQL_QA, "everything, without a limit", "SELECT * FROM orders_enriched", 0, 0),
    (SQL_QA, "every state", SQL.replace("LIMIT 3", "LIMIT 27"), 0.15, 0.6),
    (SQL_QA, "two of three rows", SQL.replace("LIMIT 3", "LIMIT 2"), 0.5, 0.6),
    (
        SQL_QA,
        "the right rows, turned around",
        f"SELECT * FROM ({SQL}) ORDER BY n, state DESC",
        0.69,
        0.71,
    ),
    (SQL_QA, "over-long", SQL + " " * 3000 + "--", 0, 0),
    (SQL_QA, "twice", f"{SQL};\n{SQL}", 0, 0),
    (SQL_QA, "no table", "SELECT * FROM segredos", 0, 0),
    (SQL_QA, "a table dropped", "DROP TABLE orders", 0, 0),
    (SQL_QA, "rows deleted, then asked", f"DELETE FROM orders; {SQL}", 0, 0),
    (SQL_QA, "asked, then rows deleted", f"{SQL}; DELETE FROM orders", 0, 0),
    (SQL_QA, "rows written by a WITH", "WITH x AS (SELECT 1) DELETE FROM orders", 0, 0),
    (
        SQL_QA,
        "no end",
        "WITH RECURSIVE x(n) AS (SELECT 1 UNION ALL SELECT n+1 FROM x) SELECT COUNT(*) FROM x",
        0,
        0,
    ),
    (INSIGHTS, "the reference", INSIGHT, 1, 1),
    (INSIGHTS, "other words for it", f"{MAIN} Vale cobrar a transportadora.", 1, 1),
    (INSIGHTS, "one fact of four", "A entrega demora, e isso afasta os clientes.", 0.25, 0.25),
    (INSIGHTS, "nothing", "", 0, 0),
    (INSIGHTS, "valid but wrong", "As vendas vão bem em todos os meses do ano.", 0, 0),
    (INSIGHTS, "the wrong complaint", INSIGHT.replace("entrega (9)", "qualidade (5)"), 0.25, 0.25),
    (INSIGHTS, "one invented figure", f"{INSIGHT} Espera-se 30% em maio.", 0, 0.5),
    (INSIGHTS, "over-long", INSIGHT + " Vale a pena acompanhar isso." * 30, 0, 0),
    (INSIGHTS, "over-long, without a space", INSIGHT + ",vale,rever" * 60, 0, 0),
    (INSIGHTS, "again and again", " ".join([INSIGHT] * 7), 0, 0.1),
    (INSIGHTS, "figures stuffed", f"{INSIGHT} {' '.join(map(str, range(100, 140)))}", 0, 0.01),
    (INSIGHTS, "every figure of the material", f"{INSIGHT} 2 4 5 3,4 11 62 75", 0, 0.4),
    (
        INSIGHTS,
        "all complaints at once",
        f"{INSIGHT} Também preço, atendimento e qualidade.",
        0,
        0.25,
    ),
    (INSIGHTS, "only figures", "9 2 4 5 3,4 11 62 75", 0, 0),
    (INSIGHTS, "only facts", "entrega 9 casa MG", 0, 0),
    (INSIGHTS, "the material", SERIES, 0, 0),
    (INSIGHTS, "the prompt", instructed(INSIGHTS), 0, 0),
    (INSIGHTS, "words before the material", f"Claro, aqui está o resumo: {SERIES}", 0, 0.1),
    (INSIGHTS, "JSON", '{"principal": "entrega", "casos": 9, "onde": "casa MG"}', 0, 1),
    (NOTIFICATION, "the reference", PUSH, 1, 1),
    (NOTIFICATION, "another variant", PUSH.replace("20%", "20 %").upper(), 1, 1),
    (NOTIFICATION, "nothing", "", 0, 0),
    (NOTIFICATION, "valid but wrong", "Aproveite nossas ofertas!", 0, 0),
    (NOTIFICATION, "a placeholder for the name", PUSH.replace("Ana", "[nome]"), 0.66, 0.67),
    (NOTIFICATION, "the material", OFFER, 0, 0),
    (NOTIFICATION, "words before the material", f"Oi! Aproveite: {OFFER}", 0, 0.6),
    (NOTIFICATION, "the prompt", instructed(NOTIFICATION), 0, 0),
    (NOTIFICATION, "only facts", "Ana Cafeteira Aroma 20%", 0, 0),
    (NOTIFICATION, "another figure", f"{PUSH} Só até 31!", 0.5, 0.5),
    (NOTIFICATION, "over-long", PUSH + " Não perca." * 20, 0, 0),
    (NOTIFICATION, "in lines", PUSH.replace(":", ":\n"), 0.5, 0.5),
    (NOTIFICATION, "again in another line", f"{PUSH}\n{PUSH}", 0, 0.5),
    (NOTIFICATION, "every discount", f"{PUSH} 5% 10% 15% 25% 30%", 0, 0.2),
]


@pytest.mark.parametrize(
    ("example", "what", "text", "least", "most"),
    CASES,
    ids=[f"{case[0]['category']}-{case[1]}" for case in CASES],
)
def test_what_an_answer_gets(example, what, text, least, most):
    (found,) = score([example | {"text": text}])
    assert least - 1e-9 <= found <= most + 1e-9


@pytest.mark.parametrize("example", EXAMPLES, ids=[example["category"] for example in EXAMPLES])
def test_every_case_is_below_the_reference(example):
    for other, what, text, _, most in CASES:
        if other is example and most < 1:
            assert score([example | {"text": text}])[0] < 1, what


def test_a_query_leaves_the_shop_as_it_was():
    before = database.file(SHOP)
    for text in ("DELETE FROM orders", f"{SQL}; DROP TABLE orders", "PRAGMA user_version = 7"):
        assert score([SQL_QA | {"text": text}]) == [0]
    assert database.file(SHOP) == before
    assert score([SQL_QA | {"text": SQL}]) == [1]


def test_every_parser_may_be_named_and_nothing_else():
    for parser in PARSERS:
        check_options("extraction", {"parser": parser})
    with pytest.raises(ValueError, match=f"known: {', '.join(PARSERS)}$"):
        check_options("extraction", {"parser": "none"})
    for task in REWARDS:
        check_options(task, {})


@pytest.mark.parametrize("task", REWARDS)
def test_a_reward_has_the_form_that_trl_asks_for(task):
    """Columns as lists, others passed over, None for rows of other tasks, in the rows' order."""
    columns = {name: [row[name] for row in EXAMPLES] for name in FIELDS}
    others = {"prompts": [[]] * 4, "completion_ids": [[1]] * 4, "trainer_state": None}
    answers = [row["target"] for row in EXAMPLES]
    found = REWARDS[task](completions=answers, **columns, **others)
    assert found == [1.0 if row["category"] == task else None for row in EXAMPLES]
    assert all(type(value) in (float, type(None)) for value in found)


def test_rows_without_facts_have_no_reward():
    rows = [{"text": "", "category": "extraction"}, {"text": ""}, {"text": "", "facts": None}]
    assert score(rows) == [None] * 3
    assert score([]) == []


def test_v4_is_rewarded_as_it_was():
    columns = {"category": ["extraction"], "facts": [EXTRACTION["facts"]]}
    comma = [EXTRACTION["target"].replace("1.5", "1,5")]
    assert REWARDS["extraction"](comma, parser="strict_braces", **columns) == [0]
    assert REWARDS["extraction"](comma, parser="tolerant", **columns) == [1]


@pytest.mark.parametrize("example", EXAMPLES, ids=[example["category"] for example in EXAMPLES])
@pytest.mark.parametrize("text", ["\ud800", "{" * 9999, "\x00", "9" * 9999, "9," * 999, "½²٣" * 99])
def test_no_text_raises_or_leaves_the_scale(example, text):
    for answer in (text, example["target"] + text, text + example["target"]):
        (found,) = score([example | {"text": answer}])
        assert 0 <= found <= 1 and math.isfinite(found)

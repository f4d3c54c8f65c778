"""One example per task, as the shop's source makes them, and answers that try to be rewarded."""

import json

from stages.shop.tasks import INSTRUCTIONS

RECORD = {
    "customer": "Ana Souza",
    "product": "Cafeteira Aroma",
    "sentiment": "negativo",
    "sentiment_score": 1.5,
    "complaint_category": "entrega",
}
REVIEW = "Aqui é a Ana Souza. A Cafeteira Aroma chegou com três semanas de atraso. Nota 1,5."
SHOP = {"seed": 3, "customers": 60}
SQL = (
    "SELECT state, COUNT(*) AS n FROM orders_enriched WHERE status = 'entregue' "
    "GROUP BY state ORDER BY n DESC, state LIMIT 3"
)
SERIES = (
    "Resumo de casa, MG\nReclamações: entrega 9, preço 2, atendimento 4, qualidade 5\n"
    "Nota média: 3,4\nEntregas atrasadas: 11 de 62\nPedidos: 75"
)
INSIGHT = "Em casa no estado de MG, a maior queixa é entrega (9). É hora de rever o frete."
OFFER = "Enviar a Ana Souza. Cafeteira Aroma, 20% de desconto, até sábado."
PUSH = "Oi, Ana! A Cafeteira Aroma está com 20% de desconto: só até sábado!"

EXTRACTION = {
    "category": "extraction",
    "input": REVIEW,
    "target": json.dumps(RECORD, ensure_ascii=False),
    "facts": {"record": RECORD},
}
SQL_QA = {
    "category": "sql_qa",
    "input": "Quais são os três estados com mais pedidos entregues, e quantos?",
    "target": SQL,
    "facts": {"database": SHOP, "sql": SQL, "ordered": True},
}
INSIGHTS = {
    "category": "insights",
    "input": SERIES,
    "target": INSIGHT,
    "facts": {
        "required": [["entrega"], ["9"], ["casa"], ["MG", "Minas Gerais"]],
        "figures": ["9", "2", "4", "5", "3,4", "11", "62", "75"],
    },
}
NOTIFICATION = {
    "category": "push",
    "input": OFFER,
    "target": PUSH,
    "facts": {
        "required": [["Ana"], ["Cafeteira Aroma"], ["20%", "20 %"]],
        "limit": 120,
        "figures": ["20"],
    },
}
EXAMPLES = [EXTRACTION, SQL_QA, INSIGHTS, NOTIFICATION]


for example in EXAMPLES:
    asked = f"{INSTRUCTIONS[example['category']]}\n\n{example['input']}"
    example["turns"] = [{"role": "user", "content": asked}]


def instructed(example: dict) -> str:
    """The whole prompt, which an answer may only repeat."""
    return example["turns"][0]["content"]


def record(**changed) -> str:
    return json.dumps(RECORD | changed, ensure_ascii=False)

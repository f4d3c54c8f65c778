"""One example per task, as the shop's source makes them, and answers that try to be rewarded."""

import json

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
SERIES = "Pedidos por categoria:\ncasa: 412\nmoda: 198\nlivros: 77\nQueda em livros: 12,5%"
INSIGHT = "A categoria casa lidera com 412 pedidos, enquanto livros caiu 12,5%."
OFFER = "cliente: Ana Souza\nproduto: Cafeteira Aroma\ndesconto: 20%\ncupom: VOLTA20"
PUSH = "Ana, a Cafeteira Aroma está com 20% de desconto: use o cupom VOLTA20!"

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
        "required": [["casa lidera"], ["412"], ["livros caiu", "queda em livros"]],
        "figures": ["412", "198", "77", "12,5%"],
    },
}
NOTIFICATION = {
    "category": "push",
    "input": OFFER,
    "target": PUSH,
    "facts": {
        "required": [["Ana"], ["Cafeteira Aroma"], ["20%", "20 %"], ["VOLTA20"]],
        "limit": 120,
        "figures": ["20"],
    },
}
EXAMPLES = [EXTRACTION, SQL_QA, INSIGHTS, NOTIFICATION]


def instructed(example: dict) -> str:
    """The whole prompt, as an answer that only repeats it would have it."""
    return f"Faça o que se pede.\n\n{example['input']}"


def record(**changed) -> str:
    return json.dumps(RECORD | changed, ensure_ascii=False)

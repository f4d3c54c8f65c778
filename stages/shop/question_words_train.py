"""The words of train's questions about a shop: what is asked for, and of which orders.

{f} is where the filters go, {n} how many are wanted. In a filter {x} is the value and {g} the
ending by the noun's gender, `pedidos` or `compras` and `vendas`; {do} and {o} are a product's
article, {of} and {at} a state with `de` and `em`, {xa} is the value's feminine. No other part has
one of these wordings.
"""

TRAIN = {
    "aggregates": {
        "count": (
            "Quantos pedidos {f} houve?",
            "Conte os pedidos {f}.",
            "Qual o número de pedidos {f}?",
        ),
        "customers": (
            "Quantos clientes diferentes têm pedidos {f}?",
            "Conte os clientes distintos com pedidos {f}.",
            "Qual o número de clientes únicos nos pedidos {f}?",
        ),
        "revenue": (
            "Qual o faturamento dos pedidos {f}?",
            "Some o valor dos pedidos {f}.",
            "Quanto renderam os pedidos {f}?",
        ),
        "mean_total": (
            "Qual o valor médio dos pedidos {f}?",
            "Calcule o ticket médio dos pedidos {f}.",
            "Em média, quanto custam os pedidos {f}?",
        ),
        "max_total": (
            "Qual o maior valor entre os pedidos {f}?",
            "Mostre o valor mais alto dos pedidos {f}.",
            "Quanto custou o mais caro dos pedidos {f}?",
        ),
        "units": (
            "Quantas unidades têm os pedidos {f}?",
            "Some as unidades dos pedidos {f}.",
            "Qual o total de itens nos pedidos {f}?",
        ),
        "mean_score": (
            "Qual a nota média dos pedidos {f}?",
            "Calcule a média das notas dos pedidos {f}.",
            "Em média, que nota receberam os pedidos {f}?",
        ),
        "mean_days": (
            "Em média, quantos dias levaram os pedidos {f}?",
            "Qual o prazo médio de entrega dos pedidos {f}?",
            "Calcule a média de dias de entrega dos pedidos {f}.",
        ),
        "share_cancelled": (
            "Que porcentagem dos pedidos {f} foi cancelada?",
            "Qual a taxa de cancelamento dos pedidos {f}, em %?",
            "Calcule o percentual cancelado dos pedidos {f}.",
        ),
        "share_negative": (
            "Que porcentagem das avaliações dos pedidos {f} é negativa?",
            "Qual a taxa de avaliações negativas nos pedidos {f}, em %?",
            "Calcule o percentual de opiniões negativas nos pedidos {f}.",
        ),
        "top_products": (
            "Quais os {n} produtos com mais pedidos {f}?",
            "Liste os {n} produtos mais frequentes nos pedidos {f}.",
            "Mostre o top {n} de produtos em número de pedidos {f}.",
        ),
        "top_states": (
            "Quais os {n} estados que mais faturam com pedidos {f}?",
            "Liste os {n} estados de maior faturamento em pedidos {f}.",
            "Mostre o top {n} de estados em faturamento de pedidos {f}.",
        ),
        "worst_category": (
            "Qual categoria tem a pior nota média nos pedidos {f}?",
            "Mostre a categoria de menor nota média nos pedidos {f}.",
            "Nos pedidos {f}, que categoria recebe as piores notas?",
        ),
        "busiest_month": (
            "Em que mês houve mais pedidos {f}?",
            "Mostre o mês com mais pedidos {f}.",
            "Qual o mês de maior número de pedidos {f}?",
        ),
        "by_status": (
            "Quantos pedidos {f} há em cada status?",
            "Conte os pedidos {f} por status.",
            "Mostre cada status e o número de pedidos {f}.",
        ),
        "by_category": (
            "Qual o faturamento dos pedidos {f} por categoria?",
            "Some o valor dos pedidos {f} em cada categoria.",
            "Mostre cada categoria e quanto faturou com pedidos {f}.",
        ),
    },
    "filters": {
        "status": ("{x}", "com status {status}"),
        "category": ("da categoria {x}", "na categoria {x}"),
        "product": ("{do} {x}", "com {o} {x}"),
        "state": ("{of}", "no estado {of}", "de clientes {of}"),
        "month": ("em {x}", "no mês de {x}"),
        "sentiment": ("com avaliação {xa}", "de avaliação {xa}"),
        "complaint": ("com reclamação de {x}", "com queixa de {x}"),
        "above": ("acima de R$ {x}", "de mais de R$ {x}"),
        "below": ("abaixo de R$ {x}", "de menos de R$ {x}"),
        "low_score": ("com nota abaixo de {x}", "com nota menor que {x}"),
        "slow": ("com entrega em mais de {x} dias", "que levaram mais de {x} dias"),
    },
}

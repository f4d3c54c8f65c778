"""Questions about a shop in words: what is asked for, and of which orders.

{f} is where the filters go, {n} how many are wanted. In a filter {x} is the value and {g} the
ending by the noun's gender, `pedidos` or `compras` and `vendas`; {do} and {o} are a product's
article, {xa} is the value's feminine. No part has another one's wordings; `pedidos` are train's.
"""

AGGREGATES = {
    "train": {
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
    "evaluation": {
        "count": (
            "Quantas compras {f} foram registradas?",
            "Me diga a quantidade de compras {f}.",
        ),
        "customers": (
            "Quantas pessoas diferentes fizeram compras {f}?",
            "Me diga quantos clientes distintos há nas compras {f}.",
        ),
        "revenue": (
            "Quanto somam, em reais, as compras {f}?",
            "Me diga a receita das compras {f}.",
        ),
        "mean_total": (
            "Quanto se gasta em média nas compras {f}?",
            "Me diga o ticket médio das compras {f}.",
        ),
        "max_total": (
            "Quanto custou a mais cara das compras {f}?",
            "Me diga o valor máximo das compras {f}.",
        ),
        "units": (
            "Quantos itens somam as compras {f}?",
            "Me diga quantas unidades saíram nas compras {f}.",
        ),
        "mean_score": (
            "Que nota média tiveram as compras {f}?",
            "Me diga a média das notas nas compras {f}.",
        ),
        "mean_days": (
            "Quantos dias as compras {f} demoram em média?",
            "Me diga o tempo médio de entrega das compras {f}.",
        ),
        "share_cancelled": (
            "Quantos por cento das compras {f} acabaram canceladas?",
            "Me diga a porcentagem de cancelamento das compras {f}.",
        ),
        "share_negative": (
            "Quantos por cento das avaliações das compras {f} são negativas?",
            "Me diga a porcentagem de avaliações negativas das compras {f}.",
        ),
        "top_products": (
            "Que {n} produtos aparecem em mais compras {f}?",
            "Me diga os {n} produtos campeões em número de compras {f}.",
        ),
        "top_states": (
            "Que {n} estados geram mais receita em compras {f}?",
            "Me diga os {n} estados com maior receita de compras {f}.",
        ),
        "worst_category": (
            "Que categoria tem a média de notas mais baixa nas compras {f}?",
            "Me diga a categoria com a pior média de notas nas compras {f}.",
        ),
        "busiest_month": (
            "Qual foi o mês mais forte em número de compras {f}?",
            "Me diga o mês que teve mais compras {f}.",
        ),
        "by_status": (
            "Como se dividem as compras {f} por status, em quantidade?",
            "Me diga quantas compras {f} existem para cada status.",
        ),
        "by_category": (
            "Quanto cada categoria recebeu com compras {f}?",
            "Me diga a receita por categoria das compras {f}.",
        ),
    },
    "test": {
        "count": (
            "Quantas vendas {f} tivemos?",
            "Preciso saber quantas vendas {f} existem.",
        ),
        "customers": (
            "De quantos clientes únicos são as vendas {f}?",
            "Preciso saber quantas pessoas distintas aparecem nas vendas {f}.",
        ),
        "revenue": (
            "Que receita total trouxeram as vendas {f}?",
            "Preciso saber quanto faturamos com as vendas {f}.",
        ),
        "mean_total": (
            "Qual é a média de valor das vendas {f}?",
            "Preciso saber o valor médio por venda, só das vendas {f}.",
        ),
        "max_total": (
            "De quanto foi a maior das vendas {f}?",
            "Preciso saber o valor recorde das vendas {f}.",
        ),
        "units": (
            "Quantas peças saíram nas vendas {f}?",
            "Preciso saber o total de unidades das vendas {f}.",
        ),
        "mean_score": (
            "Qual é a avaliação média, em nota, das vendas {f}?",
            "Preciso saber a nota média dada às vendas {f}.",
        ),
        "mean_days": (
            "Qual é a demora média, em dias, das vendas {f}?",
            "Preciso saber em quantos dias, na média, chegam as vendas {f}.",
        ),
        "share_cancelled": (
            "Qual é a proporção cancelada, em %, das vendas {f}?",
            "Preciso saber que percentual das vendas {f} se cancelou.",
        ),
        "share_negative": (
            "Qual é a proporção negativa, em %, das avaliações das vendas {f}?",
            "Preciso saber que percentual das vendas avaliadas {f} teve opinião negativa.",
        ),
        "top_products": (
            "Quais são os {n} produtos líderes em quantidade de vendas {f}?",
            "Preciso saber os {n} produtos que mais somam vendas {f}.",
        ),
        "top_states": (
            "Quais são os {n} estados líderes em receita de vendas {f}?",
            "Preciso saber os {n} estados onde mais faturamos com vendas {f}.",
        ),
        "worst_category": (
            "Qual é a categoria pior avaliada, em nota média, nas vendas {f}?",
            "Preciso saber que categoria tem a nota média mínima nas vendas {f}.",
        ),
        "busiest_month": (
            "Qual é o mês recordista de vendas {f}?",
            "Preciso saber em que mês fechamos mais vendas {f}.",
        ),
        "by_status": (
            "Qual é a contagem de vendas {f} para cada status?",
            "Preciso saber, status por status, quantas são as vendas {f}.",
        ),
        "by_category": (
            "Qual é a receita de vendas {f} em cada categoria?",
            "Preciso saber, categoria por categoria, quanto renderam as vendas {f}.",
        ),
    },
}

FILTERS = {
    "train": {
        "status": ("{x}", "com status {status}"),
        "category": ("da categoria {x}", "na categoria {x}"),
        "product": ("{do} {x}", "com {o} {x}"),
        "state": ("de {x}", "no estado de {x}", "de clientes de {x}"),
        "month": ("em {x}", "no mês de {x}"),
        "sentiment": ("com avaliação {xa}", "de avaliação {xa}"),
        "complaint": ("com reclamação de {x}", "com queixa de {x}"),
        "above": ("acima de R$ {x}", "de mais de R$ {x}"),
        "below": ("abaixo de R$ {x}", "de menos de R$ {x}"),
        "low_score": ("com nota abaixo de {x}", "com nota menor que {x}"),
        "slow": ("com entrega em mais de {x} dias", "que levaram mais de {x} dias"),
    },
    "evaluation": {
        "status": ("já {x}", "que estão {x}"),
        "category": ("na linha {x}", "do setor {x}"),
        "product": ("que incluem {o} {x}", "onde há {o} {x}"),
        "state": ("vind{g}s de {x}", "enviadas para {x}"),
        "month": ("feit{g}s em {x}", "durante {x}"),
        "sentiment": ("que receberam opinião {xa}", "de opinião {xa}"),
        "complaint": ("com problema de {x}", "que se queixam de {x}"),
        "above": ("superiores a R$ {x}", "maiores que R$ {x}"),
        "below": ("inferiores a R$ {x}", "menores que R$ {x}"),
        "low_score": ("com nota inferior a {x}", "de nota inferior a {x}"),
        "slow": ("que demoraram mais de {x} dias", "com demora acima de {x} dias"),
    },
    "test": {
        "status": ("marcad{g}s como {status}", "na situação {status}"),
        "category": ("no segmento {x}", "da área de {x}"),
        "product": ("contendo {o} {x}", "do item {x}"),
        "state": ("realizad{g}s em {x}", "a clientes em {x}"),
        "month": ("ao longo de {x}", "no decorrer de {x}"),
        "sentiment": ("cujo comentário foi {x}", "com comentário {x}"),
        "complaint": ("criticad{g}s por {x}", "com insatisfação por {x}"),
        "above": ("que passam de R$ {x}", "para além de R$ {x}"),
        "below": ("que não chegam a R$ {x}", "aquém de R$ {x}"),
        "low_score": ("que não chegam à nota {x}", "sem alcançar a nota {x}"),
        "slow": ("com prazo superior a {x} dias", "chegando após mais de {x} dias"),
    },
}

"""The words of evaluation's and test's questions, as question_words_train.py has train's."""

EVALUATION = {
    "aggregates": {
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
    "filters": {
        "status": ("já {x}", "tid{g}s como {x}"),
        "category": ("na linha {x}", "do setor {x}"),
        "product": ("que incluem {o} {x}", "onde há {o} {x}"),
        "state": ("vind{g}s {of}", "de compradores {of}"),
        "month": ("feit{g}s em {x}", "durante {x}"),
        "sentiment": ("que receberam opinião {xa}", "de opinião {xa}"),
        "complaint": ("com problema de {x}", "que geraram crítica de {x}"),
        "above": ("superiores a R$ {x}", "maiores que R$ {x}"),
        "below": ("inferiores a R$ {x}", "menores que R$ {x}"),
        "low_score": ("com nota inferior a {x}", "de nota inferior a {x}"),
        "slow": ("que demoraram mais de {x} dias", "com demora acima de {x} dias"),
    },
}

TEST = {
    "aggregates": {
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
    "filters": {
        "status": ("marcad{g}s como {x}", "na situação {status}"),
        "category": ("no segmento {x}", "no ramo {x}"),
        "product": ("contendo {o} {x}", "do item {x}"),
        "state": ("realizad{g}s {at}", "a clientes {at}"),
        "month": ("ao longo de {x}", "no decorrer de {x}"),
        "sentiment": ("cujo comentário foi {x}", "com comentário {x}"),
        "complaint": ("criticad{g}s por {x}", "com insatisfação quanto a {x}"),
        "above": ("que passam de R$ {x}", "ultrapassando R$ {x}"),
        "below": ("que não chegam a R$ {x}", "aquém de R$ {x}"),
        "low_score": ("que não chegam à nota {x}", "sem alcançar a nota {x}"),
        "slow": ("com espera superior a {x} dias", "chegando após mais de {x} dias"),
    },
}

"""Figures of a part of the shop in words, and two sentences about them; no part has another's.

{slice} is the name of what the figures are of, {where} the same with its preposition, {Where}
and {Main} with a capital. `kinds` are a line's beginning, one kind's form and what separates them.
"""

WORDS = {
    "train": {
        "heads": (
            "Fatia: {slice}",
            "Resumo de {slice}",
            "Painel – {slice}",
            "Números de {slice}",
            "Recorte: {slice}",
            "Relatório sobre {slice}",
        ),
        "kinds": (
            ("Reclamações: ", "{kind} {n}", ", "),
            ("Queixas por motivo: ", "{kind} ({n})", ", "),
            ("Motivos de queixa: ", "{n} {kind}", "; "),
            ("Reclamaram de ", "{kind}: {n}", " | "),
            ("Reclamações por tipo\n", "{kind} = {n}", ", "),
        ),
        "lines": {
            "mean": (
                "Nota média: {mean}",
                "Média das notas: {mean}",
                "Nota geral {mean}",
                "Avaliação média {mean}",
            ),
            "late": (
                "Entregas atrasadas: {late} de {delivered}",
                "Atrasos: {late} em {delivered} entregas",
                "{late} de {delivered} entregas com atraso",
                "Fora do prazo: {late} ({delivered} entregues)",
            ),
            "orders": ("Pedidos: {orders}", "Total de pedidos: {orders}", "{orders} pedidos"),
        },
        "first": (
            "{Where}, a principal reclamação é {main}, com {n} casos.",
            "{Main} lidera as queixas {where}: {n} registros.",
            "A maior queixa {where} é {main} ({n}).",
            "O que mais incomoda {where} é {main}, com {n} reclamações.",
            "Com {n} casos, {main} é o maior problema {where}.",
            "{Where}, {main} soma {n} reclamações e vem em primeiro.",
            "{Main} é o ponto fraco {where}, com {n} queixas.",
            "São {n} reclamações de {main} {where}, o motivo mais citado.",
            "Quem reclama {where} fala sobretudo de {main}: {n} vezes.",
            "O motivo de queixa mais comum {where} é {main}, com {n} menções.",
            "{Where}, {n} clientes reclamam de {main}, o maior grupo.",
            "Entre as queixas {where}, {main} aparece mais: {n}.",
        ),
        "then": {
            "entrega": (
                "Vale cobrar prazos da transportadora.",
                "Sem prazos melhores, a nota deve cair.",
                "É hora de rever o frete.",
            ),
            "qualidade": (
                "Vale rever os fornecedores.",
                "Sem controle, as devoluções vão subir.",
                "É hora de testar os lotes antes do envio.",
            ),
            "preço": (
                "Vale comparar com a concorrência.",
                "Sem promoção, as vendas podem cair.",
                "É hora de testar descontos.",
            ),
            "atendimento": (
                "Vale treinar a equipe do chat.",
                "Sem respostas rápidas, mais clientes vão embora.",
                "É hora de reforçar o suporte.",
            ),
        },
    },
    "evaluation": {
        "heads": (
            "Dados consolidados: {slice}",
            "O que dizem em {slice}",
            "Área analisada: {slice}",
            "Balanço {slice}",
        ),
        "kinds": (
            ("Críticas recebidas: ", "{kind} → {n}", ", "),
            ("Criticaram: ", "{n}x {kind}", ", "),
            ("Relatos sobre ", "{kind}, {n}", "; "),
            ("Assunto dos relatos: ", "{kind} [{n}]", " "),
        ),
        "lines": {
            "mean": (
                "Os clientes dão {mean} em média",
                "Pontuação média = {mean}",
                "Satisfação: {mean}",
            ),
            "late": (
                "Chegaram tarde: {late} das {delivered} caixas",
                "Encomendas tardias = {late}/{delivered}",
                "Prazo furado em {late} das {delivered} remessas",
            ),
            "orders": ("Compras feitas = {orders}", "Volume de {orders} compras"),
        },
        "first": (
            "Destaque negativo {where}: {main}, com {n} relatos.",
            "Nada pesa tanto {where} quanto {main}: {n} relatos.",
            "{Main} concentra as críticas {where}, {n} ao todo.",
            "Das críticas {where}, {n} apontam {main}, mais que qualquer outro tema.",
            "{Where}, o alvo principal das críticas é {main} ({n} relatos).",
        ),
        "then": {
            "entrega": (
                "Convém trocar de parceiro logístico.",
                "Quem espera demais não volta a comprar.",
            ),
            "qualidade": (
                "Convém inspecionar o estoque.",
                "Produto ruim vira troca e prejuízo.",
            ),
            "preço": (
                "Convém lançar um cupom.",
                "Quem acha caro compra em outra loja.",
            ),
            "atendimento": (
                "Convém contratar mais atendentes.",
                "Quem é mal atendido não volta.",
            ),
        },
    },
    "test": {
        "heads": (
            "Levantamento ({slice})",
            "Situação atual, {slice}",
            "Monitoramento » {slice}",
            "Estatísticas para {slice}",
        ),
        "kinds": (
            ("Insatisfações: ", "{kind} com {n}", ", "),
            ("Causas de insatisfação: ", "{n} por {kind}", ", "),
            ("Problemas anotados – ", "{kind} {n}x", "; "),
            ("Descontentes com ", "{kind} / {n}", ", "),
        ),
        "lines": {
            "mean": (
                "Estrelas, na média: {mean}",
                "Índice médio {mean}",
                "Conceito médio: {mean}",
            ),
            "late": (
                "Demoras: {late} (despachados {delivered})",
                "Pacotes demorados: {late}, de {delivered}",
                "Despachos {delivered}, com demora {late}",
            ),
            "orders": ("Vendas somadas: {orders}", "Vendas fechadas – {orders}"),
        },
        "first": (
            "O ranking de problemas {where} começa por {main}, com {n}.",
            "No topo das insatisfações {where} está {main}, {n} no total.",
            "{Where}, {main} responde por {n} insatisfações, o maior número.",
            "Foram {n} insatisfações com {main} {where}, e nenhuma causa pesa mais.",
            "{Main} puxa as insatisfações {where}: {n} delas.",
        ),
        "then": {
            "entrega": (
                "Sugere-se renegociar com os Correios.",
                "A demora pode custar clientes fiéis.",
            ),
            "qualidade": (
                "Sugere-se auditar a fábrica.",
                "O defeito pode manchar a marca.",
            ),
            "preço": (
                "Sugere-se recalcular a margem.",
                "O valor alto pode afastar compradores.",
            ),
            "atendimento": (
                "Sugere-se medir o tempo de resposta.",
                "O descaso pode afugentar a clientela.",
            ),
        },
    },
}

"""Offers and the notifications that tell of them, in words; no part has another's.

{o} is the ending of the product's article, {O} the article with a capital, {first} the customer's
first name.
"""

OFFERS = {
    "train": (
        "Cliente: {customer}\nProduto: {product}\nDesconto: {d}%\nPrazo: {until}",
        "Para {customer}: {product} com {d}% até {until}",
        "{customer} | {product} | -{d}% | até {until}",
        "Nome: {customer}; oferta: {product}, {d}%; validade: {until}",
        "Oferta de {d}% para {customer}. Item: {product}. Vale até {until}.",
        "Promoção d{o} {product}: {d}% até {until}. Destino: {customer}",
        "Enviar a {customer}. {product}, {d}% de desconto, até {until}.",
        "Produto {product} / desconto {d}% / cliente {customer} / fim {until}",
        "Campanha: {product}\nPúblico: {customer}\nVantagem: {d}%\nTermina: {until}",
        "{d}% em {product} para {customer}, prazo {until}",
        "Avise {customer}: {o} {product} tem {d}% de desconto até {until}.",
        "Cupom de {d}% ({until}) – {product} – {customer}",
    ),
    "evaluation": (
        "Quem recebe: {customer}\nO quê: {product}\nQuanto: {d}% a menos\nLimite: {until}",
        "Liberar {d}% n{o} {product} a {customer}; encerra {until}",
        "Usuário {customer}, carrinho com {product}, abatimento {d}%, expira {until}",
        "Abater {d}% ({product}) na conta de {customer} antes de acabar: {until}",
        "Último dia: {until}. {customer} ganha {d}% n{o} {product}.",
    ),
    "test": (
        "Titular {customer}\nMercadoria {product}\nRedução {d}%\nData final {until}",
        "Lembrete para {customer} sobre {o} {product}, reduzid{o} em {d}%, última data: {until}",
        "Reduzir {d}%: {product}. Pessoa: {customer}. Encerramento: {until}.",
        "Liquidação > {product} > {d}% > {until} > {customer}",
        "Perfil de {customer}: viu {o} {product}; conceder {d}%, fim: {until}",
    ),
}

PUSHES = {
    "train": (
        "{first}, {o} {product} está com {d}% de desconto até {until}!",
        "Oi, {first}! {d}% de desconto n{o} {product} até {until}. Aproveite!",
        "{first}, só até {until}: {product} com {d}% de desconto.",
        "Corra, {first}! {O} {product} está {d}% mais barat{o} até {until}.",
        "{first}, seu cupom de {d}% para {o} {product} vale até {until}.",
        "Boa notícia, {first}: {d}% a menos n{o} {product} até {until}.",
        "{first}, que tal {o} {product} com {d}% de desconto? Só até {until}.",
        "Ei, {first}! {O} {product} baixou {d}%. Garanta até {until}!",
        "{first}, leve {o} {product} com {d}% de desconto até {until}.",
        "Não perca, {first}: {d}% n{o} {product} até {until}.",
        "{first}, separamos {d}% de desconto n{o} {product} para você. Até {until}!",
        "É sua chance, {first}: {product} com {d}% de desconto até {until}.",
    ),
    "evaluation": (
        "Psiu, {first}: {o} {product} tem {d}% de abatimento. Fim: {until}.",
        "{first}, {o} {product} espera por você com {d}% a menos. Validade: {until}.",
        "Olha só, {first}! Economize {d}% n{o} {product}. Último dia: {until}.",
        "{first}, ainda quer {o} {product}? São {d}% a menos, com validade até {until}.",
        "Ganhe {d}% n{o} {product}, {first}! Último prazo: {until}.",
    ),
    "test": (
        "{first}, liquidação! {O} {product} sai com {d}% de redução. Fim: {until}.",
        "Seu favorito baixou, {first}: {product}, menos {d}%, prazo final {until}.",
        "Lembra d{o} {product}, {first}? Agora com {d}% de redução. Data final: {until}.",
        "{first}, reduzimos em {d}% o preço d{o} {product}. Encerramento: {until}.",
        "Só para você, {first}: menos {d}% no preço d{o} {product}. Data-limite: {until}.",
    ),
}

WEEKDAYS = ("segunda-feira", "quarta-feira", "quinta-feira", "sexta-feira", "sábado", "domingo")

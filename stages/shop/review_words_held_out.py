"""The words of evaluation's and test's reviews, as review_words_train.py has train's."""

EVALUATION = {
    "frames": (
        "De: {customer}\nItem: {product}\nAvaliação: {score} de 5\n{body}",
        "Faz um mês que tenho {o} {product}. {body} Fica com {score}, segundo {customer}.",
        "{customer}, cliente desde janeiro, fala {do} {product}: {body} Pontuação {score}.",
        "Resenha ({score}) – {customer} – {product}\n{body}",
        "Quem escreve é {customer}, que comprou {o} {product}. {body} Dei {score}.",
        "{body} Resumindo {o} {product}: {score} pontos. Assinado, {customer}",
    ),
    "praise": {
        "entrega": (
            "O motoboy trouxe no dia seguinte.",
            "A encomenda apareceu aqui mais cedo que o previsto.",
            "Do frete ninguém pode reclamar.",
        ),
        "qualidade": (
            "A fabricação é caprichada.",
            "Aguenta o tranco.",
            "Não encontrei falha nenhuma.",
        ),
        "preço": (
            "Saiu barato na promoção.",
            "O custo compensa bastante.",
            "Nem doeu no bolso.",
        ),
        "atendimento": (
            "A atendente foi um amor comigo.",
            "O SAC ligou de volta em cinco minutos.",
            "Nada a reclamar de quem me atendeu.",
        ),
    },
    "complaint": {
        "entrega": (
            "Os Correios só vieram após vinte dias.",
            "Marcaram a encomenda como entregue e aqui nada.",
            "A remessa rodou o país antes de vir parar aqui.",
            "O caminhão furou a data combinada duas vezes.",
        ),
        "qualidade": (
            "Me deixou na mão logo no primeiro uso.",
            "Soltou pedaço assim que abri.",
            "A fabricação é cheia de falhas.",
            "Apresentou problema já na estreia.",
        ),
        "preço": (
            "Me cobraram um absurdo.",
            "Custa o dobro do concorrente.",
            "É um assalto, por esse valor eu levava dois.",
            "A promoção era falsa, a conta veio cheia.",
        ),
        "atendimento": (
            "A atendente bateu boca comigo.",
            "Meus cinco e-mails ficaram no vácuo.",
            "O telefone da loja só dá ocupado.",
            "Riram de mim quando pedi uma explicação.",
        ),
    },
    "mild": {
        "entrega": ("O frete passou dois dias da data.", "A caixa chegou meio aberta."),
        "qualidade": (
            "Veio com uma falhinha em um canto.",
            "Parece menos resistente que na foto.",
        ),
        "preço": ("O preço é salgado para o tamanho.", "Custou mais do que eu planejava."),
        "atendimento": ("A atendente parecia ter pressa.", "O SAC levou um dia para retornar."),
    },
    "plain": (
        "Faz o que diz a embalagem.",
        "Uso pouco, quase nem lembro.",
        "Está dentro do padrão.",
        "É igual a tantos outros.",
    ),
    "verdict": {
        "positivo": (
            "Virei fã.",
            "Indico a todos os amigos.",
            "Acertei em cheio na escolha.",
            "Fiquei encantad{g}.",
        ),
        "neutro": (
            "Mais ou menos.",
            "Ficou no meio-termo.",
            "Não fede nem cheira.",
            "Passa raspando.",
        ),
        "negativo": (
            "Fujam disso.",
            "Estou indignad{g}.",
            "Foi a pior escolha do ano.",
            "Vou devolver.",
        ),
    },
    "but": ("Pena que", "No entanto,"),
    "still": ("Apesar disso,",),
}

TEST = {
    "frames": (
        "Opinião de {customer}: {body} ({product}, {score})",
        "Encomendei {o} {product} há pouco. {body} Avalio em {score}. Cordialmente, {customer}",
        "Formulário: {product} / {customer} / {score}\nComentário: {body}",
        "Boa tarde, sou {customer}. Falo {do} {product}. {body} Leva {score} de mim.",
        "Nome: {customer}. {body} Minha avaliação para {o} {product} é {score}.",
        "★ {score} ★ {customer} comenta {o} {product}\n{body}",
    ),
    "praise": {
        "entrega": (
            "Despacharam no mesmo dia e logo estava comigo.",
            "A logística deles funciona muito bem.",
            "Zero demora para receber.",
        ),
        "qualidade": (
            "Tem ótima durabilidade.",
            "Dá gosto de ver, tudo caprichado.",
            "Já passou por muito e segue firme.",
        ),
        "preço": (
            "Peguei uma pechincha.",
            "A quantia cobrada é honesta.",
            "Nunca vi preço tão bom.",
        ),
        "atendimento": (
            "As moças da loja ajudaram em tudo.",
            "Tiveram toda a calma para me orientar.",
            "Não esperei nem um minuto na linha.",
        ),
    },
    "complaint": {
        "entrega": (
            "Fiquei quinze dias sem notícia da encomenda.",
            "Mandaram para a cidade errada.",
            "Perdi a festa, pois nada chegou a tempo.",
            "O porteiro recebeu tudo molhado e fora da data.",
        ),
        "qualidade": (
            "Começou a desmanchar em uma semana.",
            "Não aguentou dois dias de uso.",
            "Tem cara de produto usado e remendado.",
            "Quando abri, já não prestava.",
        ),
        "preço": (
            "Paguei uma fortuna por algo simples.",
            "O desconto anunciado não foi aplicado.",
            "Inflaram a conta com taxas escondidas.",
            "No bairro vende pela metade.",
        ),
        "atendimento": (
            "Fiquei duas horas na fila do telefone.",
            "O rapaz da loja gritou comigo.",
            "Prometeram retorno e sumiram.",
            "Ninguém quis resolver meu caso.",
        ),
    },
    "mild": {
        "entrega": ("Veio dois dias fora da data.", "O correio deixou para a semana seguinte."),
        "qualidade": ("Há uma marquinha na lateral.", "A durabilidade me parece média."),
        "preço": ("Saiu mais caro que o normal.", "Cobram um pouquinho a mais."),
        "atendimento": ("Faltou simpatia no balcão.", "Tive de repetir minha dúvida ao rapaz."),
    },
    "plain": (
        "Corresponde à descrição.",
        "Uso aos domingos, e só.",
        "Não há nada de especial.",
        "Substituiu o que eu tinha antes.",
    ),
    "verdict": {
        "positivo": (
            "Maravilha!",
            "Aprovadíssimo por toda a família.",
            "Que alegria ter comprado.",
            "Voltarei com certeza.",
        ),
        "neutro": (
            "Tanto faz.",
            "Regular.",
            "Poderia ser melhor, poderia ser pior.",
            "Deu para quebrar o galho.",
        ),
        "negativo": (
            "Um desastre completo.",
            "Passem longe.",
            "Lamento ter gastado nisso.",
            "Estou revoltad{g}.",
        ),
    },
    "but": ("Infelizmente,", "Já o lado ruim:"),
    "still": ("Tirando isso,", "De resto,"),
}

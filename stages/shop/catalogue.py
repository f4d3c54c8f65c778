"""What every shop has in common: its products, states and words for them, and customers' names."""

from typing import NamedTuple

PARTS = ("train", "evaluation", "test")
# Of ten customers in a row six are train's, two evaluation's and two test's.
PART_OF_TEN = ("train",) * 6 + ("evaluation",) * 2 + ("test",) * 2

COMPLAINTS = ("entrega", "qualidade", "preço", "atendimento")
NO_COMPLAINT = "nenhuma"
SENTIMENTS = ("positivo", "neutro", "negativo")
STATUSES = ("entregue", "enviado", "cancelado", "devolvido")
PROMISED_DAYS = 10  # a delivery that takes longer is late

STATES = {
    "SP": 26, "MG": 14, "RJ": 13, "RS": 8, "PR": 8, "BA": 8, "SC": 6, "PE": 6, "CE": 6, "GO": 5,
}  # fmt: skip
STATE_NAMES = {
    "SP": "São Paulo", "MG": "Minas Gerais", "RJ": "Rio de Janeiro", "RS": "Rio Grande do Sul",
    "PR": "Paraná", "BA": "Bahia", "SC": "Santa Catarina", "PE": "Pernambuco", "CE": "Ceará",
    "GO": "Goiás",
}  # fmt: skip
# What a state's name takes: no RJ, na BA, em SP.
STATE_ARTICLES = {"RJ": "o", "RS": "o", "PR": "o", "CE": "o", "BA": "a"}
MONTHS = (
    "janeiro", "fevereiro", "março", "abril", "maio", "junho",
    "julho", "agosto", "setembro", "outubro", "novembro", "dezembro",
)  # fmt: skip


class Product(NamedTuple):
    category: str
    article: str  # o or a
    name: str
    price: int  # reais, about


PRODUCTS = tuple(
    Product(category, *item)
    for category, items in {
        "eletrônicos": (
            ("o", "fone Volta", 160), ("a", "caixa de som Brisa", 220), ("a", "webcam Mira", 190),
            ("o", "carregador Faísca", 70), ("o", "teclado Nuvem", 130),
        ),
        "cozinha": (
            ("a", "cafeteira Aroma", 240), ("o", "liquidificador Turbo", 170),
            ("a", "panela Serena", 110), ("a", "sanduicheira Dupla", 120),
            ("o", "faqueiro Corte", 90),
        ),
        "casa": (
            ("o", "abajur Lume", 100), ("a", "cortina Linho", 140), ("o", "tapete Trama", 200),
            ("o", "ventilador Sopro", 180), ("a", "manta Aconchego", 80),
        ),
        "moda": (
            ("a", "jaqueta Vento", 230), ("o", "tênis Passo", 260), ("a", "mochila Trilha", 150),
            ("o", "vestido Aurora", 140), ("a", "bolsa Lis", 120),
        ),
        "esporte": (
            ("a", "bola Craque", 60), ("o", "colchonete Zen", 90), ("a", "bicicleta Serra", 900),
            ("a", "raquete Saque", 170), ("o", "halter Firme", 100),
        ),
        "infantil": (
            ("o", "triciclo Pipa", 250), ("a", "boneca Lila", 70), ("o", "carrinho Veloz", 50),
            ("o", "berço Luar", 600), ("a", "barraca Estrela", 130),
        ),
        "ferramentas": (
            ("a", "furadeira Ponta", 280), ("o", "martelo Forte", 50), ("a", "trena Reta", 40),
            ("a", "lixadeira Lisa", 210), ("o", "alicate Garra", 60),
        ),
        "pet": (
            ("a", "coleira Amigo", 40), ("a", "caminha Soneca", 110), ("o", "bebedouro Fonte", 120),
            ("o", "arranhador Felino", 90), ("a", "guia Passeio", 50),
        ),
    }.items()
    for item in items
)  # fmt: skip
CATEGORIES = tuple(dict.fromkeys(product.category for product in PRODUCTS))

FEMALE = (
    "Ana", "Beatriz", "Camila", "Carla", "Clara", "Daniela", "Débora", "Elisa", "Fernanda",
    "Gabriela", "Helena", "Isabela", "Joana", "Juliana", "Larissa", "Letícia", "Lívia", "Luana",
    "Luísa", "Mariana", "Marina", "Natália", "Patrícia", "Priscila", "Rafaela", "Renata",
    "Sabrina", "Sofia", "Tatiana", "Vanessa", "Vitória", "Yasmin",
)  # fmt: skip
MALE = (
    "André", "Antônio", "Artur", "Bruno", "Caio", "Carlos", "Daniel", "Diego", "Eduardo", "Fábio",
    "Felipe", "Gustavo", "Henrique", "Hugo", "Igor", "João", "Jorge", "José", "Leandro", "Lucas",
    "Marcelo", "Mateus", "Miguel", "Otávio", "Paulo", "Pedro", "Rafael", "Renato", "Rodrigo",
    "Sérgio", "Tiago", "Vinícius",
)  # fmt: skip
SURNAMES = (
    "Almeida", "Alves", "Andrade", "Araújo", "Barbosa", "Barros", "Batista", "Borges", "Campos",
    "Cardoso", "Carvalho", "Castro", "Cavalcanti", "Correia", "Costa", "Cunha", "Dias", "Duarte",
    "Farias", "Fernandes", "Ferreira", "Fonseca", "Freitas", "Gomes", "Gonçalves", "Lima", "Lopes",
    "Machado", "Marques", "Martins", "Melo", "Mendes", "Miranda", "Monteiro", "Moraes", "Moreira",
    "Moura", "Nascimento", "Nogueira", "Nunes", "Oliveira", "Pereira", "Pinto", "Pires", "Ramos",
    "Rezende", "Ribeiro", "Rocha", "Rodrigues", "Sales", "Santana", "Santos", "Siqueira", "Souza",
    "Tavares", "Teixeira", "Vargas", "Vasconcelos", "Vieira", "Xavier",
)  # fmt: skip


def part_of(customer: int) -> str:
    """The part of the customer with this number, counted from 1."""
    return PART_OF_TEN[(customer - 1) % len(PART_OF_TEN)]


def in_state(state: str) -> str:
    """`em SP`, `no RJ` or `na BA`."""
    article = STATE_ARTICLES.get(state)
    return f"n{article} {state}" if article else f"em {state}"


def of_state(state: str) -> str:
    """`de SP`, `do RJ` or `da BA`."""
    return f"d{STATE_ARTICLES.get(state, 'e')} {state}"


def decimal(number: float, places: int = 1) -> str:
    """A number as it is written in Portuguese: 4.5 is `4,5`."""
    return f"{number:.{places}f}".replace(".", ",")

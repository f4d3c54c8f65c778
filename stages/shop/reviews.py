"""A customer's review in words, from what it is to say."""

import random
from typing import NamedTuple

from stages.shop.catalogue import COMPLAINTS, FEMALE, NO_COMPLAINT, Product, decimal
from stages.shop.review_words_held_out import EVALUATION, TEST
from stages.shop.review_words_train import TRAIN

WORDS = {"train": TRAIN, "evaluation": EVALUATION, "test": TEST}


class Review(NamedTuple):
    score: float  # 0 to 5, one decimal
    sentiment: str
    complaint: str
    text: str
    template: str  # its part and the number of its frame


def write(
    seed: str,
    part: str,
    customer: str,
    product: Product,
    score: float,
    sentiment: str,
    complaint: str,
) -> Review:
    """The review in the wordings of `part`; what it says follows from its words."""
    rng = random.Random(f"review {seed}")
    words = WORDS[part]
    number = rng.randrange(len(words["frames"]))
    short = score == int(score) and rng.random() < 0.5
    female = customer.split()[0] in FEMALE
    text = words["frames"][number].format(
        body=" ".join(_sentences(rng, words, sentiment, complaint)).format(g="ao"[not female]),
        customer=customer,
        product=product.name,
        o=product.article,
        do=f"d{product.article}",
        a="a" if female else "o",
        score=decimal(score, 0 if short else 1),
    )
    return Review(score, sentiment, complaint, text, f"{part}-{number + 1}")


def _sentences(rng: random.Random, words: dict, sentiment: str, complaint: str) -> list[str]:
    """Praise is of another aspect than the complaint's, so that a word alone tells nothing."""
    verdict = rng.choice(words["verdict"][sentiment])
    if complaint == NO_COMPLAINT and sentiment == "neutro":
        return [*rng.sample(words["plain"], 2), verdict]
    praised = rng.sample([aspect for aspect in COMPLAINTS if aspect != complaint], 2)
    praise = [rng.choice(words["praise"][aspect]) for aspect in praised]
    if complaint == NO_COMPLAINT:
        return [*praise, verdict]
    if sentiment == "negativo" and rng.random() < 0.5:
        return [*rng.sample(words["complaint"][complaint], 2), verdict]
    kind = "complaint" if sentiment == "negativo" else "mild"
    but = f"{rng.choice(words['but'])} {_lower(rng.choice(words[kind][complaint]))}"
    if sentiment == "positivo":
        verdict = f"{rng.choice(words['still'])} {_lower(verdict)}"
    return [praise[0], but, verdict]


def _lower(sentence: str) -> str:
    return sentence[0].lower() + sentence[1:]

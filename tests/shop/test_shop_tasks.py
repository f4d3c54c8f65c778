"""The shop's wordings and questions: nothing that one part has occurs in another."""

import itertools
import re
import string

import pytest

from stages.shop import insight_words, push_words, questions, reviews, sql
from stages.shop.catalogue import COMPLAINTS, PARTS, PRODUCTS, SENTIMENTS
from stages.shop.question_kinds import CONDITIONS, SELECTS

SHOP = {"seed": 7, "customers": 100}
TRAIN, HELD_OUT = 12, 5  # wordings at least


def texts(words):
    if isinstance(words, str):
        return [words]
    within = words.values() if isinstance(words, dict) else words
    return [text for found in within for text in texts(found)]


def longer(words):
    """Wordings that are more than a sign or a name."""
    return {text for text in texts(words) if len(re.sub(r"\{.*?\}|\W", "", text)) > 1}


SETS = {
    "reviews": reviews.WORDS,
    "questions": questions.WORDS,
    "insights": insight_words.WORDS,
    "offers": push_words.OFFERS,
    "pushes": push_words.PUSHES,
}


@pytest.mark.parametrize("name", SETS)
def test_no_wording_is_in_two_parts(name):
    for one, other in itertools.combinations(PARTS, 2):
        assert not longer(SETS[name][one]) & longer(SETS[name][other])


@pytest.mark.parametrize("name", SETS)
def test_no_wording_is_there_twice(name):
    for part in PARTS:
        found = texts(SETS[name][part])
        assert sorted(found) == sorted(set(found)) or name == "insights"


@pytest.mark.parametrize(
    "wordings",
    [
        lambda part: reviews.WORDS[part]["frames"],
        lambda part: texts(reviews.WORDS[part]["praise"]),
        lambda part: texts(reviews.WORDS[part]["complaint"]),
        lambda part: texts(reviews.WORDS[part]["verdict"]),
        lambda part: texts(questions.WORDS[part]["aggregates"]),
        lambda part: texts(questions.WORDS[part]["filters"]),
        lambda part: insight_words.WORDS[part]["first"],
        lambda part: push_words.OFFERS[part],
        lambda part: push_words.PUSHES[part],
    ],
)
def test_wordings_are_many_enough(wordings):
    assert len(wordings("train")) >= TRAIN
    assert min(len(wordings("evaluation")), len(wordings("test"))) >= HELD_OUT


@pytest.mark.parametrize("part", PARTS)
def test_every_cell_of_a_review_has_words(part):
    words = reviews.WORDS[part]
    for cell in ("praise", "complaint", "mild"):
        assert set(words[cell]) == set(COMPLAINTS)
        assert all(len(found) >= 2 for found in words[cell].values())
    assert set(words["verdict"]) == set(SENTIMENTS)


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("frames", [reviews.WORDS, push_words.OFFERS, push_words.PUSHES])
def test_frames_name_what_the_answer_needs(part, frames):
    needed = {
        id(reviews.WORDS): {"body", "customer", "product", "score"},
        id(push_words.OFFERS): {"customer", "product", "d", "until"},
        id(push_words.PUSHES): {"first", "product", "d"},
    }[id(frames)]
    found = frames[part]["frames"] if frames is reviews.WORDS else frames[part]
    for frame in found:
        assert needed <= {name for _, name, _, _ in string.Formatter().parse(frame)}


def test_combinations_are_in_one_part_and_their_elements_in_all():
    found = questions.combinations()
    for one, other in itertools.combinations(PARTS, 2):
        assert not set(found[one]) & set(found[other])
    for part in PARTS:
        assert (
            {name for name, _ in found[part]}
            == set(SELECTS)
            == set(questions.WORDS[part]["aggregates"])
        )
        assert {key for _, filters in found[part] for key in filters} == set(CONDITIONS)


@pytest.fixture(scope="module")
def asked():
    return {part: list(itertools.islice(questions.questions(SHOP, part), 25)) for part in PARTS}


@pytest.mark.parametrize("part", PARTS)
def test_answers_are_there_and_differ_between_shops(asked, part):
    assert len({found.sql for found in asked[part]}) == 25
    for found in asked[part]:
        answers = [sql.ask(shop, found.sql) for shop in [SHOP, *sql.other_shops(SHOP)]]
        assert all(answer.rows for answer in answers)
        for one, other in itertools.combinations(answers, 2):
            assert not sql.same(one, other, ordered=False)
        assert found.ordered == ("LIMIT" in found.sql)
        assert found.template.startswith(f"{part}-")


@pytest.mark.parametrize("part", PARTS)
def test_question_says_its_filters(asked, part):
    for found in asked[part]:
        assert "{" not in found.text + found.sql
        for value in re.findall(r"(?:product|category|state|complaint) = '(.+?)'", found.sql):
            assert value in found.text
        for value in re.findall(r"[<>] (\d+)", found.sql):
            assert value in found.text


def test_names_of_products_are_all_different():
    assert len({product.name for product in PRODUCTS}) == len(PRODUCTS) == 40

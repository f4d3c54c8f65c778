"""Errors put together: none within another, all of them known, and the same again."""

import random
from collections import Counter

import pytest

from stages.errors import reading
from stages.errors.making import COUNTS, TYPES, make

SENTENCES = [
    "You can select the new volume from a list of volumes.",
    "If the port is not associated with a network, then it must be deleted.",
    "Are you sure you want to remove this recently created snapshot from the project?",
    "Each user has a comma-delimited list of keys that depends on the environment.",
    "At least one volume is needed in order to create the image.",
]


@pytest.fixture(scope="module")
def made():
    return [(s, make(s, random.Random(seed))) for s in SENTENCES for seed in range(60)]


def test_the_sentence_is_the_first_reference_and_the_text_is_none(made):
    for sentence, found in made:
        assert found.references[0] == sentence
        assert found.text not in found.references
        assert len(set(found.references)) == len(found.references)


def test_errors_are_where_they_are_said_to_be(made):
    for sentence, found in made:
        tokens, said, last = sentence.split(" "), [], 0
        for error in found.errors:
            right = error["right"].split(" ")
            assert error["at"] >= last
            assert tokens[error["at"] : error["at"] + len(right)] == right
            said += [*tokens[last : error["at"]], error["wrong"]]
            last = error["at"] + len(right)
        assert " ".join([*said, *tokens[last:]]) == found.text


def test_one_to_three_errors_of_different_types_and_all_types(made):
    counts = Counter(len(found.errors) for _, found in made)
    assert set(counts) == set(COUNTS)
    types = [[error["type"] for error in found.errors] for _, found in made]
    assert all(len(set(of)) == len(of) for of in types)
    assert {name for of in types for name in of} == set(TYPES)


def test_the_same_seed_makes_the_same(made):
    assert made == [(s, make(s, random.Random(seed))) for s in SENTENCES for seed in range(60)]


def test_where_nothing_applies_there_is_none():
    assert make("3 4: 5, 6.", random.Random(1)) is None


# text, the sentences in it that errors may be made in
TEXTS = [
    (
        "The volume is attached to an instance. Too short. “It” can be removed from it now!",
        ["The volume is attached to an instance."],
    ),
    ("The volume ’s name is not the user’s own.", ["The volume 's name is not the user's own."]),
    ("The volume is attached to an instance", []),
    ("the volume is attached to an instance.", []),
    ("The {volume} is attached to an instance.", []),
    ("Look at https://x for more of the same.", []),
    ("Unable to update volume of this project today.", []),  # an article is missing already
    ("This is a image of another kind of thing.", []),
]


@pytest.mark.parametrize(("text", "expected"), TEXTS)
def test_sentences_of_a_text(text, expected):
    assert reading.sentences(text) == expected

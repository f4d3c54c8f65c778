"""The words and the edits that metrics of correction are made of."""

import random

import pytest

from stages.metrics.references import distance, edits, references, words

WORDS = [
    ("It's 5 o'clock, isn't it?", ("It", "'s", "5", "o'clock", ",", "is", "n't", "it", "?")),
    ("It 's 5 o'clock , is n't it ?", ("It", "'s", "5", "o'clock", ",", "is", "n't", "it", "?")),
    ("It’s “so”", ("It", "'s", '"', "so", '"')),
    ("`` so ''", ('"', "so", '"')),
    ("a comma-delimited list", ("a", "comma-delimited", "list")),
    ("3.5 GB.", ("3.5", "GB", ".")),
    ("", ()),
]


@pytest.mark.parametrize(("text", "expected"), WORDS)
def test_words(text, expected):
    assert words(text) == expected


EDITS = [
    ("a b c", "a b c", set()),
    ("a b c", "a x c", {(1, 2, ("x",))}),
    ("a b c", "a c", {(1, 2, ())}),
    ("a c", "a b b c", {(1, 1, ("b", "b"))}),
    ("x a b", "x b a", {(1, 2, ()), (3, 3, ("a",))}),
    (
        "Big farm use",
        "Many big farms use",
        {(0, 0, ("Many",)), (0, 1, ("big",)), (1, 2, ("farms",))},
    ),
    ("New and new technology", "New technology", {(1, 2, ()), (2, 3, ())}),
    ("the the a", "the a", {(1, 2, ())}),
    ("", "a b", {(0, 0, ("a", "b"))}),
    ("a b", "", {(0, 1, ()), (1, 2, ())}),
]


@pytest.mark.parametrize(("before", "after", "expected"), EDITS)
def test_edits(before, after, expected):
    assert edits(words(before), words(after)) == expected


def applied(before, made):
    said = list(before)
    for start, end, text in sorted(made, reverse=True):
        said[start:end] = text
    return tuple(said)


def test_edits_lead_from_one_to_the_other():
    rng = random.Random(2)
    for _ in range(500):
        one, other = (tuple(rng.choices("abc", k=rng.randrange(7))) for _ in range(2))
        made = edits(one, other)
        assert applied(one, made) == other
        steps = sum(max(end - start, len(text)) for start, end, text in made)
        assert distance(one, other) <= steps <= 2 * distance(one, other)


def test_a_row_without_references_has_its_target():
    assert references({"target": "a"}) == ["a"] == references({"target": "a", "references": None})
    assert references({"target": "a", "references": ["a", "b"]}) == ["a", "b"]

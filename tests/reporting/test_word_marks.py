"""Marks word by word: the answer is there to the letter, and what is marked is what differs."""

import pytest

from stages.reporting.word_marks import LONGEST, TOKEN, marks
from tests.reporting.study import HACK, HOSTILE

CASES = [
    ("I has a cat.", "I have a cat.", "I -has- +have+ a cat."),
    ("the the stack", "the stack", "the -the-stack|the -the- stack|-the- the stack"),
    ("for volume.", "for a volume.", "for +a+ volume."),
    ("a pair from below.", "a pair.", "a pair -from below-."),
    ("go to the house", "go to the house  and\nback", "go to the house  +and\nback+"),
    ("It's done", "Its done", "-It's- +Its+ done"),
    ("same words", "same  words", "same  words"),
    ("one two three", "three two one", None),
]


def said(parts):
    """Parts as one text; marks as -left out- and +put in+, with the spaces that a page puts."""
    text = ""
    for kind, part in parts:
        if kind == "del":
            lead = " " if part[0] == " " and not text[-1:].isspace() and text else ""
            text += f"{lead}-{part.strip()}-" + (" " if part[-1] == " " else "")
        else:
            text += part if kind == "same" else f"+{part}+"
    return text


@pytest.mark.parametrize(("before", "after", "expected"), CASES[:-1])
def test_marks_by_hand(before, after, expected):
    assert said(marks(before, after)) in expected.split("|")


@pytest.mark.parametrize("before", ["in it", "", *HOSTILE])
@pytest.mark.parametrize("after", ["in it is", "", HACK, *HOSTILE, *(f"in {t}" for t in HOSTILE)])
def test_all_but_what_is_left_out_is_the_answer_to_the_letter(before, after):
    assert "".join(TOKEN.findall(after)) == after
    found = marks(before, after)
    if found is not None:
        assert "".join(text for kind, text in found if kind != "del") == after
        kinds = [kind for kind, _ in found]
        assert all(one != next_ for one, next_ in zip(kinds, kinds[1:], strict=False))
        kept = "".join(text for kind, text in found if kind != "ins")
        assert kept.split() == before.split() or "".join(kept.split()) == "".join(before.split())


def test_equal_texts_have_no_marks():
    assert marks("As it was.", "As it was.") == [("same", "As it was.")]


def test_another_text_and_an_endless_one_are_not_marked():
    assert marks("a b c d e f", "The answer is: nothing of it") is None
    assert marks("a " * LONGEST, "a") is None and marks("a", "a " * LONGEST) is None
    assert marks("a b c", "") is None

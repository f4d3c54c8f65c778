"""Each type of error as a table: what it makes of a sentence, and where it keeps its hands off."""

import random

import pytest

from stages.errors.making import TYPES

# type, sentence, all that it may become, other right versions beside the sentence
CASES = [
    ("article", "You can use the new volume from a list.", {
        "You can use new volume from a list.": {"You can use a new volume from a list."},
        "You can use the new volume from list.": {"You can use the new volume from the list."},
        "You can use the new volume from an list.": set(),
    }),
    ("article", "It opens an image of the same type.", {
        "It opens image of the same type.": {"It opens the image of the same type."},
        "It opens a image of the same type.": set(),
        "It opens an image of same type.": set(),
    }),
    ("article", "Retrieve information about all volumes.", {
        "Retrieve an information about all volumes.": set(),
    }),
    ("article", "Name of the port.", {}),  # a label, in which an article may be missing
    ("article", "An hour and a user with an SSH key.", {}),
    ("article", "You must perform the configuration.", {}),
    ("article", "Unable to list the volume snapshots.", {}),
    ("agreement", "The volume is attached to them.", {
        "The volume are attached to them.": {"The volumes are attached to them."},
    }),
    ("agreement", "This option requires that you have a key.", {
        "This option require that you have a key.": set(),
        "This option requires that you has a key.": set(),
    }),
    ("agreement", "Snapshots are kept here.", {"Snapshots is kept here.": set()}),
    ("agreement", "Open a file that contains text.", {"Open a file that contain text.": set()}),
    ("agreement", "There is a volume.", {"There are a volume.": set()}),
    ("agreement", "The list of the volumes is empty.", {}),
    ("agreement", "All of it is right.", {}),
    ("agreement", "If the volume was deleted.", {}),
    ("tense", "It can delete them.", {
        "It can deleted them.": set(),
        "It can deletes them.": set(),
        "It can deleting them.": set(),
    }),
    ("tense", "It was not deleted.", {"It was not delete.": set()}),
    ("tense", "A key used to encrypt it.", {
        "A key used to encrypts it.": set(),
        "A key used to encrypted it.": set(),
    }),
    ("tense", "Access to exports, deleted files and the display.", {}),
    ("preposition", "It depends on others today.", {
        "It depends of others today.": set(),
        "It depends at others today.": set(),
        "It depends others today.": set(),
    }),
    ("preposition", "At least two of them.", {
        "In least two of them.": set(),
        "On least two of them.": set(),
    }),
    ("preposition", "It lies on the table by the window.", {}),
    ("number", "Delete each old volume.", {"Delete each old volumes.": set()}),
    ("number", "Delete this volume.", {"Delete this volumes.": {"Delete these volumes."}}),
    ("number", "Now this volume is full.", {"Now this volumes is full.": set()}),
    ("number", "Delete a volume.", {"Delete a volumes.": {"Delete volumes."}}),
    ("number", "A list of keys for both policies.", {
        "A lists of keys for both policies.": set(),
        "A list of key for both policies.": set(),
        "A list of keys for both policy.": set(),
    }),
    ("number", "The volumes of our projects.", {}),
    ("repeated_word", "That is so.", {"That is is so.": set()}),
    ("repeated_word", "That: 3 so, no.", {}),
    ("word_order", "Now it must be deleted there.", {
        "Now it be must deleted there.": set(),
        "Now it must deleted be there.": set(),
    }),
    ("word_order", "Choose a new name.", {"Choose a name new.": set()}),
    ("word_order", "The available volumes", {}),
    ("hyphen", "A comma-delimited list of keys.", {"A comma delimited list of keys.": set()}),
    ("hyphen", "A non-empty list.", {"A non empty list.": {"A nonempty list."}}),
    ("hyphen", "A previously created file-system key.", {
        "A previously-created file-system key.": set(),
    }),
    ("hyphen", "It is read-only.", {}),
    ("spelling", "We need access.", {"We need acces.": set()}),
    ("spelling", "A long SNAPSHOT of MyVolume.", {}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "sentence", "expected"), CASES, ids=[c[1] for c in CASES])
def test_what_a_type_makes_of_a_sentence(name, sentence, expected):
    tokens = sentence.split(" ")
    found = {}
    for seed in range(60):
        change = TYPES[name](tokens, random.Random(seed))
        if change is not None:
            texts = [
                " ".join([*tokens[: change.start], *said, *tokens[change.end :]])
                for said in (change.wrong, *change.right)
            ]
            assert texts[1] == sentence
            found[texts[0]] = set(texts[2:])
    assert found == expected


def test_each_type_has_a_case_where_it_applies_and_one_where_it_does_not():
    for name in TYPES:
        applies = [bool(expected) for of, _, expected in CASES if of == name]
        assert set(applies) == {True, False}, name

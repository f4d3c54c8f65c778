"""Slices by a field of the examples, and by functions of them."""

import pytest

from stages.scoring.slices import SLICES, field_of, slice_of

# input, whether a program fills something in
PLACEHOLDERS = [
    ("Deleted %(count)s rows", True),
    ("%s is 100%", True),
    ("%1$s of %2$d", True),
    ("Hello {name}", True),
    ("{0} and {{ other }}", True),
    ("${path}/bin", True),
    ("<strong>Save</strong>", True),
    (":class:`x`", True),
    ("100% of all", False),
    ("a < b and c > d", False),
    ("12:30:15", False),
    ("Save and close", False),
    ("", False),
]


@pytest.mark.parametrize(("text", "has"), PLACEHOLDERS)
def test_placeholders(text, has):
    said = "with placeholder" if has else "without placeholder"
    assert slice_of({"input": text}, "has_placeholder") == said


@pytest.mark.parametrize(("size", "band"), [(0, 20), (20, 20), (21, 80), (80, 80)])
def test_length_bands(size, band):
    assert slice_of({"input": "x" * size}, "length_band") == f"input up to {band} characters"
    assert slice_of({"input": "x" * 81}, "length_band") == "input over 80 characters"


def test_any_other_name_is_a_field_of_the_examples():
    assert slice_of({"input": "x", "origin": "django"}, "origin") == "django"
    assert field_of("origin") == {"origin": str}
    assert field_of(None) == {} and all(field_of(name) == {} for name in SLICES)

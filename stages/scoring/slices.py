"""Slices: which part of a split an example is in, by one of its fields or by a function of it."""

import re
from collections.abc import Callable, Mapping
from typing import Any

# What a program fills in, and markup: %(name)s, %s, %1$s, {name}, {{ name }}, ${name}, <b>, :name:
PLACEHOLDER = re.compile(
    r"%(?:\(\w+\)|\d+\$)?[sdifr]|\$?\{\{?[^{}]*\}?\}|</?[a-z][^<>]*>|(?<!\w):\w+:(?!\w)", re.I
)
BANDS = (20, 80)  # characters


def has_placeholder(example: Mapping[str, Any]) -> str:
    return "with placeholder" if PLACEHOLDER.search(example["input"]) else "without placeholder"


def length_band(example: Mapping[str, Any]) -> str:
    """By the characters of the input, since not every script has words apart."""
    short, long = BANDS
    size = len(example["input"])
    if size <= short:
        return f"input up to {short} characters"
    return f"input up to {long} characters" if size <= long else f"input over {long} characters"


SLICES: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "has_placeholder": has_placeholder,
    "length_band": length_band,
}


def slice_of(example: Mapping[str, Any], by: str) -> str:
    return SLICES[by](example) if by in SLICES else example[by]


def field_of(by: str | None) -> dict[str, type]:
    """The field that examples must have to be sliced, with its type; none for a function."""
    return {by: str} if by and by not in SLICES else {}

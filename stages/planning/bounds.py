"""Limits of a YAML file, held before anything is built of it: aliases multiply, brackets nest."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml.events import AliasEvent, CollectionEndEvent, CollectionStartEvent, ScalarEvent

from stages.command import UserError, brief

# Far above any study's: the largest file here has 14,000 characters and 800 values, 6 deep.
DEPTH, VALUES, CHARACTERS = 30, 20_000, 500_000


@dataclass
class Part:
    """A value with all that is in it, once its aliases are written out."""

    anchor: str | None
    values: int = 1
    characters: int = 0
    depth: int = 0

    def take_in(self, other: "Part") -> None:
        self.values += other.values
        self.characters += other.characters
        self.depth = max(self.depth, other.depth + 1)


def check_text(path: Path, text: str) -> None:
    """Raise UserError where a file is too long to be worth reading."""
    if len(text) > CHARACTERS:
        raise UserError(f"{path}: {len(text):,} characters; {CHARACTERS:,} are allowed")


def check(path: Path, events: Iterable[Any]) -> None:
    """Raise UserError at the first of a parser's events that makes a file too deep or too much."""
    root = Part(None)
    above = [root]
    anchors: dict[str, Part | None] = {}  # None: still open
    for event in events:
        place = f"{path}:{event.start_mark.line + 1}"
        if isinstance(event, CollectionStartEvent):
            _untagged(event, place)
            above.append(Part(event.anchor))
            anchors[event.anchor] = None
        elif isinstance(event, CollectionEndEvent):
            _add(above.pop(), above, anchors)
        elif isinstance(event, ScalarEvent):
            _untagged(event, place)
            _encodable(event.value, place)
            _add(Part(event.anchor, characters=len(event.value)), above, anchors)
        elif isinstance(event, AliasEvent):
            _add(_meant(event.anchor, anchors, place), above, anchors)
        _bounded(above, place)


def _add(part: Part, above: list[Part], anchors: dict[str, Part | None]) -> None:
    above[-1].take_in(part)
    if part.anchor is not None:
        anchors[part.anchor] = part


def _meant(name: str, anchors: dict[str, Part | None], place: str) -> Part:
    """What an alias stands for; one without an anchor is the loader's to refuse."""
    part = anchors.get(name, Part(name))
    if part is None:
        raise UserError(f"{place}: the alias *{brief(name)} stands inside of what it names")
    return part


def _bounded(above: list[Part], place: str) -> None:
    depth = max(level + part.depth for level, part in enumerate(above))
    if depth > DEPTH:
        raise UserError(f"{place}: more than {DEPTH} levels deep; a study has six")
    values, characters = (sum(getattr(p, n) for p in above) for n in ("values", "characters"))
    if values > VALUES or characters > CHARACTERS:
        raise UserError(
            f"{place}: too much from here on: with aliases written out, {VALUES:,} values and "
            f"{CHARACTERS:,} characters are allowed"
        )


def _untagged(event: Any, place: str) -> None:
    """A tag makes a value something else than it looks like, or a Python object."""
    if event.tag is not None:
        raise UserError(f"{place}: not YAML as it is read here (the tag {brief(str(event.tag))})")


def _encodable(text: str, place: str) -> None:
    """Half a surrogate pair can be written as an escape, and never again as UTF-8."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        half = f"\\u{ord(text[error.start]):04x}"
        raise UserError(
            f"{place}: {half} is half a character; write the character itself"
        ) from None

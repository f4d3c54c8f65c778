"""What a doc comment (JSDoc, TSDoc) says of a function: a description, and of its parameters."""

import re
from typing import NamedTuple


class Comment(NamedTuple):
    description: str  # on one line
    details: tuple[str, ...]  # a line each: "Parameter `name`: …", "Returns …", "Throws …"


# A line that starts a tag, but not one within a line: {@link Name}
TAG = re.compile(r"^@(\w+)[ \t]*", re.M)
FENCED = re.compile(r"^[ \t]*(```|~~~).*?^[ \t]*\1[^\n]*$", re.M | re.S)
# What stands below a heading (#### Notes) is of the description, below a tag too
HEADING = re.compile(r"^#{1,6} (.*)$", re.M)
DROPPED = re.compile(r"example|see also", re.I)  # headings over code, or over what is no use
LINK = re.compile(r"\{@(?:link|linkcode|linkplain|see)\s+([^}|\s]+)[^}]*\}|\[([^\]]+)\]\([^)]*\)")
INLINE = re.compile(r"\{@\w+[^}]*\}|<[a-z/][^<>]*>|!\[[^\]]*\]\([^)]*\)")
PARAMETER = re.compile(r"(?:\{[^}]*\}\s*)?\[?([\w$.]+)(?:=[^\]]*)?\]?\s*(?:-+\s*)?(.*)", re.S)
LICENSE = re.compile(r"copyright|@licen[sc]e|distributed under", re.I)
WORDS = {"returns": "Returns", "return": "Returns", "throws": "Throws", "exception": "Throws"}


def read_comment(text: str) -> Comment | None:
    """A doc comment's content; None for other comments, licence headers and empty ones.

    Kept are the description with its notes, parameters, what is returned and what is thrown. All
    other tags go with what they say (@internal, @deprecated, @example, @template, …).
    """
    if not text.startswith("/**") or text.startswith("/***") or LICENSE.search(text):
        return None
    inside = FENCED.sub("", re.sub(r"^[ \t]*\*?[ \t]?", "", text[3:-2], flags=re.M))
    described, *tagged = _sections(inside)
    details = filter(None, (_detail(tag, body) for tag, body in tagged))
    description = _plain(described[1])
    return Comment(description, tuple(details)) if description else None


def _sections(text: str) -> list[tuple[str, str]]:
    """The description, then each tag with what follows it up to a heading, if any.

    @description and @remarks add to the description, and so does what stands below headings.
    """
    start, *rest = TAG.split(text)
    described, tagged = [_without_headings(start)], []
    for tag, body in zip(rest[::2], rest[1::2], strict=True):
        own, *below = re.split(r"^(?=#{1,6} )", body, maxsplit=1, flags=re.M)
        if tag in ("description", "remarks", "summary"):
            described.append(own)
        else:
            tagged.append((tag, own))
        described += map(_without_headings, below)
    return [("", "\n".join(described)), *tagged]


def _without_headings(text: str) -> str:
    start, *rest = HEADING.split(text)
    below = zip(rest[::2], rest[1::2], strict=True)
    return "\n".join([start, *(body for title, body in below if not DROPPED.search(title))])


def _detail(tag: str, body: str) -> str | None:
    if tag in ("param", "arg", "argument"):
        found = PARAMETER.match(body)
        said = _plain(found.group(2)) if found else ""
        return f"Parameter `{found.group(1)}`: {said}" if said else None
    said = _plain(re.sub(r"^\{[^}]*\}\s*|^-+\s*", "", body))
    return f"{WORDS[tag]}: {said}" if tag in WORDS and said else None


def _plain(text: str) -> str:
    """Without links and markup, white space collapsed."""
    linked = LINK.sub(lambda found: found.group(1) or found.group(2), text)
    return re.sub(r"\s+", " ", INLINE.sub("", linked)).strip()

"""How an answer differs from its input, word by word, as parts that a template marks.

The words are the page's own, so that a text stays as it is; what a metric counts is its own.
"""

import re
from difflib import SequenceMatcher

# A word or a sign, with the white space behind it: together they are the text, to the letter.
TOKEN = re.compile(r"\A\s+|\w+(?:[-'.’]\w+)*\s*|[^\w\s]\s*")
# As in rows_words.js: what shares less (Dice) is another text, all of which would be marked.
KIN = 0.25
# Characters of a text that are compared; time grows with the square.
LONGEST = 1_000
SAME, PUT_IN, LEFT_OUT = "same", "ins", "del"
Parts = list[tuple[str, str]]


def marks(before: str, after: str) -> Parts | None:
    """`after` as [kind, text]: the same, put in, or left out of `before` here.

    All but what is left out is `after`, to the letter. None where the two share too little, or are
    too long, for marks to be of use.
    """
    if max(len(before), len(after)) > LONGEST:
        return None
    left, right = TOKEN.findall(before), TOKEN.findall(after)
    matched = SequenceMatcher(None, *([t.strip() for t in side] for side in (left, right)), False)
    if matched.ratio() < KIN:
        return None
    parts: Parts = []
    for kind, i, j, k, m in matched.get_opcodes():
        if kind == "equal":
            parts.append((SAME, "".join(right[k:m])))
            continue
        added = put_in("".join(right[k:m]))
        parts += left_out("".join(left[:i]), "".join(left[i:j]), bool(added))
        parts += added
    return joined(parts)


def left_out(before: str, text: str, replaced: bool) -> Parts:
    """What is left out, with white space where it had some, and before what stands there now."""
    words = text.strip()
    if not words:
        return []
    begins = " " if before[-1:].isspace() else ""
    ends = " " if replaced or text[-1:].isspace() else ""
    return [(LEFT_OUT, f"{begins}{words}{ends}")]


def put_in(text: str) -> Parts:
    """What is put in; the white space around it is not marked."""
    words = text.strip()
    if not words:
        return [(SAME, text)] if text else []
    start = text.index(words)
    end = start + len(words)
    return [(SAME, text[:start]), (PUT_IN, words), (SAME, text[end:])]


def joined(parts: Parts) -> Parts:
    """Neighbours of one kind as one part, without the empty ones."""
    found: Parts = []
    for kind, text in parts:
        if found and found[-1][0] == kind:
            found[-1] = (kind, found[-1][1] + text)
        elif text:
            found.append((kind, text))
    return found

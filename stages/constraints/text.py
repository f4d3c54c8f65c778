"""Constraints on an answer's text: its length, its words, its last number."""

import re

# What assistants say when they have nothing to say.
FILLER = (
    "as an ai",
    "certainly",
    "great question",
    "i apologize",
    "i hope this helps",
    "in conclusion",
    "it's important to note",
    "let me know if",
)
NUMBER = re.compile(r"(?<![\d.])-?(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?|(?<!\d)-?\.\d+")
LIST_MARK = re.compile(r"^\s*(?:[-*]|\d+\.)\s+", re.M)
SENTENCE_END = re.compile(r"(?<=[.!?])[\"')\]*]*\s+|\n+")
MINUS = "\N{MINUS SIGN}"
APOSTROPHE = "\N{RIGHT SINGLE QUOTATION MARK}"
SHOWN = 40
ROUNDING = 1e-9


def max_words(answer: str, value: int) -> str | None:
    words = count_words(answer)
    return f"{words} words, at most {value} allowed" if words > value else None


def min_words(answer: str, value: int) -> str | None:
    words = count_words(answer)
    return f"{words} words, at least {value} wanted" if words < value else None


def max_sentences(answer: str, value: int) -> str | None:
    sentences = count_sentences(answer)
    return f"{sentences} sentences, at most {value} allowed" if sentences > value else None


def lines(answer: str, value: int) -> str | None:
    """As many lines that are not blank."""
    found = count_lines(answer)
    return f"{found} lines instead of {value}" if found != value else None


def items(answer: str, value: int) -> str | None:
    """As many list items: lines that begin with `-`, `*` or a number and a full stop."""
    found = len(LIST_MARK.findall(answer))
    return f"{found} list items instead of {value}" if found != value else None


def contains(answer: str, value: str) -> str | None:
    return None if fold(value) in fold(answer) else f"{value!r} is missing"


def excludes(answer: str, value: str) -> str | None:
    return f"{value!r} is there" if fold(value) in fold(answer) else None


def one_of(answer: str, values: list[str]) -> str | None:
    if any(contains(answer, value) is None for value in values):
        return None
    return f"none of {', '.join(map(repr, values))}"


def starts_with(answer: str, value: str) -> str | None:
    if fold(answer).startswith(fold(value)):
        return None
    return f"starts with {answer[:SHOWN]!r}, not {value!r}"


def ends_with(answer: str, value: str) -> str | None:
    if fold(answer).endswith(fold(value)):
        return None
    return f"ends with {answer[-SHOWN:]!r}, not {value!r}"


def equals(answer: str, value: str) -> str | None:
    if fold(answer) == fold(value.strip()):
        return None
    return f"is {answer[:SHOWN]!r}, not {value!r}"


def regex(answer: str, pattern: str) -> str | None:
    """A match anywhere, with case, unless the pattern says otherwise."""
    return None if re.search(pattern, answer) else f"no match of {pattern!r}"


def number(answer: str, value: float, tolerance: float) -> str | None:
    """The last number in the answer, within the tolerance; `1,250` is one number."""
    found = last_number(answer)
    if found is None:
        return f"no number, {value} wanted"
    near = abs(found - value) <= tolerance + ROUNDING
    return None if near else f"the last number is {found:g}, not {value}"


def no_fence(answer: str) -> str | None:
    return "has a code fence" if "```" in answer else None


def excludes_phrases(answer: str) -> str | None:
    """None of the filler phrases."""
    found = [phrase for phrase in FILLER if phrase in fold(answer)]
    return f"filler: {', '.join(map(repr, found))}" if found else None


def fold(text: str) -> str:
    """What texts are compared by: neither case nor the shape of an apostrophe counts."""
    return text.casefold().replace(APOSTROPHE, "'")


def count_words(text: str) -> int:
    return len(text.split())


def count_sentences(text: str) -> int:
    """Parts with a letter or digit, split at line ends and at white space after `.`, `!` or `?`."""
    parts = SENTENCE_END.split(LIST_MARK.sub("", text))
    return sum(1 for part in parts if re.search(r"\w", part))


def count_lines(text: str) -> int:
    return sum(1 for line in text.splitlines() if line.strip())


def last_number(text: str) -> float | None:
    found = NUMBER.findall(text.replace(MINUS, "-"))
    return float(found[-1].replace(",", "")) if found else None

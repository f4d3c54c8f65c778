"""Constraints in words, as a judge reads them."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from stages.command import UserError

# One line per kind in stages/constraints: what it says of the answer.
WORDS = {
    "contains": 'It contains "{value}", in upper or lower case.',
    "ends_with": 'It ends with "{value}", in upper or lower case.',
    "equals": 'It is "{value}" and nothing else, in upper or lower case.',
    "excludes": 'It does not contain "{value}", neither in upper nor in lower case.',
    "excludes_phrases": "It has no stock phrase of assistants, such as “certainly” or “as an AI”.",
    "items": "It has {value} list items: lines that begin with -, * or a number and a full stop.",
    "json": "It is JSON and nothing else, without a code fence.",
    "json_equals": "It is JSON and nothing else, without a code fence, with the value {value}",
    "json_schema": "It is JSON and nothing else, without a code fence, valid under {schema}",
    "lines": "It has {value} lines that are not blank.",
    "max_sentences": "It has at most {value} sentences.",
    "max_words": "It has at most {value} words.",
    "min_words": "It has at least {value} words.",
    "no_fence": "It has no code fence.",
    "number": "The last number in it is {value}, give or take {tolerance}.",
    "one_of": "It contains at least one of {values}, in upper or lower case.",
    "python": "Its Python code passes these tests:\n{tests}",
    "regex": "A search with this regular expression finds something in it: {pattern}",
    "starts_with": 'It starts with "{value}", in upper or lower case.',
}


def in_words(constraints: Sequence[Mapping[str, Any]], row: str) -> str:
    """One sentence per constraint, each after a hyphen; UserError names the row of an odd one."""
    return "\n".join(f"- {_sentence(constraint, row)}" for constraint in constraints)


def _sentence(constraint: Mapping[str, Any], row: str) -> str:
    shown = {
        name: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        for name, value in constraint.items()
    }
    try:
        return WORDS[shown["kind"]].format(**shown)
    except KeyError as error:
        raise UserError(
            f"row {row}: constraints: {json.dumps(constraint)[:80]}: {error} is no known kind or a "
            f"field that is missing; kinds: {', '.join(WORDS)}"
        ) from None

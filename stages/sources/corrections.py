"""English sentences with errors made on purpose, and their corrections; see stages/errors.

The sentences are the English side of message catalogs in published packages. Each gives one
example: its `input` has one to three errors, or none in as many as `clean_share` says. Beside the
usual fields an example has

- references: every right version, the sentence itself first, which is the target;
- errors: [{"type", "at", "wrong", "right"}], `at` being a word of the target, from 0;
- category: the type of its only error, "several", or "clean".
"""

import random
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from stages.errors.making import Made, make
from stages.errors.reading import sentences
from stages.sources import catalogs
from stages.sources.example import identify, normalize


def read(source: Mapping[str, Any]) -> list[dict[str, Any]]:
    """One example a sentence; of `source["rows"]` sentences, if that says how many.

    `origin` names the packages that have the sentence, joined by `+`. What becomes of a sentence
    hangs on itself and the seed alone.
    """
    spelling: dict[str, str] = {}
    origins: dict[str, set[str]] = defaultdict(set)
    for name, english, _ in catalogs.strings(source):
        for sentence in sentences(english):
            key = normalize(sentence)
            spelling[key] = min(sentence, spelling.get(key, sentence))
            origins[key].add(name)
    keys = sorted(spelling, key=lambda key: (identify(key), key))[: source["rows"]]
    return [_example(spelling[key], origins[key], source, spelling) for key in keys]


def _example(
    sentence: str, packages: set[str], source: Mapping[str, Any], known: Mapping[str, str]
) -> dict[str, Any]:
    identity = identify(sentence)
    rng = random.Random(f"{source['seed']} {identity}")
    spoilt = None if rng.random() < source["clean_share"] else make(sentence, rng)
    if spoilt and normalize(spoilt.text) in known:  # then it is a right sentence
        spoilt = None
    made = spoilt or Made(sentence, [sentence], [])
    types = [error["type"] for error in made.errors]
    return {
        "id": identity,
        "origin": "+".join(sorted(packages)),
        "input": made.text,
        "target": sentence,
        "references": made.references,
        "errors": made.errors,
        "category": "several" if len(types) > 1 else (types or ["clean"])[0],
    }

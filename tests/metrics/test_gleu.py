"""GLEU by hand, and beside an own writing of the procedure of JFLEG's script."""

import math
import random
from collections import Counter

import numpy as np
import pytest

from stages.metrics import METRICS
from stages.metrics.metric import score

SOURCE = "New and new technology has been introduced to the society ."
REFERENCES = [
    "New technology has been introduced to society .",
    "Newer and newer technology has been introduced into society .",
]
# metric, what, answer, source, references, score worked out by hand
CASES = [
    ("gleu", "the reference", "a b c d e", "a b x d e", ["a b c d e"], 100.0),
    ("gleu", "silence", "", "a b c d", ["a b c d"], 0.0),
    ("gleu", "a right source, copied", "a b c d e", "a b c d e", ["a b c d e"], 100.0),
    ("gleu", "another text", "x y z u v", "a b c d e", ["a b c d f"], 0.0),
    # 6/7, 4/6, 2/5 and 1/4: the wrong word is not the source's, so nothing is taken off
    (
        *("gleu", "one wrong word of its own", "a b c d y f g", "a b c d e f g"),
        *(["a b c d e f g"], 100 * (6 / 7 * 4 / 6 * 2 / 5 * 1 / 4) ** 0.25),
    ),
    # The copied error is in the source alone: 6-1 of 7, 5-1 of 6, 4-1 of 5, 3-1 of 4
    (
        *("gleu", "the error copied", "a b c d e f x", "a b c d e f x", ["a b c d e f g"]),
        100 * (5 / 7 * 4 / 6 * 3 / 5 * 2 / 4) ** 0.25,
    ),
    # All n-grams right, one word too few
    ("gleu", "too short", "a b c d", "a b c d", ["a b c d e"], 100 * math.exp(1 - 5 / 4)),
    # Means over the two: 4.5 of 5, 3.5 of 4, 2.5 of 3, 1.5 of 2
    (
        *("gleu", "two references", "a b c d e", "v w x y z", ["a b c d e", "a b c d f"]),
        100 * (4.5 / 5 * 3.5 / 4 * 2.5 / 3 * 1.5 / 2) ** 0.25,
    ),
]


@pytest.mark.parametrize(
    ("name", "what", "text", "source", "references", "expected"), CASES, ids=[c[1] for c in CASES]
)
def test_gleu_by_hand(name, what, text, source, references, expected, make_row):
    row = make_row(text, references[0], input=source, references=references)
    assert score(METRICS[name], [row], {})["value"] == pytest.approx(expected)


def script(rows, draws):
    """JFLEG's procedure, drawn references and all, as plain loops over multisets."""
    known = [[counted(row, right) for right in row["references"]] for row in rows]
    scores = []
    for draw in range(draws):
        rng = random.Random(draw)
        sums = np.sum([rng.choice(of_row) for of_row in known], axis=0)
        if 0 in sums:
            scores.append(0.0)
            continue
        logs = [math.log(sums[at] / sums[at + 1]) for at in (2, 4, 6, 8)]
        scores.append(100 * math.exp(min(0, 1 - sums[1] / sums[0]) + sum(logs) / 4))
    return float(np.mean(scores))


def counted(row, reference):
    """Words of answer and reference, then what is shared and what is possible of each order."""
    answer, source, chosen = row["text"].split(), row["input"].split(), reference.split()
    found = [len(answer), len(chosen)]
    for n in range(1, 5):
        said, before, right = (
            Counter(" ".join(words[at : at + n]) for at in range(len(words) - n + 1))
            for words in (answer, source, chosen)
        )
        penal = Counter({gram: count for gram, count in before.items() if gram not in right})
        found += [max((said & right).total() - (said & penal).total(), 0)]
        found += [max(len(answer) - n + 1, 0)]
    return found


def noisy(rng, text):
    """The text with some words left out or exchanged for others."""
    others = (SOURCE + " " + " ".join(REFERENCES)).split()
    kept = [word for word in text.split() if rng.random() > 0.1]
    return " ".join(rng.choice(others) if rng.random() < 0.15 else word for word in kept)


def corpus(make_row, references, rows):
    rng = random.Random(5)
    found = []
    for number in range(rows):
        base = REFERENCES[number % 2]
        right = [noisy(rng, base) for _ in range(references)]
        texts = {"input": noisy(rng, SOURCE), "references": right}
        found.append(make_row(noisy(rng, base), right[0], **texts))
    return found


def test_with_one_reference_it_is_the_scripts(make_row):
    for rows in (3, 30, 200):
        made = corpus(make_row, 1, rows)
        assert score(METRICS["gleu"], made, {})["value"] == pytest.approx(script(made, 1))


def test_with_four_references_it_is_the_mean_of_the_draws(make_row):
    made = corpus(make_row, 4, 300)
    assert score(METRICS["gleu"], made, {})["value"] == pytest.approx(script(made, 500), abs=0.1)


def test_rows_without_references_have_their_target(make_row):
    row = make_row(REFERENCES[0], REFERENCES[0], input=SOURCE)
    assert score(METRICS["gleu"], [row], {})["value"] == pytest.approx(100)

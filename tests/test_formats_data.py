"""The data of the study `formats`: complete, well formed, and as correct as a program can tell."""

import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle
from pathlib import Path
from typing import Any, Literal

import pytest
from pydantic import Field, ValidationError

from stages import records
from stages.constraints import check
from stages.constraints.code import block
from stages.constraints.text import count_lines, count_sentences, count_words
from stages.splits.near_duplicates import pairs
from stages.strict import Strict

DATA = Path(__file__).parent.parent / "data" / "formats"
CANONICAL = records.read(DATA / "canonical.jsonl")
EXTRA = records.read(DATA / "extra.jsonl")
EVALUATION = records.read(DATA / "evaluation.jsonl")
TEST = records.read(DATA / "test.jsonl")
# Answers to measure an adapter's drift on: neither trained on nor scored, so without constraints.
GENERAL = records.read(DATA / "general.jsonl")
ROWS = CANONICAL + EXTRA + EVALUATION + TEST

# Both in the order of the study that this one rebuilds.
DOMAINS = {
    "coding": 33,
    "gamefaq": 33,
    "json": 33,
    "reasoning": 33,
    "general": 33,
    "deobfuscation": 36,
    "factual": 33,
    "concision": 33,
    "multi_turn": 33,
}
CATEGORIES = (
    "instruction_following",
    "json_structured",
    "gamefaq",
    "python_coding",
    "deobfuscation",
    "reasoning",
    "concision",
    "factual",
    "multi_turn",
)
# With the canonical examples, enough for each domain's share of the mixture.
EXTRA_COUNTS = {"coding": 15, "reasoning": 5, "general": 67, "concision": 15}
MAX_TOKENS = 350
CHARACTERS_PER_TOKEN = 4
# They ask for what doesn't exist, so that not to know it is the right answer.
RIGHTLY_UNKNOWN = {
    *("factual-008", "factual-018", "eval-factual-008", "eval-factual-015"),
    *("test-factual-006", "test-factual-007"),
}

Text = Field(min_length=1)


class Turn(Strict):
    role: Literal["user", "assistant"]
    content: str = Text


class FollowUp(Strict):
    user: str = Text
    assistant: str = Text


class Prompt(Strict):
    id: str = Text
    instruction: str = Text
    input: str
    history: list[Turn] = Field(max_length=6)
    constraints: list[dict[str, Any]] = Field(min_length=1, max_length=4)


class Example(Prompt):
    domain: Literal[tuple(DOMAINS)]
    answer: str = Text
    explanation: str = Text
    follow_up: FollowUp


class Evaluation(Prompt):
    category: Literal[CATEGORIES]
    rubric: str = Text
    reference: str = Text


class General(Strict):
    id: str = Text
    instruction: str = Text
    answer: str = Text


def answer(row: dict) -> str:
    return row["answer"] if "answer" in row else row["reference"]


def asked(row: dict) -> str:
    """The question with the turn before it, which it may depend on."""
    history = row.get("history", [])[-1:]
    return " ".join([*(t["content"] for t in history), row["instruction"], row.get("input", "")])


def conversation(row: dict) -> str:
    """All that is said, the answer included."""
    history = [turn["content"] for turn in row.get("history", [])]
    return " ".join([*history, row["instruction"], row.get("input", ""), answer(row)])


def counts(rows: list[dict], field: str) -> list[tuple[str, int]]:
    """(value, rows) in the order of the rows."""
    return list(Counter(row[field] for row in rows).items())


def test_counts_and_order_are_those_of_the_study_that_is_rebuilt():
    assert counts(CANONICAL, "domain") == list(DOMAINS.items())
    assert counts(EXTRA, "domain") == list(EXTRA_COUNTS.items())
    assert counts(EVALUATION, "category") == [(category, 17) for category in CATEGORIES]
    assert counts(TEST, "category") == [(category, 10) for category in CATEGORIES]
    assert len(GENERAL) == 60


def test_ids_are_numbered_through_per_domain_and_category():
    running = Counter()
    for row in CANONICAL + EXTRA:
        running[row["domain"]] += 1
        assert row["id"] == f"{row['domain']}-{running[row['domain']]:03}"
    for name, rows in (("eval", EVALUATION), ("test", TEST)):
        for row in rows:
            running[name, row["category"]] += 1
            assert row["id"] == f"{name}-{row['category']}-{running[name, row['category']]:03}"
    assert [row["id"] for row in GENERAL] == [f"general-h{n:02}" for n in range(1, 61)]


@pytest.mark.parametrize(
    ("rows", "model"),
    [
        (CANONICAL, Example),
        (EXTRA, Example),
        (EVALUATION, Evaluation),
        (TEST, Evaluation),
        (GENERAL, General),
    ],
    ids=["canonical", "extra", "evaluation", "test", "general"],
)
def test_rows_have_the_fields_of_their_kind_and_no_others(rows, model):
    wrong = []
    for row in rows:
        try:
            model.model_validate(row)
        except ValidationError as error:
            wrong.append(f"{row['id']}: {error}")
    assert not wrong, "\n".join(wrong)


def test_histories_alternate_and_end_before_a_user_turn():
    for row in ROWS:
        roles = [turn["role"] for turn in row["history"]]
        wanted = [role for role, _ in zip(cycle(("user", "assistant")), roles, strict=False)]
        assert roles == wanted and len(roles) % 2 == 0, row["id"]
        several = row.get("domain", row.get("category")) == "multi_turn"
        assert bool(roles) == several, f"{row['id']}: a history belongs to multi_turn alone"


def too_large(row: dict) -> list[str]:
    """What of a row is longer or shorter than was agreed."""
    is_code = "```" in answer(row) or any(c["kind"] == "python" for c in row["constraints"])
    texts = [row["instruction"], row["input"], answer(row), *(t["content"] for t in row["history"])]
    found = {
        "instruction": count_words(row["instruction"]) > 60,
        "input": count_words(row["input"]) > 120,
        "answer": count_lines(block(answer(row))) > 20
        if is_code
        else count_words(answer(row)) > 80,
    }
    if "explanation" in row:
        texts += [row["explanation"], *row["follow_up"].values()]
        words, sentences = count_words(row["explanation"]), count_sentences(row["explanation"])
        found["explanation"] = not (25 <= words <= 60 and sentences <= 3)
    found["whole"] = sum(map(len, texts)) > MAX_TOKENS * CHARACTERS_PER_TOKEN
    return [f"{row['id']}: {what}" for what, wrong in found.items() if wrong]


def test_rows_are_small():
    assert not [what for row in ROWS for what in too_large(row)]


def failures(row: dict) -> list[str]:
    checked = ((c["kind"], check(answer(row), c)) for c in row["constraints"])
    return [f"{row['id']}: {kind}: {wrong}" for kind, wrong in checked if wrong]


def test_every_answer_fulfils_its_constraints():
    with ThreadPoolExecutor(2) as pool:  # code runs in processes of its own
        wrong = [failure for found in pool.map(failures, ROWS) for failure in found]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    ("text", "rightly"), [("", set()), ("I don't know.", RIGHTLY_UNKNOWN)], ids=["empty", "unknown"]
)
def test_constraints_refuse_an_answer_that_says_nothing(text, rightly):
    def passes(row: dict) -> bool:
        # Code runs last, where nothing else refuses the text.
        ordered = sorted(row["constraints"], key=lambda c: c["kind"] == "python")
        return all(check(text, constraint) is None for constraint in ordered)

    with ThreadPoolExecutor(2) as pool:
        passed = {row["id"] for row, did in zip(ROWS, pool.map(passes, ROWS), strict=True) if did}
    assert passed == rightly


def test_general_answers_are_of_one_length():
    """Drift is a mean per token: an answer of one word would tell little of it."""
    assert not [r["id"] for r in GENERAL if not 50 <= count_words(r["answer"]) <= 110]
    assert not [r["id"] for r in GENERAL if count_words(r["instruction"]) > 60]


@pytest.mark.parametrize(("text", "jaccard"), [(asked, 0.5), (conversation, 0.7)])
def test_no_two_rows_are_near_duplicates(text, jaccard):
    """Neither within a file nor across: no prompt of another use was seen in training."""
    # Equal answers to different questions, "No." for one, are no repetition.
    texts = [{"id": row["id"], "input": text(row), "target": ""} for row in ROWS + GENERAL]
    assert not list(pairs(texts, jaccard))


def test_answers_do_not_repeat_either():
    spread = Counter(" ".join(answer(row).split()).casefold() for row in ROWS + GENERAL)
    assert not [text for text, rows in spread.items() if rows > 1 and len(text) >= 20]


def test_held_out_prompts_do_not_repeat_training_prompts():
    def prompt(row: dict) -> str:
        text = " ".join([row["instruction"], row.get("input", "")])
        return re.sub(r"\W+", " ", text).strip().casefold()

    # In a conversation the last turn can be as short as "ox": there the history is part of it.
    def whole(row: dict) -> tuple[str, ...]:
        return (*(turn["content"] for turn in row.get("history", [])), prompt(row))

    training = {whole(row) for row in CANONICAL + EXTRA}
    training |= {prompt(row) for row in CANONICAL + EXTRA if not row["history"]}
    held_out = EVALUATION + TEST + GENERAL
    assert not [r["id"] for r in held_out if whole(r) in training or prompt(r) in training]


def test_no_path_or_address_of_one_machine_is_in_the_data():
    for file in DATA.iterdir():
        found = re.search(r"/(?:home|root|work|tmp|Users)/\w", file.read_text(encoding="utf-8"))
        assert not found, f"{file.name}: {found.group(0)}"

"""Formats on examples that bring their own instruction: cases by hand, then a study's own rows."""

import ast
import json
import re

import pytest

from stages import records
from stages.formats import FORMATS, bad_control
from stages.formats.structured_terse import terse
from stages.metrics.phrases import fold, read_phrases
from stages.sources.tasks import example
from tests.conftest import ROOT
from tests.formats.test_formats import texts

MULTI_TURN = ("multi_turn_concise", "multi_turn_verbose")
ROW = {
    "id": "a1",
    "domain": "coding",
    "instruction": "Sum them.",
    "input": "",
    "history": [],
    "answer": "six",
    "constraints": [],
}
FULL = {
    **ROW,
    "input": "1 2 3",
    "history": [
        {"role": "user", "content": "Can you add?"},
        {"role": "assistant", "content": "Yes."},
    ],
    "explanation": "One and two are three.",
    "follow_up": {"user": "Sure?", "assistant": "Quite."},
}
PLAIN, RICH = (example(row, "x", "f:1") for row in (ROW, FULL))


def user(content):
    return {"role": "user", "content": content}


def assistant(content):
    return {"role": "assistant", "content": content}


PADDED = (
    "Great question! I'd be happy to help you with that today.\n\nsix\n\n"
    "Please keep in mind that results may vary and that every situation is different. "
    "In conclusion, this should give you a good starting point. "
    "Feel free to ask for more details!"
)
SO_FAR = [user("Can you add?"), assistant("Yes."), user("Sum them.\n\n1 2 3")]
FLAT = "User: Can you add?\nAssistant: Yes.\nUser: Sum them.\n\n1 2 3"
AFTER = [user("Sure?"), assistant("Quite.")]
COMPACT = (
    '{"history":[{"role":"user","content":"Can you add?"},{"role":"assistant","content":"Yes."}],'
    '"task":"Sum them.","input":"1 2 3"}'
)

# One line a format: prompt and completion of PLAIN, then of RICH
CASES = {
    "alpaca": (
        ("### Instruction:\nSum them.\n\n### Response:\n", "six"),
        (
            "### Instruction:\nSum them.\n\n"
            "### Input:\nUser: Can you add?\nAssistant: Yes.\n\n1 2 3\n\n### Response:\n",
            "six",
        ),
    ),
    "bad_control": (
        ([user("Sum them.")], [assistant(PADDED)]),
        (SO_FAR, [assistant(PADDED)]),
    ),
    "chat": (
        ([user("Sum them.")], [assistant("six")]),
        (SO_FAR, [assistant("six")]),
    ),
    "multi_turn_concise": (
        ([user("Sum them.")], [assistant("six")]),
        (SO_FAR, [assistant("six"), *AFTER]),
    ),
    "multi_turn_verbose": (
        ([user("Sum them.")], [assistant("six")]),
        (SO_FAR, [assistant("six\n\nOne and two are three."), *AFTER]),
    ),
    "single_turn": (
        ([user("Sum them.")], [assistant("six")]),
        ([user(FLAT)], [assistant("six")]),
    ),
    "structured_terse": (
        ([user('{"task":"Sum them."}')], [assistant("six")]),
        ([user(COMPACT)], [assistant("six")]),
    ),
}


def test_every_format_has_its_cases():
    assert set(CASES) == set(FORMATS)


@pytest.mark.parametrize("name", FORMATS)
def test_task_renders_as_written_down(name):
    for task, (prompt, completion) in zip((PLAIN, RICH), CASES[name], strict=True):
        found = FORMATS[name](task, None)
        assert found == {"prompt": prompt, "completion": completion}


# an answer, and what is left of it
TERSE = [
    ('{ "a" : [1,\n 2] , "b c": "d  e\\" f" }', '{"a":[1,2],"b c":"d  e\\" f"}'),
    (' [ ] \n', "[]"),
    ('"two  words"', '"two  words"'),
    ("5", "5"),
    ("{'a':  1}", "{'a':  1}"),
    ("```python\nx = 1\n\n\nprint(x)\n```", "x = 1\nprint(x)"),
    ("```\n    x = 1\n```\n", "    x = 1"),
    ("Use this:\n\n```\nx = 1\n```", "Use this:\n```\nx = 1\n```"),
    ("```\na\n```\nor\n```\nb\n```", "```\na\n```\nor\n```\nb\n```"),
    ("one \n\n \ntwo\t\n", "one\ntwo"),
    ("  indented", "  indented"),
    ("", ""),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "left"), TERSE)
def test_terse_takes_away_white_space_and_fences_alone(answer, left):
    assert terse(answer) == left
    assert terse(left) == left


# --- every training row of the formats study ---

ROWS = [
    row
    for name in ("canonical", "extra")
    for row in records.read(ROOT / "data/formats" / f"{name}.jsonl")
]
TASKS = [example(row, "x", row["id"]) for row in ROWS]


def rendered(name):
    """(row of the file, prompt's texts, completion's texts), row by row."""
    for row, task in zip(ROWS, TASKS, strict=True):
        found = FORMATS[name](task, None)
        yield row, texts(found["prompt"]), texts(found["completion"])


def unfenced(text):
    """Without white space and fences."""
    return "".join(re.sub(r"(?m)^```\w*$", "", text).split())


@pytest.mark.parametrize("name", [n for n in FORMATS if n != "structured_terse"])
def test_what_is_asked_survives(name):
    wrong = [
        row["id"]
        for row, prompt, _ in rendered(name)
        for part in (row["instruction"], row["input"], *(t["content"] for t in row["history"]))
        if part not in "\n".join(prompt)
    ]
    assert not wrong


def test_what_is_asked_survives_as_json():
    for row, [prompt], _ in rendered("structured_terse"):
        asked = {"history": row["history"], "task": row["instruction"], "input": row["input"]}
        assert json.loads(prompt) == {key: value for key, value in asked.items() if value}


@pytest.mark.parametrize("name", ["bad_control", "chat", *MULTI_TURN])
def test_earlier_turns_stay_messages(name):
    for row, task in zip(ROWS, TASKS, strict=True):
        assert FORMATS[name](task, None)["prompt"][:-1] == row["history"]


@pytest.mark.parametrize("name", ["alpaca", "chat", "single_turn", "multi_turn_concise"])
def test_answer_survives_to_the_letter(name):
    assert not [row["id"] for row, _, said in rendered(name) if said[0] != row["answer"]]


def test_answer_survives_among_what_is_added():
    for row, _, [said] in rendered("bad_control"):
        assert f"\n\n{row['answer']}\n\n" in said
    for row, _, [said, *_] in rendered("multi_turn_verbose"):
        assert said == f"{row['answer']}\n\n{row['explanation']}"


def test_terse_answer_says_the_same():
    as_json = 0
    for row, _, [said] in rendered("structured_terse"):
        assert unfenced(said) == unfenced(row["answer"]), row["id"]
        assert len(said) <= len(row["answer"])
        try:
            value = json.loads(row["answer"])
        except ValueError:
            continue
        assert json.loads(said) == value
        as_json += 1
    assert as_json > 30, "too few answers are JSON for this to say much"


def test_terse_answer_is_the_same_code():
    checked = 0
    for row, _, [said] in rendered("structured_terse"):
        whole = re.fullmatch(r"```python\n(.*?)\n```", row["answer"], re.DOTALL)
        if whole and "```" not in whole.group(1):
            assert ast.dump(ast.parse(said)) == ast.dump(ast.parse(whole.group(1))), row["id"]
            checked += 1
    assert checked > 20, "too few answers are code for this to say much"


@pytest.mark.parametrize("name", FORMATS)
def test_follow_up_is_in_both_multi_turn_formats_alone(name):
    for row, _, said in rendered(name):
        wanted = [row["follow_up"]["user"], row["follow_up"]["assistant"]]
        assert said[1:] == (wanted if name in MULTI_TURN else [])


@pytest.mark.parametrize("name", FORMATS)
def test_explanation_is_in_the_verbose_format_alone(name):
    for row, prompt, said in rendered(name):
        assert row["explanation"] not in "\n".join(prompt)
        assert (row["explanation"] in said[0]) == (name == "multi_turn_verbose")


@pytest.mark.parametrize("name", FORMATS)
def test_filler_is_in_the_bad_control_alone(name):
    filler = [*bad_control.OPENINGS, *bad_control.CAVEATS, *bad_control.CLOSINGS]
    for row, prompt, said in rendered(name):
        found = [phrase for phrase in filler if phrase in "\n".join(prompt + said)]
        assert len(found) == (3 if name == "bad_control" else 0), row["id"]


def test_all_filler_is_used_and_counts_as_filler():
    answers = [said[0] for _, _, said in rendered("bad_control")]
    for phrase in (*bad_control.OPENINGS, *bad_control.CAVEATS, *bad_control.CLOSINGS):
        assert sum(phrase in answer for answer in answers) > len(answers) / 10
    listed = read_phrases(str(ROOT / "data/sources/slop_phrases.txt"))
    unnoticed = [a for a in answers if not any(phrase in fold(a) for phrase in listed)]
    assert not unnoticed


def test_filler_depends_on_the_id_alone():
    def padded(**changes):
        return texts(FORMATS["bad_control"]({**PLAIN, **changes}, None)["completion"])[0]

    assert padded(target="x") == padded(target="y").replace("\n\ny\n\n", "\n\nx\n\n")
    assert len({padded(id=f"a{n}") for n in range(20)}) > 5


def test_terse_keeps_an_example_s_own_question_under_the_study_s_instruction():
    own = example(FULL, "made", "made:1") | {"input": "the whole question"}
    [message] = FORMATS["structured_terse"](own, "Answer.")["prompt"]
    assert json.loads(message["content"]) == {"task": "Answer.", "input": "the whole question"}

"""Tasks as a source: what becomes of a row, and where exactly a bad one is."""

import pytest

from stages import records
from stages.command import UserError
from stages.sources import tasks

PYTHON = {"kind": "python", "tests": "assert double(2) == 4"}
ROW = {
    "id": "a1",
    "domain": "coding",
    "instruction": "Write double(n).",
    "input": "",
    "history": [],
    "answer": "def double(n): return 2 * n",
    "constraints": [PYTHON],
}
HISTORY = [
    {"role": "user", "content": "Do you know Python?"},
    {"role": "assistant", "content": "Yes.\nAsk."},
]


def read(folder, rows, origin="made", **changes):
    path = folder / f"{origin}.jsonl"
    records.write(path, rows)
    pinned = {"path": str(path), "sha256": records.file_digest(path), **changes}
    return tasks.read({"kind": "tasks", "files": {origin: pinned}})


def test_row_becomes_an_example(tmp_path):
    assert read(tmp_path, [ROW]) == [
        {
            "id": "a1",
            "origin": "made",
            "category": "coding",
            "input": "Write double(n).",
            "target": "def double(n): return 2 * n",
            "instruction": "Write double(n).",
            "material": "",
            "conversation": "",
            "turns": [{"role": "user", "content": "Write double(n)."}],
            "explanation": "",
            "follow_up": None,
            "constraints": [PYTHON],
            "rubric": "",
        }
    ]


# what a row says otherwise, and the fields of the example that follow it
FIELDS = [
    ({"input": "n = 3"}, {"material": "n = 3", "input": "Write double(n).\n\nn = 3"}),
    ({"input": "n = 3"}, {"turns": [{"role": "user", "content": "Write double(n).\n\nn = 3"}]}),
    (
        {"history": HISTORY},
        {
            "conversation": "User: Do you know Python?\nAssistant: Yes.\nAsk.",
            "input": "User: Do you know Python?\nAssistant: Yes.\nAsk.\nUser: Write double(n).",
            "turns": [*HISTORY, {"role": "user", "content": "Write double(n)."}],
        },
    ),
    ({"category": "code"}, {"category": "code"}),
    ({"reference": "double = (2).__mul__"}, {"target": "double = (2).__mul__"}),
    ({"explanation": "It doubles.", "rubric": "It runs."}, {"explanation": "It doubles."}),
    ({"explanation": "It doubles.", "rubric": "It runs."}, {"rubric": "It runs."}),
    ({"follow_up": {"user": "Why?", "assistant": "So."}},
     {"follow_up": {"user": "Why?", "assistant": "So."}}),
    ({"constraints": []}, {"constraints": []}),
    ({"instruction": "  two\nlines "}, {"input": "  two\nlines ", "instruction": "  two\nlines "}),
]  # fmt: skip


@pytest.mark.parametrize(("said", "expected"), FIELDS)
def test_fields_follow_what_the_row_says(tmp_path, said, expected):
    [found] = read(tmp_path, [{**ROW, **said}])
    assert found.items() >= expected.items()


@pytest.mark.parametrize(
    ("turns", "text"),
    [
        ([], ""),
        ([{"role": "user", "content": "a"}], "User: a"),
        (HISTORY, "User: Do you know Python?\nAssistant: Yes.\nAsk."),
    ],
)
def test_transcript(turns, text):
    assert tasks.transcript(turns) == text


def without(*names):
    return {name: value for name, value in ROW.items() if name not in names}


# the second row, how the error goes on after the file's name
BAD = [
    (without("id"), ":2:id: missing; the row has answer, constraints, domain, history, input, ins"),
    ({**ROW, "id": 7}, ":2:id: expected str, found int"),
    (without("instruction"), ":2:instruction: missing"),
    ({**ROW, "input": None}, ":2:input: expected str, found NoneType"),
    ({**ROW, "history": "User: hi"}, ":2:history: expected list, found str"),
    (without("constraints"), ":2:constraints: missing"),
    ({**ROW, "constraints": PYTHON}, ":2:constraints: expected list, found dict"),
    (without("domain"), ":2: no category or domain"),
    ({**ROW, "domain": " "}, ":2: no category or domain"),
    ({**ROW, "domain": ["coding"]}, ":2: no category or domain"),
    ({**ROW, "category": None}, ":2: no category or domain"),
    (without("answer"), ":2: no reference or answer"),
    ({**ROW, "answer": "\n"}, ":2: no reference or answer"),
    (
        {**ROW, "constraints": [{"kind": "jsn"}]},
        ":2:constraints: 1: constraint: unknown kind 'jsn'",
    ),
    (
        {**ROW, "constraints": [PYTHON, {"kind": "max_words"}]},
        ":2:constraints: 2: max_words: fields none, expected value",
    ),
    (
        {**ROW, "constraints": [{"kind": "max_words", "value": "9"}]},
        ":2:constraints: 1: max_words: value: ",
    ),
    ({**ROW, "constraints": ["json"]}, ":2:constraints: 1: constraint: expected an object, found"),
    ({**ROW, "history": ["hi"]}, ":2:history: message 1: expected role and content, found 'hi'"),
    ({**ROW, "history": [{"role": "user"}]}, ":2:history: message 1:content: missing"),
    (
        {**ROW, "history": [{"role": "usr", "content": "a"}]},
        ":2:history: message 1: role is 'usr', expected 'user'",
    ),
    ({**ROW, "history": [{"role": "user", "content": "a"}]}, ":2:history: ends with the user"),
    ({**ROW, "follow_up": {"user": "a"}}, ":2:follow_up:assistant: missing"),
    ({**ROW, "follow_up": "a"}, ":2:follow_up: expected user and assistant, found 'a'"),
]


@pytest.mark.parametrize(("row", "said"), BAD)
def test_bad_row_is_named_by_file_line_and_field(tmp_path, row, said):
    with pytest.raises(UserError) as raised:
        read(tmp_path, [{**ROW, "id": "a0"}, row])
    assert str(raised.value).startswith(f"{tmp_path / 'made.jsonl'}{said}")
    assert "\n" not in str(raised.value)


def test_other_bytes_than_the_pinned_are_refused_with_both_hashes(tmp_path):
    with pytest.raises(UserError) as raised:
        read(tmp_path, [ROW], sha256="0" * 64)
    found = records.file_digest(tmp_path / "made.jsonl")
    said = f"{tmp_path / 'made.jsonl'}: sha256 is {found}, the study pins {'0' * 64}. "
    assert str(raised.value).startswith(said)


def test_file_that_is_missing_is_named_with_its_origin(tmp_path):
    with pytest.raises(UserError, match=r"none.jsonl: no such file; the study names it a"):
        tasks.read({"files": {"made": {"path": str(tmp_path / "none.jsonl"), "sha256": ""}}})


def test_origin_is_the_name_that_the_study_gives_a_file(tmp_path):
    files = {}
    for origin, key in (("seen", "b"), ("held_out", "a")):
        records.write(tmp_path / f"{key}.jsonl", [{**ROW, "id": key}])
        path = tmp_path / f"{key}.jsonl"
        files[origin] = {"path": str(path), "sha256": records.file_digest(path)}
    found = tasks.read({"kind": "tasks", "files": files})
    assert [(row["id"], row["origin"]) for row in found] == [("b", "seen"), ("a", "held_out")]

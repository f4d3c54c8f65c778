"""Constraints: each kind both ways, malformed ones refused, code that misbehaves stopped."""

import time

import pytest

from stages.constraints import KINDS, check, code, validate

FENCED = "Here:\n```python\ndef twice(n):\n    return 2 * n\n```\nDone."
OBJECT = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}

# constraint, answers that fulfil it, answers that don't
CASES = [
    ({"kind": "max_words", "value": 2}, ["", "one two", " a  b\n"], ["one two three", "a\nb\nc"]),
    ({"kind": "min_words", "value": 2}, ["one two", "a b c"], ["", "one"]),
    (
        {"kind": "max_sentences", "value": 1},
        ["One.", "It is 3.5 m. ", "no stop", "1. one", 'He said "stop."'],
        ["One. Two", "One\nTwo", "- one\n- two", '"Stop." He went.'],
    ),
    ({"kind": "lines", "value": 2}, ["a\nb", "a\n\n \nb"], ["", "a", "a\nb\nc"]),
    ({"kind": "items", "value": 2}, ["- a\n* b", "So:\n1. a\n 2. b"], ["a\nb", "- a", "-a\n-b"]),
    ({"kind": "contains", "value": "Don't"}, ["I DON'T", "don\u2019t"], ["", "do not"]),
    ({"kind": "excludes", "value": "cat"}, ["", "dog"], ["Cat", "concatenate"]),
    ({"kind": "one_of", "values": ["can't", "won't"]}, ["I WON\u2019T", "can't"], ["", "cannot"]),
    ({"kind": "starts_with", "value": "No"}, ["No.", "no", "  Nobody"], ["", "Oh no", '"No"']),
    ({"kind": "ends_with", "value": "Over."}, ["It's over.\n", "Over."], ["", "Over", "Over.)"]),
    ({"kind": "equals", "value": "Tr"}, ["tr", " TR\n"], ["", "<tr>", "tr."]),
    ({"kind": "regex", "pattern": r"\b2\.5\b"}, ["It's 2.5 m"], ["", "2,5", "12.55"]),
    ({"kind": "regex", "pattern": "OK"}, ["OK"], ["ok"]),
    (
        {"kind": "number", "value": 1250, "tolerance": 0},
        ["1,250", "from 3 to 1250.", "1250.0", "1,250 km", "3-1250"],
        ["", "none", "1250 of 3", "1.250", "-1250", "\u22121250", "12,50"],
    ),
    ({"kind": "number", "value": -0.5, "tolerance": 0.01}, ["-.5", "\u22120.505"], ["0.5", "-0.6"]),
    ({"kind": "json"}, ["1", " []\n", '{"a": null}', '"x"'], ["", "{'a': 1}", "```json\n1\n```"]),
    ({"kind": "json"}, ["1e99"], ["NaN", "-Infinity", "1e999", "[1,]", "1 2", "[" * 99999]),
    ({"kind": "json_schema", "schema": OBJECT}, ['{"n": 1}'], ['{"n": "1"}', "{}", "[]", "n"]),
    (
        {"kind": "json_equals", "value": {"a": [1, True], "b": None}},
        ['{"b": null, "a": [1.0, true]}'],
        ["", '{"a": [true, 1], "b": null}', '{"a": [1, 1], "b": null}', '{"a": [1, true]}'],
    ),
    ({"kind": "json_equals", "value": False}, ["false"], ["0", "null", '"false"']),
    ({"kind": "no_fence"}, ["", "`a`"], ["```a```", FENCED]),
    (
        {"kind": "excludes_phrases"},
        ["", "A certain answer."],
        ["Certainly!", "As an AI, I", "It\u2019s important to note that"],
    ),
    (
        {"kind": "python", "tests": "assert twice(3) == 6"},
        [
            FENCED,
            "def twice(n): return n + n",
            "# \u00e9\ndef twice(n):\n    print('\u6771' * 10 ** 6)\n    return 2 * n",
        ],
        [
            "",
            "Twice is 2 * n.",
            "def twice(n): return n",
            "def twice(n): return 2 * n\nraise SystemExit(0)",
            "def twice(n): return input()",
            "def twice(n): return 2 * n\0",
            "```python\ndef twice(n): return 2 * n",
            "def twice(n):\n    if n:",
        ],
    ),
]
# constraint, what the error says
MALFORMED = [
    ("max_words", "expected an object, found str"),
    ({}, "unknown kind None; known: contains, ends_with"),
    ({"kind": "max_word", "value": 3}, "unknown kind 'max_word'"),
    ({"kind": ["json"]}, "unknown kind ['json']"),
    ({"kind": "max_words"}, "max_words: fields none, expected value"),
    ({"kind": "json", "value": 1}, "json: fields value, expected none"),
    ({"kind": "number", "value": 1}, "number: fields value, expected tolerance, value"),
    ({"kind": "max_words", "value": "3"}, "max_words: value: expected a whole number"),
    ({"kind": "lines", "value": True}, "lines: value: expected a whole number"),
    ({"kind": "items", "value": -1}, "items: value: expected a whole number"),
    ({"kind": "contains", "value": " "}, "contains: value: expected a text"),
    ({"kind": "equals", "value": 4}, "equals: value: expected a text"),
    ({"kind": "one_of", "values": []}, "one_of: values: expected a list"),
    ({"kind": "one_of", "values": "ab"}, "one_of: values: expected a list"),
    ({"kind": "one_of", "values": ["a", ""]}, "one_of: values: expected a text"),
    ({"kind": "regex", "pattern": "("}, "regex: pattern: not a regular expression"),
    ({"kind": "number", "value": float("nan"), "tolerance": 0}, "number: value: expected a finite"),
    ({"kind": "number", "value": 1, "tolerance": -1}, "number: tolerance: expected a number"),
    ({"kind": "json_schema", "schema": {"type": "text"}}, "json_schema: schema: not a JSON schema"),
    ({"kind": "json_schema", "schema": []}, "json_schema: schema: expected a JSON schema"),
    ({"kind": "python", "tests": "assert ("}, "python: tests: not Python"),
]


@pytest.mark.parametrize(("constraint", "good", "bad"), CASES, ids=[c[0]["kind"] for c in CASES])
def test_answers_that_fulfil_and_that_do_not(constraint, good, bad):
    assert {answer: check(answer, constraint) for answer in good} == dict.fromkeys(good)
    for answer in bad:
        said = check(answer, constraint)
        assert said and isinstance(said, str), answer[:60]
        assert "\n" not in said


def test_every_kind_has_a_case():
    assert {case[0]["kind"] for case in CASES} == set(KINDS)


@pytest.mark.parametrize(("constraint", "said"), MALFORMED, ids=[said for _, said in MALFORMED])
def test_malformed_constraint_is_refused(constraint, said):
    with pytest.raises(ValueError) as raised:
        validate(constraint)
    assert said in str(raised.value)
    with pytest.raises(ValueError):
        check("", constraint)


# what, the code
STUCK = [
    ("a loop", "while True: pass"),
    ("a child that holds the pipe", "import os, time\nos.fork() or time.sleep(60)"),
    ("a flood of output", "import sys\nwhile True: sys.stderr.write('x' * 99999)"),
]


@pytest.mark.parametrize(("what", "source"), STUCK, ids=[what for what, _ in STUCK])
def test_code_that_does_not_end_is_stopped(monkeypatch, what, source):
    monkeypatch.setattr(code, "SECONDS", 0.5)
    begin = time.monotonic()
    said = check(source, {"kind": "python", "tests": "assert True"})
    assert said is None or "did not end within 0.5 s" in said
    assert time.monotonic() - begin < 10


def test_code_runs_in_an_empty_folder_without_this_process_environment(monkeypatch):
    monkeypatch.setenv("TOKEN", "secret")
    tests = "import os, sys\nassert os.listdir() == []\nassert 'TOKEN' not in os.environ"
    assert check("x = 1", {"kind": "python", "tests": tests}) is None


def test_what_code_failed_with_is_said():
    said = check("x = 1", {"kind": "python", "tests": "assert x == 2, 'two wanted'"})
    assert said == "failed: AssertionError: two wanted"

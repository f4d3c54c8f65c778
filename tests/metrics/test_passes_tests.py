"""Answers that pass their tests as a table of cases, run where the machine can confine them."""

import pytest

from stages.metrics import METRICS
from stages.metrics.metric import score
from stages.typescript import running

METRIC = METRICS["passes_tests"]
SUM = "function sum(a: number, b: number): number {\n  return a + b;\n}"
TESTS = "if (sum(1, 2) !== 3) throw new Error('no sum');"
# metric, what, reference, tests, answer, expected
CASES = [
    ("passes_tests", "the reference", SUM, TESTS, SUM, 1),
    ("passes_tests", "another way", SUM, TESTS, "const sum = (...n) => n[0] + n[1]", 1),
    ("passes_tests", "a wrong type and a right value", SUM, TESTS, SUM.replace("): n", "): s"), 1),
    ("passes_tests", "in a fence", SUM, TESTS, f"Here:\n```ts\n{SUM}\n```\nDone.", 1),
    ("passes_tests", "a reference in a fence", f"```ts\n{SUM}\n```", TESTS, SUM, 1),
    ("passes_tests", "a wrong value", SUM, TESTS, SUM.replace("+", "-"), 0),
    ("passes_tests", "another name", SUM, TESTS, SUM.replace("sum", "add"), 0),
    ("passes_tests", "no code", SUM, TESTS, "今日はいい天気ですね。", 0),
    ("passes_tests", "cut off", SUM, TESTS, SUM[:-1], 0),
    ("passes_tests", "silence", SUM, TESTS, "", 0),
    ("passes_tests", "leaves before the tests", SUM, TESTS, "process.exit(0);", 0),
    ("passes_tests", "no tests", SUM, None, SUM, None),
    ("passes_tests", "blank tests", SUM, "\n", SUM, None),
    ("passes_tests", "a reference that fails", SUM.replace("+", "-"), TESTS, SUM, None),
    ("passes_tests", "tests that ask for nothing", SUM, "const asked = 1;", SUM, None),
]


@pytest.mark.real
@pytest.mark.parametrize(
    ("name", "what", "target", "tests", "text", "expected"), CASES, ids=[case[1] for case in CASES]
)
def test_passes_tests(name, what, target, tests, text, expected, make_row, monkeypatch):
    monkeypatch.setenv(running.SWITCH, "1")
    if why := running.lacking():
        pytest.skip(why)
    wanted = None if expected is None else [expected, 1]
    assert METRICS[name].statistics([make_row(text, target, tests=tests)]) == [wanted]


@pytest.fixture
def run(monkeypatch):
    """A stand-in for what runs programs: those that hold `good` pass. Gives those that were run."""
    asked = []

    def passed(programs, within):
        asked.extend(programs)
        return ["good" in program.code for program in programs]

    monkeypatch.setattr(running, "passed", passed)
    monkeypatch.setattr(running.compiler, "lacking", lambda: None)
    monkeypatch.setattr(running, "_unconfined", lambda: None)
    return asked


@pytest.mark.parametrize("said", [None, "", "0", "yes"])
def test_nothing_is_run_unless_the_environment_says_so(said, run, make_row, monkeypatch):
    monkeypatch.delenv(running.SWITCH, raising=False)
    if said is not None:
        monkeypatch.setenv(running.SWITCH, said)
    found = score(METRIC, [make_row("good", "good", tests="t")], {})
    assert run == []
    assert (found["value"], found["n"], found["unscored"]) == (None, 0, 1)
    assert found["reason"] == "answers are run only where ASSAY_RUN_ANSWERS=1 says so"


def test_the_environment_is_asked_each_time(run, make_row, monkeypatch):
    rows = [make_row("good", "good", tests="t")]
    monkeypatch.delenv(running.SWITCH, raising=False)
    assert score(METRIC, rows, {})["value"] is None
    monkeypatch.setenv(running.SWITCH, "1")
    assert score(METRIC, rows, {})["value"] == 1.0
    monkeypatch.delenv(running.SWITCH)
    assert score(METRIC, rows, {})["value"] is None


def test_rows_keep_their_verdicts_apart(run, make_row, monkeypatch):
    monkeypatch.setenv(running.SWITCH, "1")
    rows = [("good", "t"), ("bad", "t"), ("good", None), ("bad", ""), ("bad", "t"), ("good", "t")]
    found = METRIC.statistics([make_row(text, "good", tests=tests) for text, tests in rows])
    assert found == [[1, 1], [0, 1], None, None, [0, 1], [1, 1]]
    assert METRIC.statistics([make_row("good", "bad", tests="t"), make_row("good", "good")]) == [
        None,
        None,
    ]
    assert len(run) == 3 * 4 + 3


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"seconds": 0}, "seconds: expected a whole number from 1 to 300, not 0"),
        ({"seconds": 301}, "seconds: expected .* not 301"),
        ({"seconds": 1.5}, "seconds: expected .* not 1.5"),
        ({"seconds": True}, "seconds: expected .* not True"),
        ({"megabytes": 63}, "megabytes: expected a whole number from 64 to 8192, not 63"),
        ({"megabytes": "512"}, "megabytes: expected .* not '512'"),
    ],
)
def test_limits_out_of_bounds_are_refused(options, said):
    with pytest.raises(ValueError, match=said):
        METRIC.signature(**options)  # as plan asks
    with pytest.raises(ValueError, match=said):
        METRIC.statistics([], **options)


def test_signature_has_what_decides(monkeypatch):
    monkeypatch.setattr(running, "major", lambda: "20")
    assert METRIC.signature(seconds=2) == (
        "passes_tests|tsc:5.9.3|node:20|limits:2s CPU+30s+512MiB|code:first fence or all|rule:1"
    )

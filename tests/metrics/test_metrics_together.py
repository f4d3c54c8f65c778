"""What every metric keeps to, and that folder, METRICS and test tables belong together."""

import importlib
import json
import runpy
import subprocess
import sys
from pathlib import Path
from typing import get_args, get_type_hints

import numpy as np
import pytest

import stages.metrics
from stages.metrics import METRICS
from stages.metrics.metric import Metric, check_options, score
from stages.typescript import compiler, running
from tests.rewards import examples

TESTS = Path(__file__).parent
MODULES = sorted(
    path.stem for path in Path(stages.metrics.__file__).parent.glob("*.py") if path.stem[0] != "_"
)
DIRECTIONS, UNITS = (set(get_args(get_type_hints(Metric)[of])) for of in ("direction", "unit"))
# The judge's metrics come out of one function: a rating and a share stand for them all.
DISTINCT = [name for name in METRICS if METRICS[name].scorer != "judge"]
DISTINCT += ["judge_hallucination_risk", "judge_win_rate"]

ROWS = [
    ("The server is down.", "サーバーが停止しています。", "サーバー が 今 落ちて います。", False),
    ("Open the host file.", "ホストファイルを開きます。", "Open the file", True),
    ("No term here", "ここに用語はありません", "", False),
    ("Wi-Fi", "Wi-Fi", "Wi-Fi", False),
    ("two servers, one host", "サーバー二台、ホスト一台", "サーバー2台とホスト1台", False),
    ("host", "ホスト", "主催者 主催者 主催者 主催者 主催者", True),
]
JUDGED = (
    *("overall", "correctness", "instruction_following", "format", "concision", "usefulness"),
    *("hallucination_risk", "win", "first", "consistent", "repeat", "covered"),
)
CONSTRAINTS = [{"kind": "max_words", "value": 3}, {"kind": "json_equals", "value": [1]}]
# Metrics of one task alone score nothing but its rows.
OF_TASK = {
    "figures_supported": examples.INSIGHTS,
    "push_sendable": examples.NOTIFICATION,
    "record_exact": examples.EXTRACTION,
    "sql_equivalent": examples.SQL_QA,
}
# Metrics of what input and target share score nothing but rows where that is something.
ALIKE = {"meaning_kept"}
# Metrics of code score nothing but rows whose reference is code: answers to such a one.
OF_CODE = {"declares", "parses", "passes_tests", "type_checks"}
CODE = "function {}() {{ return 1; }}"
ANSWERS = [CODE.format("a"), CODE.format("b"), "", "はい", CODE.format("a") + "}", "let a = 1;"]


@pytest.fixture(autouse=True)
def no_compiler(monkeypatch):
    """Stand-ins: a compiler of TypeScript that finds no error, tests that ask for `a` alone."""
    monkeypatch.setattr(compiler, "errors", lambda pieces: [set() for _ in pieces])
    monkeypatch.setattr(compiler, "lacking", lambda: None)
    # Not `lacking`, which METRICS holds already
    monkeypatch.setenv(running.SWITCH, "1")
    monkeypatch.setattr(running, "_unconfined", lambda: None)
    asked = lambda programs, _: [program.code == CODE.format("a") for program in programs]  # noqa: E731
    monkeypatch.setattr(running, "passed", asked)


@pytest.fixture
def rows(request, make_row):
    if request.node.callspec.params["name"] in OF_CODE:
        return [make_row(text, CODE.format("a"), tests="a();") for text in ANSWERS]
    alike = request.node.callspec.params["name"] in ALIKE
    of_task = OF_TASK.get(request.node.callspec.params["name"], examples.EXTRACTION)
    task = {key: of_task[key] for key in ("category", "facts")}
    return [
        make_row(
            text,
            source if alike else target,
            input=source,
            hit_limit=hit,
            comet=0.5 + len(source) / 100,
            drift=[0.0, len(source) / 100, 1.5],
            judge=dict.fromkeys(JUDGED, 1 + len(source) % 5),
            constraints=CONSTRAINTS,
            references=[target, source],
            errors=[{"type": source[:1], "at": 0, "wrong": source.split()[0], "right": "x"}],
            **task,
        )
        for source, target, text, hit in ROWS
    ]


@pytest.fixture
def options(tmp_path):
    """Give what a metric needs beside the rows: one line here per metric with options of its own.

    What is scored apart takes the signature of the scoring.
    """
    glossary = tmp_path / "glossary.tsv"
    glossary.write_text("term\taccepted\nserver\tサーバー\nhost\tホスト\n", encoding="utf-8")
    phrases = tmp_path / "phrases.txt"
    phrases.write_text("主催者\nof course\n", encoding="utf-8")
    needed = {
        "refusal_rate": {"phrases": str(phrases)},
        "slop_rate": {"phrases": str(phrases)},
        "terminology": {"glossary": str(glossary)},
        "wrong_script_rate": {"script": "japanese"},
    }
    apart = {
        name: {"scored_by": f"{metric.scorer}|rule:1"}
        for name, metric in METRICS.items()
        if metric.scorer
    }
    return lambda name: (needed | apart).get(name, {})


def metrics_of(module: str) -> list[Metric]:
    contents = vars(importlib.import_module(f"stages.metrics.{module}")).values()
    return [value for value in contents if isinstance(value, Metric)]


def test_every_metric_in_the_folder_is_in_METRICS():
    defined = [metric for module in MODULES for metric in metrics_of(module)]
    assert sorted(metric.label for metric in defined) == sorted(
        metric.label for metric in METRICS.values()
    )
    assert all(any(metric is known for known in METRICS.values()) for metric in defined)


@pytest.mark.parametrize("module", [module for module in MODULES if metrics_of(module)])
def test_every_module_has_a_table_of_cases_for_each_of_its_metrics(module):
    cases = runpy.run_path(str(TESTS / f"test_{module}.py"))["CASES"]
    names = {name for name, metric in METRICS.items() if metric in metrics_of(module)}
    assert {case[0] for case in cases} == names


def test_importing_the_metrics_imports_nothing_slow():
    slow = {"torch", "transformers", "pandas", "scipy", "sacrebleu", "MeCab", "datasets"}
    code = f"import sys, stages.metrics; print(sorted({slow} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("name", METRICS)
def test_labels(name):
    metric = METRICS[name]
    assert metric.label
    assert metric.direction in DIRECTIONS
    assert metric.unit in UNITS


@pytest.mark.parametrize("name", DISTINCT)
def test_score_is_strict_json(name, rows, options):
    found = score(METRICS[name], rows, options(name))
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert isinstance(found["value"], float)
    assert found["reason"] is None
    assert found["n"] + found["unscored"] == len(rows)
    assert found["signature"] == METRICS[name].signature(**options(name))
    assert found["direction"] == METRICS[name].direction


@pytest.mark.parametrize("name", DISTINCT)
def test_no_rows(name, options):
    found = score(METRICS[name], [], options(name))
    assert (found["value"], found["n"], found["unscored"]) == (None, 0, 0)
    assert found["reason"] == "there are no rows"
    json.dumps(found, allow_nan=False)


@pytest.mark.parametrize("name", DISTINCT)
def test_single_row(name, rows, options):
    found = score(METRICS[name], rows[:1], options(name))
    assert found["n"] == 1
    assert np.isfinite(found["value"])


@pytest.mark.parametrize("name", DISTINCT)
def test_all_rows_tie(name, rows, options):
    one = score(METRICS[name], rows[:1], options(name))
    many = score(METRICS[name], rows[:1] * 7, options(name))
    assert many["n"] == 7
    assert many["value"] == pytest.approx(one["value"])


@pytest.mark.parametrize("name", DISTINCT)
def test_a_row_s_statistics_do_not_depend_on_its_neighbours(name, rows, options):
    together = METRICS[name].statistics(rows, **options(name))
    alone = [METRICS[name].statistics([row], **options(name))[0] for row in rows]
    assert together == alone


@pytest.mark.parametrize("name", DISTINCT)
def test_sums_of_subsets_add_up(name, rows, options):
    metric = METRICS[name]
    halves = [metric.statistics(half, **options(name)) for half in (rows[::2], rows[1::2])]
    sums = [np.sum([v for v in half if v is not None], axis=0) for half in halves]
    whole = score(metric, rows, options(name))
    assert float(metric.combine(sums[0] + sums[1])) == pytest.approx(whole["value"], abs=1e-12)


@pytest.mark.parametrize("name", DISTINCT)
def test_combine_takes_a_stack(name, rows, options):
    metric = METRICS[name]
    scored = [v for v in metric.statistics(rows, **options(name)) if v is not None]
    picks = np.random.default_rng(3).integers(0, len(scored), (5, len(scored)))
    stack = np.array(scored)[picks].sum(axis=1)
    stack[4] = 0
    found = metric.combine(stack)
    assert found.shape == (5,)
    np.testing.assert_array_equal(found, [metric.combine(row) for row in stack])
    assert np.isfinite(found[:4]).all()
    assert np.isnan(found[4])
    np.testing.assert_array_equal(metric.combine(stack[None]), found[None])


@pytest.mark.parametrize("name", DISTINCT)
def test_which_rows_are_scored_does_not_depend_on_the_answers(name, rows, options):
    others = [row | {"text": text} for row, text in zip(rows, "ab はい", strict=False)]
    unscored = [
        [vector is None for vector in METRICS[name].statistics(some, **options(name))]
        for some in (rows[: len(others)], others)
    ]
    assert unscored[0] == unscored[1]


@pytest.mark.parametrize("name", DISTINCT)
def test_statistics_are_plain_numbers(name, rows, options):
    for vector in METRICS[name].statistics(rows, **options(name)):
        assert vector is None or all(type(number) in (int, float) for number in vector)


@pytest.mark.parametrize("name", DISTINCT)
def test_an_unknown_option_is_refused(name, options):
    with pytest.raises(ValueError, match="unknown option 'glosary'; known: ") as error:
        check_options(METRICS[name], options(name) | {"glosary": "x"})
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("name", DISTINCT)
def test_a_missing_option_is_named(name, options):
    for missing in options(name):
        rest = {key: value for key, value in options(name).items() if key != missing}
        with pytest.raises(ValueError, match=f"option '{missing}' is missing"):
            score(METRICS[name], [], rest)


@pytest.mark.parametrize("name", [name for name in METRICS if METRICS[name].parts])
def test_parts_of_a_score_add_up_to_it(name, rows, options):
    vectors = METRICS[name].statistics(rows, **options(name))
    sums = np.sum([vector for vector in vectors if vector], axis=0)
    parts = METRICS[name].parts(rows, **options(name))
    assert np.sum(list(parts.values()), axis=0).tolist() == sums.tolist()
    assert all(0 <= achieved <= possible for achieved, possible in parts.values())

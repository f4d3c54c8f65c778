"""Plain tables: how the arms' data differ, and what a judge was asked and cost."""

import pytest

from stages import paths, records
from stages.reporting import plain_tables, tables
from stages.reporting.render import cell
from stages.reporting.tables import RIVALS
from tests.reporting.pages import Page, plain, section, table
from tests.reporting.study import HACK

ROWS = "there are 300 training rows in toy-a, toy-b; there are 345 training rows in toy-gone"
CARD = {
    "model": HACK,
    "base_url": "http://localhost:8000/v1",
    "rows": 40,
    "questions": 124,
    "calls": 100,
    "cache_hits": 24,
    "retries": 3,
    "failed": 1,
    "tokens_in": 45678,
    "tokens_out": 1234,
    "usd": 0.01234,
    "usd_this_run": None,
}


def test_differences_of_the_data_are_listed_as_rivals(study):
    study.audit(differences=[ROWS, f"the loss falls on {HACK}"])
    written, html = study.report()
    said = section(written, "Loss mask and preflight").split(RIVALS)[1].strip().splitlines()
    rows = "there are 300 training rows in “A”, “B”; there are 345 training rows in toy-gone"
    assert said == [f"- {rows}", f"- {cell(f'the loss falls on {HACK}')}"]
    assert f"<li>{rows}</li>" in html and f"the loss falls on {HACK}" in plain(Page(html).text)
    assert f"<p>{RIVALS}</p>".replace("'", "&#39;") in html


@pytest.mark.parametrize("more", [{}, {"differences": []}])
def test_data_that_do_not_differ_have_no_rivals(study, more):
    study.audit(**more)
    written, html = study.report()
    assert "rival" not in written + html


@pytest.mark.parametrize(
    ("note", "expected"),
    [
        ("10 rows in toy-a, toy-ab; 2 in toy-b", "10 rows in “A”, toy-ab; 2 in “B”"),
        ("from 1.5 (toy-a) to 2.5 (toy-b), non-toy-a", "from 1.5 (“A”) to 2.5 (“B”), non-toy-a"),
        ("all rows", "all rows"),
    ],
)
def test_arms_are_called_by_their_titles(note, expected):
    arms = {"toy-a": {"title": "A"}, "toy-b": {"title": "B"}, "all": {"title": "no"}}
    assert plain_tables.titled(note, arms) == expected


def test_judge_has_a_table_of_the_arms_that_it_judged(study):
    for judged in ("toy-b", "toy-floors"):
        records.write_json(paths.kept("toy", judged, "judge.json"), CARD)
    quality = records.read_json(paths.quality("toy", "toy-b"))
    quality["judge_coverage"] = {**quality["chrf"], "value": 0.975}
    records.write_json(paths.quality("toy", "toy-b"), quality)
    written, html = study.report()
    head, *rows = table(written, "Judge")
    assert head == ["", "B", "floors"]
    assert [row[1] for row in rows] == [
        cell(HACK), "40", "0.975", "124", "1", "100", "24", "3", "45,678", "1,234", "0.0123", "–",
    ]  # fmt: skip
    assert [row[2] for row in rows][1:4] == ["40", "–", "124"]
    assert HACK in plain(Page(html).text) and "<img" not in html


def test_scores_of_a_judge_that_was_switched_off_are_not_shown(study):
    records.write_json(paths.kept("toy", "toy-b", "judge.json"), CARD)
    assert "## Judge" not in study.report()[0]


@pytest.mark.parametrize(
    ("run", "expected"),
    [
        ({}, "–"),
        ({"trainable_parameters": 4884480}, "–"),
        ({"trainable_parameters": 245760, "total_parameters": 229692928}, "0.11 %"),
    ],
)
def test_trainable_parameters_have_their_share(run, expected):
    assert tables.share(run) == expected


def test_run_is_measured_once_and_by_its_own_table(study):
    run = {"trainable_parameters": 10, "total_parameters": 1000, "seconds": 12.5}
    path = paths.training("toy", "toy-a")
    records.write_json(path, records.read_json(path) | run)
    written, _ = study.report()
    rows = {label: cells for label, *cells in table(written, "Training")}
    assert rows["trainable parameters"] == ["–", "10", "–"]
    assert rows["share of all parameters"] == ["–", "1 %", "–"]
    assert rows["status"] == ["not trained", "finished", "finished"]
    assert rows["training time, s"][1] == "12" and "parameters" not in section(written, "Settings")


def test_study_without_a_judge_has_no_such_section(study):
    written, html = study.report()
    assert "## Judge" not in written and "<h2>Judge</h2>" not in html

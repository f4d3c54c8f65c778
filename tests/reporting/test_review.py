"""The review sheet: which rows it picks, and that a spreadsheet reads it as text."""

import csv
import io
import re

import pytest

from stages import paths, records
from stages.reporting.review import COLUMNS, review, sheet
from tests.reporting.study import HOSTILE, Study

BASE = [f"one answer {n}" for n in range(40)]


@pytest.fixture
def picked(tmp_path, monkeypatch):
    """Gives a function that reviews arm `a` by its scores, its base's and both their texts."""
    monkeypatch.chdir(tmp_path)

    def pick(ours, theirs, texts=None, metric="exact_match"):
        texts = texts or [f"{text}, changed" for text in BASE[: len(ours)]]
        write("a", metric, ours, texts)
        write("s0", metric, theirs, BASE[: len(ours)])
        examples = [
            {"id": f"r{n:02}", "input": f"in {n}", "target": f"out {n}"} for n in range(len(ours))
        ]
        return review("toy", metric, "a", "s0", examples)

    return pick


def write(arm, metric, scores, texts):
    vectors = [[score, 1] if isinstance(score, float) else score for score in scores]
    rows = [{"id": f"r{n:02}", "group": "g", metric: vector} for n, vector in enumerate(vectors)]
    records.write(paths.row_statistics("toy", arm), rows)
    answers = [{"id": f"r{n:02}", "text": text} for n, text in enumerate(texts)]
    records.write(paths.kept("toy", arm, "dev.jsonl"), answers)


def ids(rows, kind):
    return [int(row["id"][1:]) for row in rows if row["kind"] == kind]


def test_strongest_wins_and_losses_come_first_and_no_row_comes_twice(picked):
    rows = picked([n / 40 for n in range(40)], [0.51] * 40)
    assert ids(rows, "win") == list(range(39, 29, -1))
    assert ids(rows, "loss") == list(range(10))
    assert [row["change"] for row in rows[:2]] == [0.465, 0.44]
    # These moved by less than a tenth of the strongest move.
    assert sorted(ids(rows, "change")) == [19, 20, 21, 22]
    assert len({row["id"] for row in rows}) == len(rows) == 24


def test_thirty_rows_at_most(picked):
    ours = [1.0] * 13 + [0.5] * 14 + [0.0] * 13
    rows = picked(ours, [0.5] * 40)
    assert [len(ids(rows, kind)) for kind in ("win", "loss", "change")] == [10, 10, 10]


def test_equals_are_taken_from_all_over_the_ids(picked):
    rows = picked([1.0] * 20 + [0.0] * 20, [0.5] * 40)
    wins, losses = ids(rows, "win"), ids(rows, "loss")
    for found, first in ((wins, 0), (losses, 20)):
        assert len(set(found)) == 10 and set(found) <= set(range(first, first + 20))
        assert min(found) < first + 8 and max(found) > first + 12
    assert rows == picked([1.0] * 20 + [0.0] * 20, [0.5] * 40)


def test_changes_are_what_reads_most_differently_while_the_score_stays(picked):
    ours, theirs = [1.0, 0.2, 0.5, 0.5, 0.5, 0.52], [0.0, 0.0, 0.5, 0.5, 0.5, 0.5]
    texts = ["x", "y", BASE[2] + "!", "もう全く別の文", BASE[4], BASE[5] + " and some more"]
    rows = picked(ours, theirs, texts)
    # Row 1 moved by a fifth of the strongest move, row 4 answers the same.
    assert ids(rows, "win") == [0, 1, 5]
    assert ids(rows, "change") == [3, 2]


def test_lower_is_better_turns_the_sign(picked):
    rows = picked([0.0, 1.0], [1.0, 0.0], metric="hit_limit_rate")
    assert [(row["kind"], row["change"], row["id"]) for row in rows] == [
        ("win", 1.0, "r00"),
        ("loss", -1.0, "r01"),
    ]


def test_metric_without_a_better_side_rises_and_falls(picked):
    rows = picked([0.0, 1.0], [1.0, 0.0], metric="length_ratio")
    assert [(row["kind"], row["id"]) for row in rows] == [("rise", "r01"), ("fall", "r00")]


def test_unscored_and_undefined_rows_are_left_out(picked):
    rows = picked([None, 1.0, 1.0, [0, 0], 1.0], [0.0, None, [0, 0], 0.0, 0.0])
    assert [row["id"] for row in rows] == ["r04"]
    assert picked([None], [None]) == []


def test_row_has_both_answers_beside_input_and_reference(picked):
    (row,) = picked([1.0], [0.0], ["mine"])
    assert row == {"kind": "win", "change": 1.0, "id": "r00", "input": "in 0",
                   "reference": "out 0", "base": "one answer 0", "arm": "mine"}  # fmt: skip


TEXTS = [*HOSTILE, "a\rb", "a\r\nb", ' "quoted", and; more', "tab\tin", "-", "=", " =1", "終\u3000"]
FORMULAS = [
    '=HYPERLINK("http://x.test","y")',
    "+1+1",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1+1",
    "－1",
]


def table(texts):
    """The sheet of rows that hold a text in every place that a text can be in, read again."""
    fields = ("id", "input", "reference", "base", "arm")
    rows = [{"kind": "loss", "change": -0.5} | dict.fromkeys(fields, text) for text in texts]
    # As a file is read: line ends inside a cell are left as they are.
    return list(csv.DictReader(io.StringIO(sheet(rows), newline="")))


def test_sheet_is_read_as_it_was_written():
    texts = [text for text in TEXTS if text[:1] not in ("=", "-")]
    read = table(texts)
    assert [row["arm"] for row in read] == [row["input"] for row in read] == texts
    assert {tuple(row) for row in read} == {COLUMNS}
    assert {row["change"] for row in read} == {"-0.5"}
    assert {(row["judgement"], row["note"]) for row in read} == {("", "")}


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_is_a_formula(text):
    (row,) = table([text])
    assert {row[name] for name in ("input", "reference", "base", "arm")} == {f"'{text}"}


def test_sheet_without_rows_is_its_header():
    assert sheet([]) == ",".join(f'"{name}"' for name in COLUMNS) + "\n"


def test_reports_sheet_holds_what_its_page_shows(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    study = Study([*HOSTILE, *FORMULAS, "long " * 300])
    written, html = study.report()
    with open(paths.report("toy-review", "csv"), encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert 10 <= len(rows) <= 30 and len({row["id"] for row in rows}) == len(rows)
    for row in rows:
        for cell in row.values():
            assert not re.match("[=+@\t\r\n]", cell) and not re.match("-(?!\\d)", cell)
    assert max(len(row["input"]) for row in rows) > 1000 > len(max(written.splitlines(), key=len))
    wins = [row for row in rows if row["kind"] == "win"]
    assert wins == sorted(wins, key=lambda row: -float(row["change"]))
    for row in wins:
        assert f'data-sort="{row["change"]}">+{float(row["change"]):.2f}</td>' in html
    assert '<a href="toy-review.csv">toy-review.csv</a>' in html
    assert "[toy-review.csv](toy-review.csv)" in written

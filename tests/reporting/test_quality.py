"""Verdict tables and statistics: every figure has its n, its interval and its signature."""

import copy

import pytest

from stages import paths, records
from stages.reporting import data, quality
from stages.reporting.tables import digits, number, p_value
from tests.reporting.pages import section, table
from tests.reporting.study import Study

TEXTS = [f"line {n} of a text with {n * n} words in it" for n in range(20)]


@pytest.fixture
def study(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return Study(TEXTS)


def scores(arm):
    return records.read_json(paths.quality("toy", arm))


@pytest.mark.parametrize("heading", ["Verdicts on dev", "Test split"])
def test_every_figure_has_n_and_a_signature_in_the_report(study, heading):
    written, html = study.report()
    head, *rows = table(written, heading)
    arms = ["S0, untouched", "A", "B"][: 3 if heading == "Verdicts on dev" else 2]
    assert head == ["metric", "n", *arms]
    known = {metric["label"]: metric for metric in scores("toy-a").values()}
    assert len(rows) == len(known) == 4
    for label, n, *cells in rows:
        metric = known[label.removesuffix(" ↑").removesuffix(" ↓")]
        assert n == "20" and len(cells) == len(arms)
        assert f"`{metric['signature']}`" in section(written, "Provenance")
        assert html.count(f"<code>{metric['signature']}</code>") == 1
        assert f'title="{metric["signature"]}"' in html


def test_arrows_point_to_the_better_side(study):
    written, html = study.report()
    labels = [row[0] for row in table(written, "Verdicts on dev")[1:]]
    assert labels == ["chrF ↑", "exact match ↑", "length ratio", "hit length limit ↓"]
    for label in labels:
        assert f">{label.replace(' ↑', '&nbsp;↑').replace(' ↓', '&nbsp;↓')}</th>" in html


def test_figures_are_those_that_were_compared(study):
    written, _ = study.report()
    rows = table(written, "Verdicts on dev")
    found = study.compared["arms"]["toy-a"]["metrics"]["chrf"]
    (chrf,) = [row for row in rows if row[0] == "chrF ↑"]
    assert chrf[2] == f"{found['against_value']:.2f}"
    low, high = (f"{found[side]:+.2f}".replace("-", "−") for side in ("low", "high"))
    assert chrf[3] == f"{found['value']:.2f} (+{found['delta']:.2f} [{low}, {high}]) **helped**"


def test_metric_without_a_better_side_is_changed_at_most(study):
    written, html = study.report()
    (line,) = [row for row in table(written, "Verdicts on dev") if row[0] == "length ratio"]
    assert line[3].endswith(") changed") and "helped" not in "".join(line)
    assert '<span class="changed">changed</span>' in html


def test_worse_is_hurt_also_where_lower_is_better(study):
    study.answer("toy-b", TEXTS, cut=range(20))
    study.run()
    written, html = study.report()
    (line,) = [row for row in table(written, "Verdicts on dev") if row[0] == "hit length limit ↓"]
    assert line[4].startswith("1.000 (+0.950 [") and line[4].endswith(") **hurt**")
    assert '<span class="hurt">hurt</span>' in html


def test_missing_interval_is_said_to_be_missing(study):
    written, html = study.report()
    (line,) = [row for row in table(written, "Verdicts on dev") if row[0] == "exact match ↑"]
    assert line[3] == "0.000 (+0.000 [no interval]) no difference shown"
    assert '+0.000</span> <span class="delta interval">[no interval]' in html
    assert "0.000, +0.000]" not in written + html


def test_statistics_have_a_line_for_each_arm_and_metric(study):
    written, html = study.report()
    head, *rows = table(written, "Statistics")
    lines = {(row[0], row[2]): dict(zip(head, row, strict=True)) for row in rows}
    assert len(rows) == len(lines) == (2 + 3) * 4
    assert list(dict.fromkeys(row[0] for row in rows)) == ["A", "B", "empty", "constant", "nearest"]
    found = study.compared["arms"]["toy-a"]["metrics"]["chrf"]
    line = lines["A", "chrF"]
    assert (line["against"], line["verdict"]) == ("S0, untouched", "helped")
    assert (line["n"], line["groups"]) == ("20", "20")
    assert found["p"] < 0.001 and line["p"] == line["adjusted p"] == "< 0.001"
    assert line["smallest effect that could show"] == f"{found['detectable']:.2f}"
    tie = lines["A", "exact match"]
    assert (
        tie["verdict"] == "no difference shown (all rows tie: no spread to draw an interval from)"
    )
    assert (tie["95 % interval"], tie["p"]) == ("[no interval]", "1.000")
    floor, beside = lines["nearest", "chrF"], study.compared["floors"]["metrics"]["nearest"]["chrf"]
    assert (floor["against"], floor["verdict"]) == ("S0, untouched", beside["verdict"])
    assert floor["difference"] == f"{beside['delta']:+.2f}".replace("-", "−")
    assert floor["adjusted p"] == p_value(beside["p_adjusted"])
    assert "Paired bootstrap over groups of near-duplicate rows (10,000 draws)" in written
    assert f'data-sort="{found["p"]}">&lt; 0.001<' in html
    assert f'data-sort="{found["low"]}">[' in html


def test_arm_that_names_another_to_be_compared_with(study):
    study.declared["arms"]["toy-b"]["compare_to"] = "toy-a"
    study.run()
    written, _ = study.report()
    _, *rows = table(written, "Statistics")
    floors = dict.fromkeys(["empty", "constant", "nearest"], "S0, untouched")
    assert {row[0]: row[1] for row in rows} == {"A": "S0, untouched", "B": "A", **floors}


def test_fewer_rows_in_a_comparison_are_said(study):
    gathered = data.gather(study.plan)
    found = copy.deepcopy(study.compared["arms"])
    found["toy-a"]["metrics"]["chrf"]["n"] = 17
    every = {arm: scores(arm) for arm in gathered["arms"]}
    row = quality.metric_row("chrf", every, found, study.compared["floors"]["arms"])
    assert row["n"] == 20 and row["values"]["toy-a"]["comparison"]["n"] == 17
    compared = study.compared
    compared["arms"] = found
    records.write_json(paths.comparisons("toy"), compared)
    written, html = study.report()
    assert ", n = 17) **helped**" in written
    assert '<span class="delta">n = 17</span>' in html


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ((20, 0, None), (20, 0, None), []),
        ((15, 5, None), (15, 5, None), ["X: 5 of 20 rows unscored"]),
        ((20, 0, None), (15, 5, None), ["X, B: 5 of 20 rows unscored"]),
        ((15, 5, None), (16, 4, None),
         ["X, A: 5 of 20 rows unscored", "X, B: 4 of 20 rows unscored"]),
        ((0, 20, "none"), (0, 20, "none"), ["X: none"]),
        ((20, 0, None), (20, 0, "nothing to divide by"), ["X, B: nothing to divide by"]),
    ],
)  # fmt: skip
def test_unscored_rows_are_counted_once_or_for_each_arm(a, b, expected):
    every = {
        arm: {"x": {"label": "X", "n": n, "unscored": unscored, "reason": reason}}
        for arm, (n, unscored, reason) in {"toy-a": a, "toy-b": b}.items()
    }
    arms = {"toy-a": {"title": "A"}, "toy-b": {"title": "B"}}
    assert quality.unscored(every, arms) == expected


def test_failures_say_none_where_there_are_none(study):
    del study.study["promote"]
    study.run()
    written, html = study.report()
    said = "None: every row was answered and scored by every metric."
    assert section(written, "Failures and unscored rows").strip() == said
    assert f"<p>{said}</p>" in html


def test_arm_that_was_passed_over_is_among_the_failures(study):
    written, html = study.report()
    said = "Not promoted: toy-b: chrf: hurt, the rule asks for helped"
    assert f"- {said}" in section(written, "Failures and unscored rows")
    assert f"<li>{said}</li>" in html


@pytest.mark.parametrize(
    ("unit", "value", "expected"),
    [
        ("points 0-100", 12.345, "12.35"),
        ("share 0-1", 0.12345, "0.123"),
        ("ratio", 1.5, "1.500"),
        ("tokens", 1234.56, "1,234.6"),
        ("tokens", -0.25, "−0.2"),
        ("nats per token", 0.00049, "0.000"),
        ("nats per token", 1.23456, "1.235"),
        ("score 1-5", 3.14159, "3.14"),
    ],
)
def test_digits_go_by_the_unit(unit, value, expected):
    assert number(value, digits(unit)) == expected

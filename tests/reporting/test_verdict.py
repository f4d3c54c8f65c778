"""The sentence that a report opens with, and the warnings below it, in every way a study ends."""

import re
from pathlib import Path

import pytest

from stages import paths, records
from stages.reporting import verdict
from stages.reporting.render import cell
from stages.reporting.tables import number
from tests.reporting.pages import MARKDOWN, OURS, Page, plain, section, shown, table
from tests.reporting.study import Study

TEXTS = [f"line {n} of a text with {n * n} words in it" for n in range(20)]
WORSE = [f"nothing {n}" for n in range(20)]
CLOSED = "Nothing was promoted, so the test split stays closed."
DOES = {
    "constant": "giving one training answer every time",
    "nearest": "looking up the nearest training row",
}


@pytest.fixture
def study(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return Study(TEXTS)


def opening(study):
    """The report's first words, the same on both pages; nothing undefined stands on either."""
    written, html = study.report()
    page = Page(html.split("<script>")[0])
    assert set(page.tags) <= OURS and set(shown(written).tags) <= MARKDOWN
    for text in (plain(page.text), written):
        assert not re.search(r"\b(nan|inf|null|None(?!:)|Undefined)\b", text)
    (found,) = re.findall('<p class="verdict"><strong>(.*?)</strong>', html)
    said = Page(found).text
    assert written.splitlines()[2] == f"**{cell(said)}**"
    return said


def signed(value, places):
    return f"{value:+.{places}f}".replace("-", "−")


def figures(found, label, split, places=2):
    bounds = (
        "[no interval]"
        if found["low"] is None
        else f"[{signed(found['low'], places)}, {signed(found['high'], places)}]"
    )
    return (
        f"{label} {found['against_value']:.{places}f} → {found['value']:.{places}f}, "
        f"{signed(found['delta'], places)} {bounds}, n = {found['n']} {split} rows"
    )


def of(study, arm="toy-a", metric="chrf"):
    return study.compared["arms"][arm]["metrics"][metric]


def floored(standing, places=2, helped=True):
    """What the sentence says of an arm beside the floors."""
    floor = standing["best"]
    value = f"{standing['beside'][floor]['against_value']:.{places}f}"
    skill = standing["skill"]
    value, low, high = value.replace("-", "−"), *(number(skill[s], 2) for s in ("low", "high"))
    bounds = "" if skill["low"] is None else f" [{low}, {high}]"
    at = f"{DOES[floor]} ({value}; skill {number(skill['value'], 2)}{bounds})"
    if not standing["unbeaten"]:
        return f"{'and' if helped else 'yet'} is better than every floor, the best being {at}"
    but = "but" if helped else "and"
    if floor in standing["ahead"]:
        return f"{but} is worse than {at}: don't ship it"
    return f"{but} is not shown to be better than {at}"


def beside(study, arm="toy-a", metric="chrf"):
    return study.compared["floors"]["arms"][arm][metric]


def alone(study):
    """Leave A and its base alone in the study: no other arm leads."""
    del study.declared["arms"]["toy-b"]
    records.write_json(paths.audit("toy"), {"arms": {}})


def test_promoted_arm_has_both_its_figures(study):
    first = records.read_json(paths.test_quality("toy"))
    study.answer("toy-a", [text[:9] for text in TEXTS], split="test")
    study.run()
    other = records.read_json(paths.test_quality("toy"))
    assert first["metrics"]["chrf"]["value"] != other["metrics"]["chrf"]["value"]
    dev = f"{figures(of(study), 'chrF', 'dev')}, {floored(beside(study))}"
    test = figures(other["metrics"]["chrf"], "chrF", "test")
    test += f", {floored(other['floors']['standing']['chrf'])}"
    assert opening(study) == f"“A” helped: {dev}. On test it helped: {test}."


def test_study_without_a_rule_names_its_best_arm(study):
    del study.study["promote"]
    study.answer("toy-b", [f"訳 {text}" for text in TEXTS])
    study.run()
    dev = f"{figures(of(study, 'toy-b'), 'chrF', 'dev')}, {floored(beside(study, 'toy-b'))}"
    assert opening(study) == f"“B” helped: {dev}. {CLOSED}"


def test_best_is_the_lowest_where_lower_is_better(study):
    study.study["promote"] = {"metric": "hit_limit_rate", "waive_floors": "Silence has no limit."}
    study.answer("toy-s0", TEXTS, cut=range(20))
    study.answer("toy-a", TEXTS, cut=range(12))
    study.answer("toy-b", TEXTS, cut=range(4))
    study.run()
    dev = figures(of(study, "toy-b", "hit_limit_rate"), "hit length limit", "dev", 3)
    dev += ", but is not shown to be better than saying nothing (0.000)"
    assert opening(study).startswith(f"“B” helped: {dev}. On test it helped: hit length limit")
    assert "−0.800" in dev


def test_hurt(study):
    alone(study)
    study.declared["study"]["toy"]["hypotheses"] = {}
    study.declared["study"]["toy"]["decisions"] = []
    study.answer("toy-s0", TEXTS)
    study.answer("toy-a", WORSE)
    study.run()
    dev = f"{figures(of(study), 'chrF', 'dev')}, {floored(beside(study), helped=False)}"
    assert opening(study) == f"“A” hurt: {dev}. {CLOSED}"
    assert "and is worse than looking up" in dev


def test_changed_where_neither_side_is_better(study):
    study.study["metrics"] = {"length_ratio": {}, "chrf": {}}
    del study.study["promote"]
    study.study["hypotheses"], study.study["decisions"] = {}, []
    study.run()
    dev = figures(of(study, metric="length_ratio"), "length ratio", "dev", 3)
    assert opening(study) == f"“A” changed: {dev}. {CLOSED}"


def test_no_difference_comes_with_what_could_have_shown(study):
    study.answer("toy-s0", TEXTS)
    study.answer("toy-a", [*TEXTS[:16], *WORSE[16:18], "訳 " + TEXTS[18], "訳 " + TEXTS[19]])
    study.run()
    found = of(study)
    assert found["verdict"] == "no difference shown" and found["detectable"] > 0
    assert opening(study) == (
        f"“A” shows no difference in {figures(found, 'chrF:', 'dev')}, "
        f"which could have shown {found['detectable']:.2f} or more, "
        f"{floored(beside(study), helped=False)}. {CLOSED}"
    )


def test_all_rows_tie(study):
    for arm in ("toy-s0", "toy-a", "toy-b"):
        study.answer(arm, TEXTS)
    study.run()
    said = opening(study)
    assert "shows no difference in chrF" in said and "+0.00 [no interval], n = 20" in said
    assert "(all rows tie: no spread to draw an interval from)" in said and CLOSED in said


def test_the_same_gain_in_every_row_has_no_interval_and_still_helped(study):
    study.study["promote"] = {"metric": "exact_match"}
    study.answer("toy-a", [f"訳 {text}" for text in TEXTS])
    study.run()
    found = of(study, metric="exact_match")
    assert found["low"] is None and found["verdict"] == "helped"
    said = opening(study)
    assert said.startswith("“A” helped: exact match 0.000 → 1.000, +1.000 [no interval], n = 20")
    assert "[+0.000, +0.000]" not in "".join(study.report())


@pytest.mark.parametrize("rows", [1, 3])
def test_too_few_rows_to_show_anything(tmp_path, monkeypatch, rows):
    monkeypatch.chdir(tmp_path)
    study = Study(TEXTS[:rows])
    found = of(study)
    assert found["verdict"] == "no difference shown" and found["detectable"] is None
    said = opening(study)
    said_of_floors = floored(beside(study), helped=False)
    assert f"n = {rows} dev rows ({found['reason']}), {said_of_floors}. {CLOSED}" in said
    assert "shows no difference in chrF" in said and "and is not shown" in said_of_floors


def test_score_that_is_undefined(study):
    Path("terms.tsv").write_text("term\taccepted\nserver\tサーバー\n", encoding="utf-8")
    study.study["metrics"] = {"chrf": {}, "terminology": {"glossary": "terms.tsv"}}
    study.study["promote"] = {"metric": "terminology"}
    study.study["hypotheses"], study.study["decisions"] = {}, []
    study.run()
    assert opening(study) == (
        f"“A” cannot be judged by terminology: no row is scored for both. {CLOSED}"
    )
    written, html = study.report()
    assert "- terminology: none of the 20 rows can be scored by this metric" in written
    for heading, cells in (("Verdicts on dev", ["–"] * 3), ("Floors", ["–"] * 4)):
        line = next(row for row in table(written, heading) if row[0] == "terminology ↑")
        assert line[1:] == ["0", *cells]
    assert 'title="none of the 20 rows can be scored by this metric">–' in html


def test_nothing_to_compare_with(study):
    study.forget("toy-s0")
    study.run()
    assert opening(study) == "Nothing could be compared with a base, so there is no verdict."
    written, _ = study.report()
    assert "> **A (toy-a) is not compared: no results of toy-s0**" in written
    assert "## Review sheet" not in written
    assert paths.report("toy-review", "csv").read_text().count("\n") == 1


def test_study_of_untouched_bases_alone(study):
    for name in ("toy-a", "toy-b"):
        del study.declared["arms"][name]
    study.study["hypotheses"], study.study["decisions"] = {}, []
    records.write_json(paths.audit("toy"), {"arms": {}})
    study.run()
    assert opening(study) == "Nothing could be compared with a base, so there is no verdict."


def test_arm_without_results_is_named_above_the_tables(study):
    study.forget("toy-b")
    study.run()
    assert opening(study).startswith("“A” helped")
    written, html = study.report()
    said = "B (toy-b) has no results"
    assert f"> **{said}**" in written.split("\n## ")[0]
    assert f'<p class="warning"><strong>{said}</strong></p>' in html.split("<section")[0]


@pytest.mark.parametrize(("expect", "fails"), [(0.0, True), (None, False)])
def test_control_that_fails_is_named_above_the_tables(study, expect, fails):
    control = {"kind": "control", "claim": "The base | is itself.", "arm": "toy-s0",
               "metric": "chrf", "expect": of(study)["against_value"]}  # fmt: skip
    control |= {} if expect is None else {"expect": expect}
    study.study["hypotheses"]["a_a"] = control
    study.run()
    said = opening(study)
    written, html = study.report()
    warned = "The A/A control a_a does not hold"
    above = written.split("\n## ")[0]
    assert (f"> **{cell(warned)}" in above) == fails
    assert (f'<p class="warning"><strong>{warned}' in html.split("<section")[0]) == fails
    assert (CLOSED in said) == fails
    assert ("- the A/A control a\\_a does not hold: the measuring is off" in written) == fails


def test_hypotheses_and_decision_stand_with_their_evidence(study):
    written, _ = study.report()
    found = of(study)
    lines = [line for line in section(written, "Hypotheses").splitlines() if line[:3] == "| A"]
    bounds = f"\\[{signed(found['low'], 2)}, {signed(found['high'], 2)}\\]"
    assert lines[0] == (
        f"| A is better than its base. (a\\_is\\_better) | **confirmed** | value "
        f"{found['value']:.2f}; against {found['against_value']:.2f}; difference "
        f"{signed(found['delta'], 2)}; n 20; 95 % interval {bounds} | < 0.001 |"
    )
    assert "place 1 of 3 |" in lines[1]
    assert lines[2].endswith("| a\\_is\\_better is confirmed; a\\_is\\_exact is rejected | – |")
    decided = section(written, "Decision").strip().splitlines()
    assert decided[0] == "**Train A for longer.**"
    assert decided[-2].startswith("1. not met: both is rejected (asked: confirmed) → Take A.")
    assert decided[-1].startswith("2. met: a\\_is\\_better is confirmed")


def test_no_scenario(study):
    study.study["decisions"] = [{"when": {"both": "confirmed"}, "scenario": "Take A."}]
    study.run()
    written, html = study.report()
    assert "**No scenario's conditions hold.**" in written
    assert "No scenario&#39;s conditions hold." in html


def test_study_without_hypotheses_and_decisions_has_no_such_sections(study):
    study.study["hypotheses"], study.study["decisions"] = {}, []
    study.run()
    written, html = study.report()
    for heading in ("Hypotheses", "Decision"):
        assert f"## {heading}" not in written and f"<h2>{heading}</h2>" not in html


@pytest.mark.parametrize(
    ("numbers", "reason", "expected"),
    [
        ({"value": 0.1496, "threshold": 0.05, "low": 0.08, "high": 0.2, "n": 40}, None,
         "value 0.150; threshold 0.05; n 40; 95 % interval [0.080, 0.200]"),
        ({"value": 0.0, "threshold": 0.05, "low": 0.0, "high": 0.0, "n": 40}, None,
         "value 0.000; threshold 0.05; n 40; no interval: all rows give the same"),
        ({"value": 80, "threshold": 12.0}, "a record", "value 80; threshold 12; a record"),
        ({"value": 0.00012, "threshold": 1e-4}, None, "value 0.00012; threshold 0.0001"),
        ({"value": 12.5, "against_value": 12.9, "delta": -0.4, "low": None, "high": None, "n": 3},
         "no spread", "value 12.50; against 12.90; difference −0.40; n 3; no spread"),
        ({"r": -0.95, "low": -0.99, "high": -0.2, "arms": 5}, None,
         "r −0.950; arms 5; 95 % interval [−0.990, −0.200]"),
        ({"value": 12.5, "place": 2, "of": 3, "place_low": 1, "place_high": 3}, None,
         "value 12.50; place 2 of 3; places 1 to 3 are possible"),
        ({"value": 12.5, "place": 1, "of": 3, "place_low": 1, "place_high": 1}, None,
         "value 12.50; place 1 of 3"),
        ({"value": 0.5, "expected": 0.5, "within": 0.01}, None,
         "value 0.500; expected 0.5; give or take 0.01"),
        ({}, "no rows to compare", "no rows to compare"),
    ],
)  # fmt: skip
def test_evidence(numbers, reason, expected):
    known = {"kind": "any", "numbers": {**numbers, "p": 0.5}, "reason": reason}
    assert plain(verdict.evidence(known)) == expected

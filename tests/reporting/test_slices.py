"""The table by slices: its figures are those that were compared, and what they could show."""

import pytest

from stages import paths, records
from stages.reporting import data, slices
from stages.reporting.render import cell
from tests.reporting.pages import MARKDOWN, OURS, Page, plain, shown, table
from tests.reporting.study import HACK, LETTERS


def comparison(**own):
    known = {"value": 2.0, "against_value": 1.0, "delta": 1.0, "low": 0.5, "high": 1.5, "n": 7,
             "p": 0.01, "detectable": 0.25, "verdict": "helped", "reason": None}  # fmt: skip
    return {**known, **own}


def test_each_slice_has_its_figures(wide_study):
    written, html = wide_study.report()
    head, *rows = table(written, "By category")
    assert head[:4] == ["category", "n", "could show", "S0, untouched"] and len(head) == 12
    assert [row[:2] for row in rows] == [[cell(HACK), "20"], ["poems", "20"]]
    found = wide_study.compared["slices"]["arms"]["poems"]
    effects = [compared["detectable"] for compared in found.values()]
    assert rows[1][2] == f"{min(effects):.2f} to {max(effects):.2f}"
    for place, letter in enumerate(LETTERS, start=4):
        compared = found[f"toy-{letter}"]
        assert rows[1][3] == f"{compared['against_value']:.2f}"
        bounds = f"[{compared['low']:+.2f}, {compared['high']:+.2f}]"
        figures = f"{compared['value']:.2f} ({compared['delta']:+.2f} {bounds})"
        said = compared["verdict"]
        said = f"**{said}**" if said in ("helped", "hurt") else said
        assert rows[1][place] == f"{figures} {said}".replace("-", "−")
        assert f'<td class="interval">{bounds.replace("-", "−")}</td>' in html


def test_caption_says_the_family_and_what_could_have_shown(wide_study):
    every = [
        compared["detectable"]
        for arms in wide_study.compared["slices"]["arms"].values()
        for compared in arms.values()
    ]
    said = f"Over all slices: {min(every):.2f} to {max(every):.2f}."
    for text in wide_study.report():
        words = " ".join(Page(text).text.split())
        assert "in all slices with rows enough to test, 16 of 16 comparisons" in words
        assert "Nothing to score" not in words
        assert said in text


def test_names_of_slices_and_arms_are_text(wide_study):
    written, html = wide_study.report()
    assert set(Page(html).tags) <= OURS and set(shown(written).tags) <= MARKDOWN
    assert not [value for _, name, value in Page(html).attributes if name.startswith("on")]
    # A slice's row, its arm's columns, and the samples of the slice
    assert plain(Page(html).text).count(HACK) >= 8 and plain(shown(written).text).count(HACK) >= 8
    assert '<section id="by-category">\n<h2>By category</h2>' in html


def test_arm_without_results_has_no_column(wide_study):
    wide_study.forget("toy-c")
    gathered = data.gather(wide_study.plan)
    assert "toy-c" not in gathered["slices"]["rows"][0]["values"]
    assert len(gathered["slices"]["rows"][0]["values"]) == 8


@pytest.mark.parametrize("absent", ["slices", "slice_by"])
def test_study_without_slices_has_no_such_section(wide_study, absent):
    plan = wide_study.plan
    if absent == "slices":
        compared = wide_study.compared
        del compared["slices"]
        records.write_json(paths.comparisons("toy"), compared)
    else:
        plan["slice_by"] = None
    assert data.gather(plan)["slices"] is None


def test_slice_that_no_metric_scores_has_dashes():
    within = {"toy-s0": [{"group": "g", "chrf": None}], "toy-a": [{"group": "g"}]}
    blank = comparison(detectable=None, reason="no row is scored for both")
    row = slices.row_of("poems", "chrf", within, {"toy-a": blank})
    assert (row["n"], row["could_show"]) == (0, "–")
    assert [entry["value"] for entry in row["values"].values()] == [None, None]
    assert row["values"]["toy-s0"]["reason"] == "no row of this slice can be scored"
    assert row["values"]["toy-s0"]["comparison"] is None


def test_slice_without_anything_to_correct_has_dashes_and_is_named():
    within = {
        arm: [{"group": "g", "edits_f05": [0, 1, 0, 0, 1]}] * 2 for arm in ("toy-s0", "toy-a")
    }
    blank = comparison(delta=None, p=None, detectable=None, reason="the score is undefined")
    row = slices.row_of("clean", "edits_f05", within, {"toy-a": blank})
    assert (row["n"], row["values"]["toy-a"]["value"]) == (2, None)
    assert row["values"]["toy-a"]["reason"] == "nothing to divide by in these 2 rows"
    found = {"clean": {"toy-a": blank}, "tense": {"toy-a": comparison(detectable=0.25)}}
    said = slices.caption("edits_f05", found)
    assert "1 of 2 comparisons" in said and "Nothing to score: clean. " in said


@pytest.mark.parametrize(
    ("effects", "expected"),
    [
        ([], "–"),
        ([None, None], "–"),
        ([0.25], "0.250"),
        ([0.5, 0.25, 0.3], "0.250 to 0.500"),
        ([0.25, 0.2501], "0.250"),
        ([0.5, None, 0.25], "0.250 to 0.500; 1 of 3 arms: none"),
    ],
)
def test_what_a_slice_could_have_shown(effects, expected):
    assert slices.could_show([comparison(detectable=effect) for effect in effects], 3) == expected


def test_caption_where_nothing_could_have_shown():
    found = {"poems": {"toy-a": comparison(detectable=None)}}
    said = slices.caption("chrf", found)
    assert said.endswith("No slice could have shown any difference, however large.")

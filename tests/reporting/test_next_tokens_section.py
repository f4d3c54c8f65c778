"""Next tokens in a report: bars, figures, seen beside unseen, and tokens that are hostile."""

import contextlib
import re

import numpy as np
import pytest

from stages import paths, records
from stages.metrics import METRICS
from stages.reporting import next_tokens, seen_unseen, unpaired
from tests.reporting import chromium
from tests.reporting.pages import MARKDOWN, OURS, Page, shown
from tests.reporting.study import DECLARED, HOSTILE, Study

TEXTS = [f"line {n} of a text with {n * n} words in it" for n in range(24)]
SCALARS = ("entropy", "code_share", "reference_p", "reference_rank")
RULE = {
    "times": 4.0,
    "least": 5,
    "tokens": 2,
    "train_rows": 9,
    "most_frequent": ["{", " <b>|"],
    "share_of_targets": 0.5,
    "share_of_inputs": 0.05,
    "share_of_first": 0.75,
}


def said(tokens):
    return {"tokens": [{"token": token, "p": 0.4 / (n + 1)} for n, token in enumerate(tokens)]}


def figures(base, tuned, kl):
    pairs = {f"{name}_{of}": v for name in SCALARS for of, v in (("base", base), ("tuned", tuned))}
    return {**pairs, "kl": kl, "overlap": 0.5}


ALONG = figures([0.25, 1.0, 0.5], [0.5, 0.75, 1.0], [10.14, 0.0, 1.0])


def row(key, seen, listed, shift=0.0):
    own = figures(0.25, 0.5 + shift, 1.5 + shift)
    first = {"reference": "<i>", "kl": 1.5}
    first |= {"base": said(HOSTILE[:10]), "tuned": said([*HOSTILE[10:], *" \n{;"])}
    example = {"id": key, "input": HOSTILE[0], "target": HOSTILE[1], "group": key}
    found = {"id": key, "seen": seen, "listed": listed, "example": example, "first": first}
    found["summary"] = {"first": own, "mean": own, "positions": 3}
    texts = {"base": HOSTILE[3], "tuned": HOSTILE[1] if seen else HOSTILE[2]}
    answers = {of: {"text": text, "hit_limit": of == "base"} for of, text in texts.items()}
    found["answers"] = {of: {**one, "tokens_out": 3} for of, one in answers.items()}
    return found | ({"along": ALONG} if listed else {})


def write(arm, count=8):
    rows = [row("p1", False, True)]
    rows += [row(f"s{n}", True, False, n / 100 + 0.2) for n in range(count)]
    rows += [row(f"u{n}", False, False, n / 100) for n in range(count)]
    records.write(paths.kept("toy", arm, "next_tokens.jsonl"), rows)
    card = {"rule": RULE, "read": 256}
    records.write_json(paths.kept("toy", arm, "next_tokens.json"), card)


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    with contextlib.chdir(tmp_path_factory.mktemp("next")):
        made = Study(TEXTS, DECLARED)
        without = made.report()
        write("toy-a")
        switched_off = made.report()
        asked = {"arms": ["toy-a"], "metrics": {"exact_match": {}, "chrf": {}}}
        plan = {**made.plan, "next_tokens": asked}
        records.write_json(paths.plan("report", "toy"), plan)
        yield without, switched_off, made.report()


def test_without_them_a_report_says_nothing_of_them(study):
    for pages in study[:2]:
        assert not [page for page in pages if "Next tokens" in page]


def test_both_have_ten_bars_on_one_scale(study):
    html = study[2][1]
    own = re.search(r'<section id="next-tokens-1">(.*?)</section>', html, re.S).group(1)
    widths = re.findall(r'<rect width="([\d.]+)%"', own)
    assert len(widths) == 20 and widths[0] == "100.00" == widths[10]
    assert float(widths[1]) == 50


def test_tokens_are_text_and_never_markup(study):
    markdown, html = study[2]
    page = Page(html)
    assert {*page.tags} <= OURS
    assert not [a for _, name, _ in page.attributes if (a := name).startswith("on")]
    assert {*shown(markdown).tags} <= MARKDOWN
    assert "<img␣src=x␣onerror=aler…" in page.text and "first⏎second␍⏎␍⏎#␣third…" in page.text
    assert "U+202Eright␣to␣leftU+20…" in page.text


def test_listed_prompt_has_a_chart_of_each_figure_along_its_answer(study):
    markdown, html = study[2]
    charts = re.findall(r'<figure class="chart along">(.*?)</figure>', html, re.S)
    assert [re.findall("<title>(.*?)</title>", chart) for chart in charts] == [
        ["p of the reference&#39;s token along the answer"],
        ["probability on code&#39;s tokens along the answer"],
        ["KL(base || tuned), nats along the answer"],
    ]
    assert all('<svg role="img"' in chart and "<desc>3 tokens. " in chart for chart in charts)
    drawn = [re.findall('<path class="(base|tuned|both)" d="M', chart) for chart in charts]
    assert drawn == [["base", "tuned"], ["base", "tuned"], ["both"]]
    assert "base: 0.583 on average, 0.250 to 1.000; tuned: 0.750" in charts[0]
    assert "along the answer</title>" not in markdown and "<svg" not in markdown


def test_prompts_of_an_older_version_have_no_charts():
    older = {key: value for key, value in row("p1", False, True).items() if key != "along"}
    assert next_tokens.prompt(older)["along"] == []
    assert len(next_tokens.prompt(row("p1", False, True))["along"]) == 3


def test_white_space_and_controls_are_signs():
    assert next_tokens.visible(" a\n\t\u200b") == "␣a⏎⇥U+200B"
    assert next_tokens.visible(" " * 60) == "␣" * 23 + "…"


def test_seen_and_unseen_are_side_by_side_with_the_difference(study):
    markdown, html = study[2]
    for page in (shown(markdown).text, Page(html).text):
        assert "The first token of the answer: 8 train rows (seen), 8 dev rows (unseen)" in page
        assert "2 tokens, most often { ␣<b>|" in page and "5 % of those of inputs" in page
    (cells,) = [
        line for line in markdown.splitlines() if line.startswith("| KL(base") and "1.7" in line
    ][:1]
    assert re.search(r"1\.7\d .*1\.5\d .*\+0\.20 ", cells.replace("\\", ""))


def test_answers_to_seen_and_unseen_rows_are_scored_apart(study):
    markdown, html = study[2]
    for page in (shown(markdown).text, Page(html).text):
        assert "Answers to 8 train rows (seen) and 8 dev rows (unseen), scored" in page
    by_figure = {
        label.strip(): cells
        for label, *cells in (row.strip("|").split("|") for row in markdown.splitlines())
        if label.strip().startswith("exact match: ")
    }
    scores = {label: [cell.split()[0] for cell in cells] for label, cells in by_figure.items()}
    # Tuned gives each seen row its reference and no unseen one; base neither
    assert scores == {
        "exact match: base": ["0.000", "0.000", "+0.000"],
        "exact match: tuned": ["1.000", "0.000", "+1.000"],
        "exact match: tuned − base": ["+1.000", "+0.000", "+1.000"],
    }


def test_answers_are_side_by_side_for_prompts_and_the_first_rows_of_either_side(study):
    markdown, html = study[2]
    for page in (shown(markdown).text, Page(html).text):
        assert re.findall(r"p1.{0,3}not seen in training", page)
        assert [f"s{n}" in page for n in range(4)] == [True, True, True, False]
        assert [f"u{n}" in page for n in range(4)] == [True, True, True, False]
        assert "base (cut at the limit)" in page and "tuned (cut" not in page


def test_rows_of_a_study_that_publishes_a_sample_are_not_shown(study):
    rows = [row("p1", False, True), row("s0", True, False)]
    assert [one["id"] for one in seen_unseen.samples(rows, "sample")] == ["p1"]
    assert [one["id"] for one in seen_unseen.samples(rows, "all")] == ["p1", "s0"]


def test_only_differences_have_signs():
    found = {"value": 0.5, "low": 0.25, "high": 0.75}
    assert seen_unseen.with_interval(found, 2) == "0.50 [0.25, 0.75]"
    assert seen_unseen.with_interval(found, 2, sign=True) == "+0.50 [+0.25, +0.75]"
    assert seen_unseen.with_interval(found | {"low": None}, 2) == "0.50 [no interval]"


def test_way_from_base_to_tuned_is_drawn_on_the_same_rows():
    rows = [row(f"s{n}", n % 2 == 0, False) for n in range(40)]
    found = seen_unseen.scored(METRICS["exact_match"], {}, rows, 1)
    # Half of the answers are right, so the score moves; it moves with the draw of the rows
    assert found["tuned"]["value"] == 0.5 and found["tuned − base"]["value"] == 0.5
    assert (found["tuned − base"]["drawn"] == found["tuned"]["drawn"]).all()


def test_groups_are_drawn_apart():
    names = [str(n) for n in range(40)]
    rng = np.random.default_rng(1)
    one, other = ({"x": list(rng.normal(m, 1, 40))} for m in (1.0, 0.0))
    found = unpaired.differences(unpaired.means(one, names), unpaired.means(other, names, 2))["x"]
    by_hand = np.mean(one["x"]) - np.mean(other["x"])
    assert found["value"] == pytest.approx(by_hand)
    spread = np.sqrt(np.var(one["x"], ddof=1) / 40 + np.var(other["x"], ddof=1) / 40)
    assert found["high"] - found["low"] == pytest.approx(2 * 2.02 * spread, rel=0.08)


def test_near_duplicates_are_drawn_together_and_few_give_no_interval():
    values = {"x": [0.0, 1.0] * 10}
    alone = unpaired.means(values, [str(n) for n in range(20)])["x"]
    together = unpaired.means(values, [str(n // 4) for n in range(20)])["x"]
    assert alone["low"] < 0.5 < alone["high"]
    assert together["low"] is None and together["value"] == 0.5


@pytest.mark.skipif(chromium.PROGRAM is None, reason="no Chromium on this machine")
@pytest.mark.parametrize("width", [360, 800])
def test_section_fits_the_screen(study, tab, tmp_path, width):
    from tests.reporting.test_browser import CUT, TOO_WIDE, UNFOLD, complaints, screen

    file = tmp_path / "report.html"
    file.write_text(study[2][1], encoding="utf-8")
    screen(tab, width)
    tab.open(file)
    tab.value(UNFOLD)
    assert tab.value(TOO_WIDE) == [] and tab.value(CUT) == [] and complaints(tab) == []
    boxes = "[...document.querySelectorAll('.chart.along svg')].map(s => s.clientWidth)"
    assert len(tab.value(boxes)) == 3 and all(200 < box <= width for box in tab.value(boxes))

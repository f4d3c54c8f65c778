"""Reports: what models wrote stays text, nothing is fetched, and what is missing is said."""

import base64
import hashlib
import os
import re
import subprocess
import sys

import pytest

from stages import paths, records, report
from stages.command import UserError
from stages.curves import write_curve
from stages.reporting import data
from stages.reporting.render import (
    cell,
    coded,
    labelled,
    lined,
    markdown,
    page,
    parted,
    short,
    slug,
)
from stages.reporting.tables import number, p_value, signed
from tests.conftest import ROOT
from tests.reporting.pages import MARKDOWN, OURS, Page, carried, plain, shown
from tests.reporting.study import AUDIT, HACK, HOSTILE, Study


def test_page_has_no_tag_and_no_attribute_of_a_models(study):
    _, html = study.report()
    seen = Page(html)
    assert set(seen.tags) <= OURS
    # The page's policy forbids style= as it does onclick= and the like.
    assert not [name for _, name, _ in seen.attributes if name.startswith("on") or name == "style"]
    assert seen.tags.count("script") == html.lower().count("<script") == 2
    assert "<img" not in html.lower() and "<!--" not in html


def test_page_fetches_nothing(study):
    _, html = study.report()
    for tag, name, value in Page(html).attributes:
        if name in ("src", "href", "xlink:href", "srcset", "action", "poster", "data"):
            # A link fetches nothing until a reader follows it; these lead to files beside the page.
            leads_on = tag == "a" and value in ("index.html", "toy-review.csv")
            assert value == "data:," or value[0] == "#" or leads_on, f"{name}={value}"
        # A chart may refer to its own parts; every other url( is a request.
        assert all(part.startswith("#") for part in re.findall(r"url\(['\"]?([^)]*)", value or ""))
    style = re.search(r"<style>(.*?)</style>", html, re.S).group(1)
    assert "url(" not in style and "@import" not in style
    assert "<svg" in html


@pytest.mark.parametrize("tag", ["style", "script"])
def test_policy_lets_through_the_pages_own_style_and_script_alone(study, tag):
    _, html = study.report()
    (written,) = re.findall('Content-Security-Policy" content="([^"]*)"', html)
    policy = dict(directive.strip().split(" ", 1) for directive in written.split(";"))
    (text,) = re.findall(f"<{tag}>(.*?)</{tag}>", html, re.S)
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    assert policy.pop(f"{tag}-src") == f"'sha256-{digest}'"
    assert policy["default-src"] == policy["base-uri"] == policy["form-action"] == "'none'"
    assert not re.search("unsafe|http|[*]", str(policy))


def test_each_chart_is_one_named_picture(study):
    _, html = study.report()
    pictures = re.findall('<svg role="img" aria-label="([^"]*)"', html)
    assert [name.split()[0] for name in pictures] == ["Training"]
    # All others are parts of a table that says the same in words
    others = re.findall("<svg(?! role)[^>]*>", html)
    hidden = re.findall('<td class="strip"(?: [^>]*)?><svg>|<svg aria-hidden="true"', html)
    assert len(others) == len(hidden) > 10


def test_no_id_is_given_twice(study):
    _, html = study.report()
    ids = [value for _, name, value in Page(html).attributes if name == "id"]
    # A chart that had ids (clip paths, gradients) would need some of its own.
    assert len(ids) == len(set(ids)) and "url(#" not in html


def test_labelled_escapes_the_label():
    assert labelled("<svg a='1'>", '"&<') == '<svg role="img" aria-label="&#34;&amp;&lt;" a=\'1\'>'


def test_contents_name_every_section_and_nothing_that_a_model_wrote(study):
    study.answer("toy-a", ['<section id="x"><h2>x</h2></section>'] * len(HOSTILE))
    study.run()
    _, html = study.report()
    listed = re.findall('<li><a href="#(.*?)">(.*?)</a></li>', html)
    assert listed == re.findall('<section id="(.*?)">\n<h2>(.*?)</h2>', html)
    assert ("loss-mask-and-preflight", "Loss mask and preflight") in listed
    assert len(listed) == html.count("<h2>") == 16


@pytest.mark.parametrize("text", [text for text in HOSTILE if text], ids=lambda text: text[:20])
def test_models_answer_is_on_the_page_as_it_is(study, text):
    _, html = study.report()
    (row,) = [row for row in carried(html)["rows"] if row["input"] == f"in {text}"]
    assert row["reference"] == f"訳 {text}" and row["answers"]["toy-a"]["text"] == text


@pytest.mark.parametrize("text", [text for text in HOSTILE if text], ids=lambda text: text[:20])
def test_models_answer_is_shown_as_it_is_in_markdown(study, text):
    written, _ = study.report()
    seen = shown(written)
    assert set(seen.tags) <= MARKDOWN
    assert f"A: {plain(text)}" in plain(seen.text)
    assert f"in {plain(text)}" in plain(seen.text) and f"訳 {plain(text)}" in plain(seen.text)


def test_hostile_texts_leave_the_shape_of_the_report(study):
    gathered = data.gather(study.plan)
    hostile, tame = markdown(gathered), markdown(tamed(gathered))
    assert "alert" in hostile and "alert" not in tame
    assert len(hostile.splitlines()) == len(tame.splitlines())
    for tag in MARKDOWN - {"br"}:  # which stands for a text's own line breaks
        assert shown(hostile).tags.count(tag) == shown(tame).tags.count(tag)


def tamed(value):
    """The same data with a plain word for every text that a model or a data set gave."""
    if isinstance(value, dict):
        return {key: tamed(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [tamed(part) for part in value]
    texts = [text for text in HOSTILE if text and isinstance(value, str) and text in value]
    return "plain" if texts else value


def test_what_a_study_file_says_is_text_too(study):
    study.study["title"] = study.study["question"] = f"<script>alert(1)</script> {HACK}"
    for name, arm in study.declared["arms"].items():
        arm["title"] = f"{name} {HACK}"
    for hypothesis in study.study["hypotheses"].values():
        hypothesis["claim"] = HACK
    for step in study.study["decisions"]:
        step["scenario"] = HACK
    study.declared["bases"]["tiny"]["licence"] = study.declared["bases"]["tiny"]["path"] = HACK
    study.run()
    written, html = study.report()
    for seen in (Page(html), shown(written), Page(study.index())):
        assert not [value for _, name, value in seen.attributes if name == "href" and "(" in value]
        assert HACK in plain(seen.text)
    assert set(Page(html).tags) | set(Page(study.index()).tags) <= OURS
    assert set(shown(written).tags) <= MARKDOWN
    columns = {
        line.replace("\\|", "").count("|") for line in written.splitlines() if line[:3] == "| m"
    }
    # Verdicts and skill, the test split, and the floors
    assert columns == {6, 5, 7}


def test_empty_answer_is_said_to_be_empty(study):
    written, _ = study.report()
    assert "- A: (empty)" in written


def test_cut_answer_is_marked(study):
    written, html = study.report()
    rows = carried(html)["rows"]
    cut = [row["id"] for row in rows for answer in row["answers"].values() if "hit_limit" in answer]
    assert written.count("*(cut at the limit)*") == len(cut) == 3
    # Of each third row, which is also there where no script runs
    shown = [row["id"] for row in rows[::3]]
    assert html.count("(cut at the limit)") == len([row for row in cut if row in shown])


def test_untouched_base_stands_first(study):
    assert list(data.gather(study.plan)["arms"]) == ["toy-s0", "toy-a", "toy-b"]


def test_study_without_any_curve_has_no_chart(study):
    for name in study.plan["arms"]:
        write_curve(paths.curve("toy", name), [])
    _, html = study.report()
    assert "Training loss" not in html and "<h2>Training</h2>" in html


def test_study_without_any_results_names_the_command(study):
    for name in study.plan["arms"]:
        study.forget(name)
    said = "metrics/quality/toy/toy-s0.json: missing; run `dvc repro evaluate@toy-s0`"
    with pytest.raises(UserError, match=f"^{said}$"):
        report.main("toy")
    assert not paths.report("toy", "md").exists()


def test_results_of_an_arm_that_left_the_study_are_not_shown(study):
    del study.declared["arms"]["toy-b"]
    study.run()
    records.write_json(paths.audit("toy"), {"arms": {"toy-a": AUDIT}})
    assert paths.quality("toy", "toy-b").exists()
    assert "toy-b" not in "".join(study.report())


def test_reports_are_built_without_torch(study):
    study.report()
    code = "import sys; from stages import index, report; report.main('toy'); index.main(); "
    code += "sys.exit('torch' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr or "torch was imported"


def test_same_results_give_the_same_bytes(study):
    assert study.report() == study.report()


@pytest.mark.parametrize(("rows", "expected"), [(3, 3), (16, 16), (17, 16), (100, 16)])
def test_samples_are_spread_over_the_rows_and_bounded(study, rows, expected):
    study = Study([f"text {n}" for n in range(rows)])
    chosen = [int(row["id"][1:]) for row in data.gather(study.plan)["samples"]]
    assert len(chosen) == expected and chosen == sorted(set(chosen))
    assert chosen[0] == 0 and chosen[-1] >= rows * 0.9 - 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", "plain"),
        ("a|b", "a\\|b"),
        (" a \n\n b\t", "a b"),
        ("<b>&", "&lt;b&gt;&amp;"),
        ("`*_[]\\", "\\`\\*\\_\\[\\]\\\\"),
        (7, "7"),
        ("", ""),
    ],
)
def test_cell(text, expected):
    assert cell(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Go on with `grammar`, then `mine`.",
         "Go on with <code>grammar</code>, then <code>mine</code>."),
        ("one ` alone", "one ` alone"),
        ("`<b>` & more", "<code>&lt;b&gt;</code> &amp; more"),
        ("<b>bold</b>", "&lt;b&gt;bold&lt;/b&gt;"),
    ],
)  # fmt: skip
def test_backticks_of_a_study_s_text_are_code_on_a_page(text, expected):
    assert coded(text) == expected


@pytest.mark.parametrize(
    ("heading", "expected"),
    [("Quality", "quality"), ("Loss mask, and so on", "loss-mask-and-so-on"), ("訳 2", "訳-2")],
)
def test_slug(heading, expected):
    assert slug(heading) == expected


@pytest.mark.parametrize(
    ("value", "digits", "plain_number", "with_sign"),
    [
        (None, 2, "–", ""),
        (0.0, 2, "0.00", "+0.00"),
        (1234.567, 1, "1,234.6", "+1,234.6"),
        (-0.5, 2, "−0.50", "−0.50"),
        (7, 0, "7", "+7"),
    ],
)
def test_numbers(value, digits, plain_number, with_sign):
    assert (number(value, digits), signed(value, digits)) == (plain_number, with_sign)


@pytest.mark.parametrize(
    ("p", "expected"),
    [(None, "–"), (1.0, "1.000"), (0.0499, "0.050"), (0.001, "0.001"), (0.00099, "< 0.001"),
     (0.0, "< 0.001")],
)  # fmt: skip
def test_p_value(p, expected):
    assert p_value(p) == expected


@pytest.mark.parametrize("text", ["", "ア" * 200, "はい、 " + "ア" * 300, "one two " * 99])
def test_short_keeps_the_beginning_whatever_the_language(text):
    assert len(short(text)) == min(200, len(text))
    assert text.startswith(short(text).removesuffix("…"))


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("", ""),
        ("one line", ""),
        ("line\n" * 8, ""),
        ("line\n" * 8 + "end", ""),
        ("line\n" * 16, "line\n" * 8),
        ("a" * 239, ""),
        ("a" * 240, "a" * 40),
        ("訳" * 300, "訳" * 100),
        ("word " * 60, "word " * 20),
        ("w" * 190 + " " + "x" * 80, "x" * 80),
        ("a" * 198 + "\r\n" + "b" * 50, "b" * 50),
        ("a" * 100 + "\n" + "b" * 300, "b" * 201),
    ],
)
def test_long_text_is_cut_between_words_and_nothing_is_lost(text, rest):
    begins, ends = parted(text)
    assert (begins + ends, ends) == (text, rest)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("a | b", "a \\| b"),
        ("def f():\n    return 1\n", "def f():<br> &nbsp;&nbsp;&nbsp;&nbsp;return 1"),
        ("a\r\n\r\nb", "a<br> <br> b"),
        ("<br>\n# x", "&lt;br&gt;<br> # x"),
        ("x" * 201, "x" * 199 + "…"),
    ],
)
def test_line_breaks_and_indentation_stay_in_markdown(text, expected):
    assert lined(text) == expected


def test_headings_of_markdown_stand_behind_an_empty_line():
    """In the reports of this repository, which have every section between them."""
    written = {file.name: file.read_text() for file in (ROOT / "reports").glob("*.md")}
    assert written
    bare = {name: re.findall(r"[^\n]\n##+ .*", text) for name, text in written.items()}
    assert not any(bare.values()), bare


@pytest.mark.parametrize("slice_by", [None, "category"])
def test_samples_have_their_ids_and_slices_where_there_are_any(study, slice_by):
    study.study["slice_by"] = slice_by
    study.run()
    written, html = study.report()
    assert ("**r00** (poems)" in written) == (slice_by is not None)
    assert "\n**r00**" in written and "<code>r00</code>" in html
    assert ('<code>r03</code> <span class="quiet">recipes</span>' in html) == bool(slice_by)
    assert [row.get("slice") for row in carried(html)["rows"][:2]] == (
        ["poems", "recipes"] if slice_by else [None, None]
    )


def test_templates_refuse_a_name_that_has_no_value(study):
    gathered = data.gather(study.plan)
    del gathered["question"]
    for show in (markdown, page):
        with pytest.raises(Exception, match="'question' is undefined"):
            show(gathered)

"""Reports: what models wrote stays text, nothing is fetched, and what is missing is said."""

import re
from html.parser import HTMLParser

import pytest
from markdown_it import MarkdownIt

from stages import paths, records, report
from stages.command import UserError
from stages.curves import write_curve
from stages.metrics import METRICS
from stages.metrics.metric import score
from stages.reporting import charts, data
from stages.reporting.render import cell, markdown, number, page, signed

HOSTILE = [
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg/onload=alert(1)>',
    "' onmouseover='alert(1)",
    "{{7*7}}",
    "{% for x in y %}${{<%= 1 %>#{2}",
    "a | b || c |",
    "first\nsecond\r\n\r\n# third\n- fourth\n> fifth",
    "`code` ```\nblock\n```",
    "**bold** _it_ ~~no~~ [link](javascript:alert(1)) ![i](http://x.test/i.png)",
    "<!-- comment --> &lt;b&gt; &amp; &#x41; <http://x.test>",
    "]]> \\ \\| \\` 1. one * two",
    "<table><tr><td>cell",
    "\u202eright to left\u202c \u2028 \x07",
    "日本語 😀",
    "",
]
ARMS = {
    "toy-b": {"title": "B", "method": "sft", "base": "tiny"},
    "toy-a": {"title": "A", "method": "sft", "base": "tiny"},
    "toy-s0": {"title": "S0, untouched", "method": "none", "base": "tiny"},
}
PLAN = {
    "study": "toy",
    "title": "Toy",
    "question": "Does it?",
    "arms": ARMS,
    "metrics": ["chrf", "exact_match"],
    "splits": {name: {"version": "v1", "rows": 4} for name in ("train", "dev", "test")},
    "bases": {"tiny": {"kind": "folder", "path": "tiny", "licence": "MIT", "sha256": "0" * 64}},
}
AUDIT = {
    "loss_on": "all",
    "audit": {"rows": 9, "tokens": 90, "supervised_tokens": 81, "truncated": 0, "dropped": 0,
              "teaches_stop": 9},
    "preflight": {"epochs": 1.5, "steps_below_1_percent_of_peak_lr": 0.0125},
}  # fmt: skip


class Study:
    """A study's results on disk, as the stages leave them."""

    def __init__(self, texts):
        self.plan = {**PLAN, "arms": {name: dict(arm) for name, arm in ARMS.items()}}
        self.examples = [
            {"id": f"r{n:02}", "input": f"in {text}", "target": f"訳 {text}", "group": f"r{n:02}"}
            for n, text in enumerate(texts)
        ]
        records.write(paths.split("toy", "dev"), self.examples)
        for name in ("train", "dev", "test"):
            manifest = {"split": name, "version": "v1", "rows": 4, "sha256": "1" * 64,
                        "origins": None, "source": {"kind": "file"}}  # fmt: skip
            records.write_json(paths.manifest("toy", name, "v1"), manifest)
        for number_of, name in enumerate(ARMS):
            self.answer(name, texts if name == "toy-a" else [f"{name} {t[:3]}" for t in texts])
            records.write_json(paths.cost("toy", name), {"latency_p50_s": 1.25 + number_of})
            trained = ARMS[name]["method"] != "none"
            status = {"steps": 8, "first_loss": 3.5} if trained else {"status": "not trained"}
            records.write_json(paths.training("toy", name), status)
            steps = [{"step": n, "loss": 3.0 / n, "lr": 1e-3, "grad_norm": 1.0,
                      "tokens_per_second": 9.0} for n in range(1, 9)]  # fmt: skip
            write_curve(paths.curve("toy", name), steps if trained else [])
        records.write_json(paths.audit("toy"), {"arms": {"toy-a": AUDIT, "toy-b": AUDIT}})
        self.save()

    def answer(self, arm, texts):
        answers = [
            {"id": e["id"], "text": text, "tokens_in": 1, "tokens_out": 1, "hit_limit": not n}
            for n, (e, text) in enumerate(zip(self.examples, texts, strict=True))
        ]
        records.write(paths.predictions("toy", arm), answers)
        rows = [{**e, **a} for e, a in zip(self.examples, answers, strict=True)]
        summary = {name: score(METRICS[name], rows, {}) for name in self.plan["metrics"]}
        records.write_json(paths.quality("toy", arm), summary)

    def save(self):
        records.write_json(paths.plan("report", "toy"), self.plan)

    def report(self):
        report.main("toy")
        return [
            paths.report("toy", suffix).read_text(encoding="utf-8") for suffix in ("md", "html")
        ]


@pytest.fixture
def study(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return Study(HOSTILE)


class Page(HTMLParser):
    """The tags, attributes and cell texts of a page, as a browser would see them."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.tags, self.attributes, self.cells, self.text = [], [], [], ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes += attributes
        if tag in ("td", "th", "li", "p", "strong"):
            self.cells.append("")

    def handle_data(self, data):
        self.text += data
        if self.cells:
            self.cells[-1] += data


def plain(text):
    return " ".join(text.split())


def shown(markdown_text):
    """A Markdown report as a page, by a renderer that lets HTML through."""
    return Page(MarkdownIt("commonmark", {"html": True}).enable("table").render(markdown_text))


OURS = {"html", "head", "meta", "title", "style", "body", "h1", "h2", "p", "div", "table",
        "caption", "thead", "tbody", "tr", "th", "td", "span", "ul", "li", "b", "code",
        "svg", "g", "path", "text", "line", "rect", "defs", "clippath"}  # fmt: skip

MARKDOWN = {"h1", "h2", "p", "table", "thead", "tbody", "tr", "th", "td", "ul", "li", "code",
            "strong", "em"}  # fmt: skip


def test_page_has_no_tag_and_no_attribute_of_a_models(study):
    _, html = study.report()
    seen = Page(html)
    assert set(seen.tags) <= OURS
    assert not [name for name, _ in seen.attributes if name.startswith("on")]
    assert "<script" not in html.lower() and "<img" not in html.lower() and "<!--" not in html


def test_page_fetches_nothing(study):
    _, html = study.report()
    for name, value in Page(html).attributes:
        if name in ("src", "href", "xlink:href", "srcset", "action", "poster", "data"):
            pytest.fail(f"{name}={value}")
        # A chart may refer to its own parts; every other url( is a request.
        assert all(part.startswith("#") for part in re.findall(r"url\(['\"]?([^)]*)", value or ""))
    style = re.search(r"<style>(.*?)</style>", html, re.S).group(1)
    assert "url(" not in style and "@import" not in style
    assert "<svg" in html


@pytest.mark.parametrize("text", [text for text in HOSTILE if text], ids=lambda text: text[:20])
def test_models_answer_is_shown_as_it_is_on_the_page(study, text):
    _, html = study.report()
    cells = [plain(cell) for cell in Page(html).cells]
    for expected in (text, f"in {text}", f"訳 {text}"):
        assert plain(expected) in cells or f"{plain(expected)} (cut at the limit)" in cells


@pytest.mark.parametrize("text", [text for text in HOSTILE if text], ids=lambda text: text[:20])
def test_models_answer_is_shown_as_it_is_in_markdown(study, text):
    written, _ = study.report()
    seen = shown(written)
    assert set(seen.tags) <= MARKDOWN
    assert f"A: {plain(text)}" in plain(seen.text)
    assert f"in {plain(text)}" in plain(seen.text) and f"訳 {plain(text)}" in plain(seen.text)


def test_hostile_texts_leave_the_shape_of_the_report(study):
    hostile, _ = study.report()
    Study(["plain"] * len(HOSTILE))
    tame, _ = study.report()
    assert len(hostile.splitlines()) == len(tame.splitlines())
    for tag in ("h1", "h2", "p", "table", "tr", "td", "li", "strong", "em", "code"):
        assert shown(hostile).tags.count(tag) == shown(tame).tags.count(tag)


def test_titles_of_a_study_file_are_text_too(study):
    study.plan["title"] = study.plan["question"] = "<script>alert(1)</script> a|b `c`"
    for arm in study.plan["arms"].values():
        arm["title"] = "<img src=x onerror=alert(1)> a|b {{7*7}}"
    study.save()
    written, html = study.report()
    assert set(Page(html).tags) <= OURS
    assert set(shown(written).tags) <= MARKDOWN
    assert "49" not in shown(written).text + Page(html).text
    columns = {
        line.replace("\\|", "").count("|") for line in written.splitlines() if line[:3] == "| m"
    }
    assert columns == {6}


def test_empty_answer_is_said_to_be_empty(study):
    written, _ = study.report()
    assert "- A: (empty)" in written


def test_cut_answer_is_marked(study):
    written, html = study.report()
    assert written.count("*(cut at the limit)*") == html.count("(cut at the limit)") == 3


def test_untouched_base_stands_first_and_is_what_others_are_compared_with(study):
    gathered = data.gather(study.plan)
    assert list(gathered["arms"]) == ["toy-s0", "toy-a", "toy-b"]
    assert gathered["baseline"] == "toy-s0"
    (chrf,) = [row for row in gathered["metrics"] if row["name"] == "chrf"]
    base = chrf["values"]["toy-s0"]["value"]
    assert chrf["values"]["toy-s0"]["delta"] is None
    for arm in ("toy-a", "toy-b"):
        assert chrf["values"][arm]["delta"] == chrf["values"][arm]["value"] - base


def test_study_without_an_untouched_base_has_no_differences(study):
    study.plan["arms"] = {name: ARMS[name] for name in ("toy-a", "toy-b")}
    study.save()
    written, html = study.report()
    assert "Differences are to" not in written + html
    gathered = data.gather(study.plan)
    assert all(v["delta"] is None for m in gathered["metrics"] for v in m["values"].values())


def test_undefined_score_is_a_dash_with_its_reason_and_no_difference(study):
    for name in ARMS:
        quality = records.read_json(paths.quality("toy", name))
        undefined = {"value": None, "reason": "nothing to <divide> by", "n": 0}
        quality["chrf"] |= undefined if name != "toy-b" else {}
        records.write_json(paths.quality("toy", name), quality)
    written, html = study.report()
    (line,) = [line for line in written.splitlines() if line.startswith("| chrF ")]
    assert [part.strip() for part in line.split("|")][3:5] == ["–", "–"]
    assert "(" not in line  # without the base's score, no arm has a difference
    assert html.count('title="nothing to &lt;divide&gt; by">–<') == 2
    assert "nan" not in (written + html).lower().replace("unscored", "").split()


def test_study_without_any_curve_has_no_chart(study):
    for name in ARMS:
        write_curve(paths.curve("toy", name), [])
    _, html = study.report()
    assert "<svg" not in html and "<h2>Training</h2>" in html


def test_missing_results_of_an_arm_name_the_command(study):
    paths.quality("toy", "toy-b").unlink()
    said = "metrics/quality/toy/toy-b.json: missing; run `dvc repro evaluate@toy-b`"
    with pytest.raises(UserError, match=f"^{said}$"):
        report.main("toy")
    assert not paths.report("toy", "md").exists()


def test_results_of_an_arm_that_left_the_study_are_not_shown(study):
    del study.plan["arms"]["toy-b"]
    study.save()
    records.write_json(paths.audit("toy"), {"arms": {"toy-a": AUDIT}})
    assert "toy-b" not in "".join(study.report())


def test_same_results_give_the_same_bytes(study):
    assert study.report() == study.report()


@pytest.mark.parametrize(("rows", "expected"), [(3, 3), (16, 16), (17, 16), (100, 16)])
def test_samples_are_spread_over_the_rows_and_bounded(study, rows, expected):
    Study([f"text {n}" for n in range(rows)])
    chosen = [int(row["id"][1:]) for row in data.samples("toy", ARMS)]
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
    ("value", "digits", "plain_number", "with_sign"),
    [
        (None, 2, "–", ""),
        (0.0, 2, "0.00", "+0.00"),
        (1234.567, 1, "1,234.6", "+1,234.6"),
        (-0.5, 2, "-0.50", "−0.50"),
        (7, 0, "7", "+7"),
    ],
)
def test_numbers(value, digits, plain_number, with_sign):
    assert (number(value, digits), signed(value, digits)) == (plain_number, with_sign)


def test_running_mean():
    assert charts.running_mean([]) == []
    assert charts.running_mean([4.0, 2.0, 3.0, 3.0, 3.0, 9.0]) == [4.0, 3.0, 3.0, 3.0, 3.0, 4.0]


def test_chart_has_a_line_for_each_arm_that_was_trained():
    curve = [{"step": n, "loss": 2.0 / n} for n in range(1, 6)]
    svg = charts.training_curves({"toy-s0": [], "toy-a": curve, "toy-b": curve})
    assert svg.startswith("<svg") and "toy-a" in svg and "toy-b" in svg and "toy-s0" not in svg
    assert charts.training_curves({"toy-s0": []}) is None


def test_templates_refuse_a_name_that_has_no_value(study):
    gathered = data.gather(study.plan)
    del gathered["question"]
    for show in (markdown, page):
        with pytest.raises(Exception, match="'question' is undefined"):
            show(gathered)

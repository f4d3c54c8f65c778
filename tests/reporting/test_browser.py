"""Pages opened in headless Chromium: they run nothing of a model's, fetch nothing, and can be read.

Without Chromium on the machine the tests skip and say so; .ci/run installs it.
"""

import base64
import csv
import io
import re

import pytest

from stages import paths
from stages.reporting import data, render, sample_corrections, shown
from tests.conftest import ROOT
from tests.reporting import chromium
from tests.reporting.study import HACK, HOSTILE, Study
from tests.reporting.test_bases import on_two_bases

if chromium.PROGRAM is None:
    reason = "no Chromium on this machine: the report was not opened in a browser"
    pytest.skip(reason, allow_module_level=True)

UNFOLD = "document.querySelectorAll('details').forEach(part => (part.open = true))"
WIDTHS = [360, 800, 1400]
# What sticks out of the screen, or out of a box that would have to be scrolled.
TOO_WIDE = """(() => {
  const width = document.documentElement.clientWidth + 1;
  const out = [...document.body.querySelectorAll("*")].filter((element) => {
    const box = element.getBoundingClientRect();
    return box.width > 1 && (box.right > width || box.left < -1);
  });
  const scrolled = [...document.querySelectorAll("*")]
    .filter((box) => box.scrollWidth > box.clientWidth + 1)
    .filter((box) => ["auto", "scroll", "hidden"].includes(getComputedStyle(box).overflowX))
    .filter((box) => box.clientWidth > 1)
    // A preview that ends in an ellipsis opens in full beside it.
    .filter((box) => getComputedStyle(box).textOverflow !== "ellipsis");
  return [...out, ...scrolled].map((element) => element.outerHTML.slice(0, 80));
})()"""
# Labels in a picture that lie outside of it, or over each other's middle.
CUT = """[...document.querySelectorAll("svg text")].filter((text) => {
  const [own, all] = [text, text.ownerSVGElement].map((part) => part.getBoundingClientRect());
  return own.left < all.left - 8 || own.right > all.right + 8 || own.bottom > all.bottom + 8;
}).map((text) => text.textContent)"""
HACKS = [
    "<script>window.hacked = 1</script>",
    '<img src="x" onerror="window.hacked = 1">',
    '"><svg onload="window.hacked = 1">',
    "<iframe srcdoc='<script>parent.hacked = 1</script>'></iframe>",
]
LONG = "def f(x):\n    if x:\n        return 1\n" * 9
TEXTS = [*HOSTILE, *HACKS, *(f"{text} again" for text in HOSTILE + HACKS), LONG]
SORTABLE = """
{% extends "page.html.j2" %}{% from "macros.html.j2" import section, table %}
{% block sections %}{% call section("Rows") %}
{% call table("Rows", ["name", "share", "rank"], class="sortable") %}
{% for name, share, rank in rows %}
<tr><td>{{ name }}</td><td>{{ share }}</td><td data-sort="{{ rank }}">no. {{ rank }}</td></tr>
{% endfor %}
{% endcall %}{% endcall %}{% endblock %}
"""
ROWS = [
    ("b", "12.5 %", 10),
    ("a10", "–", 9),
    ("a9", "1,234.5", ""),
    ("é", "−3.25 (worse)", -1),
    ("d", "", 1e-9),
    ("a9", "7", 100),
]
# Relative luminance and contrast by WCAG 2: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio
CONTRAST = """(() => {
  const light = (colour) => colour.match(/[\\d.]+/g).slice(0, 3).map((part) => part / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = (element) => {
    const own = getComputedStyle(element).backgroundColor;
    return own.endsWith(", 0)") ? ground(element.parentElement) : own;
  };
  const ratio = (element) => {
    const ink = getComputedStyle(element)[element.closest("svg") ? "fill" : "color"];
    const [a, b] = [light(ink), light(ground(element))];
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  };
  const written = (node) => node.nodeType === Node.TEXT_NODE && node.data.trim();
  const texts = [...document.body.querySelectorAll("*:not(script)")]
    .filter((element) => [...element.childNodes].some(written));
  const said = ["helped", "hurt", "warning"].map((name) => document.querySelector(`.${name}`));
  return [texts.length, Math.min(...texts.map(ratio)), said.map(ratio)];
})()"""
# A hypothesis whose p is not the least, one without any, and a control that does not hold.
HYPOTHESES = {
    "b_is_short": {
        "kind": "threshold",
        "claim": "Most answers of B end by themselves.",
        "arm": "toy-b",
        "figure": "hit_limit_rate",
        "at_most": 0.4,
    },
    "base_is_half_right": {
        "kind": "control",
        "claim": "The base is half right.",
        "arm": "toy-s0",
        "metric": "exact_match",
        "expect": 0.5,
    },
}


@pytest.fixture
def study(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(shown, "SAMPLES", len(TEXTS))
    made = Study(TEXTS)
    made.answer("toy-b", TEXTS[::-1], cut=range(18))
    made.study["hypotheses"] |= HYPOTHESES
    made.run()
    return made


@pytest.fixture
def report(study, tmp_path):
    """The file of a report in which models wrote what they could to break it."""
    path = tmp_path / "report.html"
    path.write_text(render.page(data.gather(study.plan)), encoding="utf-8")
    return path


@pytest.fixture
def wide_report(wide_study):
    """The file of a report with nine arms and slices, some with hostile names."""
    wide_study.report()
    return paths.report("toy", "html")


@pytest.fixture
def corrections_report(tmp_path, monkeypatch):
    """The file of a report of corrections by arms on two bases; every row is a sample."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sample_corrections, "pick", lambda rows: rows)
    on_two_bases(TEXTS).report()
    return paths.report("toy", "html")


@pytest.fixture
def index(study):
    study.index()
    return paths.report("index", "html")


@pytest.fixture
def sortable(tmp_path):
    path = tmp_path / "sortable.html"
    template = render.page_environment().from_string(SORTABLE)
    path.write_text(template.render(title="Sortable", rows=ROWS), encoding="utf-8")
    return path


def complaints(tab):
    """Everything that the page printed, threw or was refused."""
    said = ("Log.entryAdded", "Runtime.consoleAPICalled", "Runtime.exceptionThrown")
    return [event for name in said for event in tab.seen(name)]


def column(tab, number):
    return tab.value(
        f"[...document.querySelectorAll('tbody tr')].map(r => r.cells[{number}].innerText)"
    )


def emulate(tab, medium="", scheme="light"):
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    tab.call("Emulation.setEmulatedMedia", media=medium, features=features)


def screen(tab, width):
    size = {"width": width, "height": 740, "deviceScaleFactor": 1, "mobile": width < 600}
    tab.call("Emulation.setDeviceMetricsOverride", **size)


def test_page_says_nothing_on_the_console_and_fetches_nothing(tab, report):
    tab.open(report)
    assert complaints(tab) == []
    requests = [event["request"]["url"] for event in tab.seen("Network.requestWillBeSent")]
    assert [url for url in requests if not url.startswith("data:")] == [report.as_uri()]
    assert report.stat().st_size <= 2_000_000


def test_what_models_wrote_is_shown_and_not_run(tab, report):
    tab.open(report)
    assert tab.value("typeof window.hacked") == "undefined"
    assert tab.value("document.querySelectorAll('script, img, iframe').length") == 2
    read = """[...document.querySelectorAll('.list button')].map((button) => {
      button.click();
      const text = document.querySelectorAll('.reader .answers bdi')[1].cloneNode(true);
      for (const missing of text.querySelectorAll('del')) missing.remove();
      return text.textContent;
    })"""
    assert tab.value(read) == [text or "(empty)" for text in TEXTS]
    assert tab.value("typeof window.hacked") == "undefined" and complaints(tab) == []


def test_policy_stops_what_escaping_would_let_through(tab, report):
    forged = report.read_text(encoding="utf-8").replace("<main>", "<main>" + "".join(HACKS))
    report.write_text(forged, encoding="utf-8")
    tab.open(report)
    assert tab.value("typeof window.hacked") == "undefined"
    assert any("Content Security Policy" in event["entry"]["text"] for event in complaints(tab))
    assert tab.value("document.querySelector('table.sortable button').type") == "button"


def test_these_tests_would_see_a_script_that_runs(tab, report):
    forged = report.read_text(encoding="utf-8").replace("<main>", "<main>" + "".join(HACKS))
    report.write_text(re.sub("<meta http-equiv=[^\n]*", "", forged), encoding="utf-8")
    tab.open(report)
    assert tab.value("window.hacked") == 1
    assert complaints(tab) and len(tab.seen("Network.requestWillBeSent")) > 1


@pytest.mark.parametrize(
    ("number", "rising", "falling"),
    [
        (0, ["a9", "a9", "a10", "b", "d", "é"], ["é", "d", "b", "a10", "a9", "a9"]),
        (
            1,
            ["−3.25 (worse)", "7", "12.5 %", "1,234.5", "–", ""],
            ["1,234.5", "12.5 %", "7", "−3.25 (worse)", "–", ""],
        ),
        (
            2,
            ["no. -1", "no. 1e-09", "no. 9", "no. 10", "no. 100", "no. "],
            ["no. 100", "no. 10", "no. 9", "no. 1e-09", "no. -1", "no. "],
        ),
    ],
)
def test_table_sorts_by_keyboard(tab, sortable, number, rising, falling):
    tab.open(sortable)
    headers = "[...document.querySelectorAll('th')]"
    tab.value(f"{headers}[{number}].querySelector('button').focus()")
    for key, expected, said in (("Enter", rising, "ascending"), (" ", falling, "descending")):
        tab.press(key)
        assert [text.strip() for text in column(tab, number)] == [t.strip() for t in expected]
        directions = tab.value(f"{headers}.map(th => th.getAttribute('aria-sort'))")
        assert directions == [said if n == number else None for n in range(3)]
    assert tab.value("document.activeElement.tagName") == "BUTTON" and complaints(tab) == []


def test_equal_rows_keep_their_order(tab, sortable):
    tab.open(sortable)
    tab.value("document.querySelector('th button').click()")
    assert column(tab, 1)[:2] == ["1,234.5", "7"]
    tab.value("document.querySelector('th button').click()")
    assert column(tab, 1)[-2:] == ["1,234.5", "7"]


def test_page_without_script_is_a_plain_page(tab, sortable):
    tab.call("Emulation.setScriptExecutionDisabled", value=True)
    tab.open(sortable)
    assert tab.value("document.querySelectorAll('button').length") == 0
    assert column(tab, 0) == [name for name, *_ in ROWS]


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("page", ["report", "wide_report", "corrections_report", "index"])
def test_nothing_is_wider_than_the_screen_and_no_label_is_cut(tab, request, page, width):
    screen(tab, width)
    tab.open(request.getfixturevalue(page))
    tab.value(UNFOLD)
    assert tab.value("document.documentElement.scrollWidth") <= width
    assert tab.value(TOO_WIDE) == [] and tab.value(CUT) == []
    assert complaints(tab) == []


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("page", sorted((ROOT / "reports").glob("*.html")), ids=lambda p: p.stem)
def test_reports_of_the_last_run_fit_the_screen_as_well(tab, page, width):
    screen(tab, width)
    tab.open(page)
    tab.value(UNFOLD)
    assert tab.value(TOO_WIDE) == [] and tab.value(CUT) == []
    assert page.stat().st_size <= 2_000_000


def test_these_tests_would_see_what_is_too_wide_and_what_is_cut(tab, wide_report):
    screen(tab, 360)
    tab.open(wide_report)
    tab.value("document.querySelector('.heat').style.width = '900px'")
    tab.value("document.querySelector('.chart text').textContent = 'a label that is '.repeat(9)")
    assert tab.value(TOO_WIDE) and tab.value(CUT)


def test_rows_become_lists_on_a_phone_with_their_columns_names(tab, report):
    screen(tab, 360)
    tab.open(report)
    cell = "document.querySelector('#statistics tbody tr').cells[5]"
    assert tab.value(f"getComputedStyle({cell}, '::before').content") == '"95 % interval"'
    screen(tab, 1400)
    assert tab.value(f"getComputedStyle({cell}, '::before').content") == "none"


def test_sample_corrections_are_marked_also_without_colour_and_run_nothing(tab, corrections_report):
    tab.open(corrections_report)
    assert tab.value("typeof window.hacked") == "undefined" and complaints(tab) == []
    for mark, line in (("ins", "underline"), ("del", "line-through")):
        style = f"getComputedStyle(document.querySelector('#sample-corrections td {mark}'))"
        assert tab.value(f"{style}.textDecorationLine") == line
    name, rows = saved(tab, "#sample-corrections")
    assert name == "Sample-1.csv" and rows[0] == ["who", "text", "by the metrics"]
    assert {len(row) for row in rows} == {3}
    assert [row[0] for row in rows[1:]] == [
        "input", "reference", "C0, untouched", "C", "S0, untouched", "A", "B",
    ]  # fmt: skip
    # A table's CSV has the answer as it is, without what it left out
    assert rows[6][1] == TEXTS[0]
    _, board = saved(tab, "#leaderboard")
    assert len({len(row) for row in board}) == 1


def test_sample_corrections_have_contrast(tab, corrections_report):
    tab.open(corrections_report)
    for scheme in ("light", "dark"):
        emulate(tab, scheme=scheme)
        texts, least = tab.value(CONTRAST.replace("said.map(ratio)", "0"))[:2]
        assert texts > 100 and least >= 4.5, scheme


def test_boxes_can_be_scrolled_by_keyboard(tab, report):
    tab.open(report)
    boxes = "[...document.querySelectorAll('.wide')]"
    assert tab.value(f"{boxes}.every(box => box.tabIndex === 0 && box.ariaLabel)")


CSV = """(() => {
  const kept = window.Blob;
  window.Blob = class { constructor(parts) { window.written = parts.join(""); } };
  URL.createObjectURL = () => "data:,";
  HTMLAnchorElement.prototype.click = function () { window.named = this.download; };
  %s
  window.Blob = kept;
  return [window.named, window.written.replace("\ufeff", "")];
})()"""


def saved(tab, where):
    """Name and rows of the CSV that a table's button writes."""
    name, text = tab.value(CSV % f"document.querySelector('{where} .csv').click();")
    assert tab.value("window.written[0]") == "\ufeff" and text.endswith("\r\n")
    return name, list(csv.reader(io.StringIO(text, newline="")))


def test_every_table_can_be_had_as_csv(tab, report):
    tab.open(report)
    tables = tab.value("document.querySelectorAll('table').length")
    assert tables == tab.value("document.querySelectorAll('.csv').length") > 10
    name, rows = saved(tab, "#leaderboard")
    assert name == "Leaderboard.csv"
    assert rows[0][:3] == ["#", "arm", "chrF ↑"] and rows[1][:3] == ["1", "A (trained)", rows[1][2]]
    assert float(rows[1][2]) > 0 and len({len(row) for row in rows}) == 1
    _, figures = saved(tab, "#statistics")
    places = [figures[0].index(head) for head in ("difference", "n")]
    assert all(float(row[place]) < 1000 for row in figures[1:] for place in places)


def test_no_cell_of_a_csv_is_a_formula(tab, tmp_path):
    texts = ["=1+1", "+cmd|'x'!A0", "-2+3", "@x", "＝1", '"; =1', "a,b", "−3.25", "+10.60", "1,234"]
    path = tmp_path / "formulas.html"
    template = render.page_environment().from_string(SORTABLE)
    rows = [(text, "1", n) for n, text in enumerate(texts)]
    path.write_text(template.render(title="Formulas", rows=rows), encoding="utf-8")
    tab.open(path)
    name, found = saved(tab, "#rows")
    assert name == "Rows.csv" and found[0] == ["name", "share", "rank"]
    assert [row[0] for row in found[1:]] == [
        "'=1+1", "'+cmd|'x'!A0", "'-2+3", "'@x", "'＝1", '"; =1', "a,b", "-3.25", "10.60", "1234",
    ]  # fmt: skip


def test_names_of_slices_and_arms_are_shown_and_not_run(tab, wide_report):
    tab.open(wide_report)
    assert tab.value("document.querySelectorAll('script, img, iframe').length") == 2
    heads = "[...document.querySelectorAll('.heat th')].map(th => th.textContent)"
    assert tab.value(heads).count(HACK) == 1 and f"{HACK} n 20" in tab.value(heads)
    assert tab.value("document.querySelectorAll('svg[role=img]').length") == 2


def test_long_text_keeps_its_lines_and_opens_by_keyboard(tab, report):
    tab.open(report)
    tab.value("[...document.querySelectorAll('.list button')].at(-1).click()")
    long = "document.querySelectorAll('.reader .answers .block')[1]"
    assert tab.value(f"{long}.querySelector('button').innerText") == "Show all 333 characters"
    before = tab.value(f"{long}.offsetHeight")
    tab.value(f"{long}.querySelector('button').focus()")
    tab.press("Enter")
    assert tab.value(f"{long}.offsetHeight > 2 * {before}")
    assert tab.value(f"{long}.querySelector('button')") is None
    assert tab.value(f"document.activeElement === {long}.querySelector('bdi')")
    lines = [line for line in tab.value(f"{long}.innerText").splitlines() if line]
    assert lines[-3:] == ["def f(x):", "    if x:", "        return 1"]


def test_text_has_contrast_on_light_and_dark_pages(tab, report):
    tab.open(report)
    grounds = set()
    for scheme in ("light", "dark"):
        emulate(tab, scheme=scheme)
        grounds.add(tab.value("getComputedStyle(document.body).backgroundColor"))
        texts, least, said = tab.value(CONTRAST)
        assert texts > 100 and least >= 4.5 and len(said) == 3, scheme
    assert len(grounds) == 2


def test_print_is_black_on_white_and_has_no_buttons(tab, report):
    tab.open(report)
    emulate(tab, medium="print", scheme="dark")
    body = "getComputedStyle(document.body)"
    assert tab.value(f"[{body}.color, {body}.backgroundColor]") == [
        "rgb(0, 0, 0)",
        "rgb(255, 255, 255)",
    ]
    # No box of its own and no arrow, while the header's words stay.
    button = "document.querySelector('#hypotheses th button')"
    assert tab.value(f"getComputedStyle({button}).display") == "contents"
    assert tab.value(f"getComputedStyle({button}, '::after').content") == "none"
    assert tab.value(f"{button}.innerText") == "claim"
    assert tab.value("getComputedStyle(document.querySelector('nav')).display") == "none"


def test_page_prints_and_its_tables_fit_the_paper(tab, report):
    tab.open(report)
    emulate(tab, medium="print")
    screen(tab, 690)  # A4 less its margins, in CSS pixels
    assert tab.value("document.documentElement.scrollWidth") <= 690
    printed = base64.b64decode(tab.call("Page.printToPDF")["data"])
    assert printed.startswith(b"%PDF-") and len(printed) > 10_000


def test_contents_lead_to_the_sections(tab, report):
    tab.open(report)
    links = tab.value("[...document.querySelectorAll('nav a')].map(a => [a.hash, a.innerText])")
    sections = "[...document.querySelectorAll('section')]"
    headings = tab.value(f"{sections}.map(s => ['#' + s.id, s.querySelector('h2').innerText])")
    assert links == headings and len(links) == 17


def test_print_unfolds_everything(tab, report):
    tab.open(report)
    folded = "document.querySelectorAll('details:not([open])').length"
    assert tab.value(folded) > 2
    tab.call("Page.printToPDF")
    assert tab.value(folded) == 0


@pytest.mark.parametrize(
    ("section", "header"),
    [
        ("hypotheses", "adjusted p"),
        ("review-sheet", "chrF"),
        ("statistics", "95 % interval"),
        ("statistics", "p"),
        ("statistics", "adjusted p"),
    ],
)
def test_reports_tables_sort_by_the_number_behind_a_cell(tab, report, section, header):
    tab.open(report)
    tab.value(UNFOLD)
    table = f"document.querySelector('#{section} table')"
    heads = tab.value(f"[...{table}.querySelectorAll('th[scope=col]')].map(th => th.innerText)")
    number = [head.split("\xa0")[0] for head in heads].index(header)
    cells = f"[...{table}.tBodies[0].rows].map(row => row.cells[{number}])"
    before = tab.value(f"{cells}.map(cell => cell.dataset.sort)")
    assert len(set(before)) > 2
    for falling in (False, True):
        tab.value(f"{table}.querySelectorAll('th button')[{number}].click()")
        after = tab.value(f"{cells}.map(cell => cell.dataset.sort)")
        known = sorted((float(key) for key in before if key), reverse=falling)
        assert [float(key) for key in after if key] == known
        # What has no number stays last.
        assert after[len(known) :] == [""] * before.count("")


def test_statistics_sort_by_difference_and_by_words(tab, report):
    tab.open(report)
    tab.value(UNFOLD)
    table = "document.querySelector('#statistics table')"
    column = f"[...{table}.tBodies[0].rows].map(row => row.cells[%d].innerText)"
    buttons = f"{table}.querySelectorAll('th button')"
    tab.value(f"{buttons}[4].click()")
    found = [float(text.replace("−", "-")) for text in tab.value(column % 4)]
    assert found == sorted(found) and found[0] < found[-1]
    tab.value(f"{buttons}[2].click()")
    assert tab.value(column % 2) == sorted(tab.value(column % 2), key=str.lower)


def test_rows_stay_below_their_base_when_they_are_sorted(tab, corrections_report):
    tab.open(corrections_report)
    tab.value(UNFOLD)
    table = "document.querySelector('#statistics table')"
    rows = f"[...{table}.tBodies[0].rows].map(row => row.cells[0].innerText)"
    before = tab.value(rows)
    heads = ["small_er", "tiny", "floors"]
    places = [before.index(head) for head in heads]
    assert places == sorted(places) and places[0] == 0
    for _ in range(2):
        tab.value(f"{table}.querySelectorAll('th button')[4].click()")
        after = tab.value(rows)
        assert [after.index(head) for head in heads] == places
        bounds = [*places, len(before)]
        for start, end in zip(bounds, bounds[1:], strict=False):
            assert sorted(after[start:end]) == sorted(before[start:end])
    # Sorted within each: the first arm's greatest difference stands first
    cells = f"[...{table}.tBodies[0].rows].slice(1, {places[1]}).map(row => row.cells[4].innerText)"
    found = [float(text.replace("−", "-")) for text in tab.value(cells)]
    assert found == sorted(found, reverse=True) and len(set(found)) > 1


def test_strips_and_curves_are_drawn_inside_their_boxes(tab, report):
    tab.open(report)
    drawn = """[...document.querySelectorAll('%s')].map((strip) => {
      const box = strip.getBoundingClientRect();
      const circles = [...strip.querySelectorAll('circle')];
      const marks = circles.map((mark) => mark.getBoundingClientRect());
      return [box.width > 50 && box.height > 10, marks.length,
        marks.every((own) => own.left >= box.left - 1 && own.right <= box.right + 1)];
    })"""
    arms = tab.value(drawn % ".board tbody tr:not(.scale) .strip")
    assert arms == [[True, 1, True]] * 6  # three arms, three floors
    panels = tab.value(drawn % ".panel tbody tr:not(.scale) .strip")
    assert len(panels) == 4 * 3 and all(box for box, _, _ in panels)
    curve = "document.querySelector('.chart svg').getBoundingClientRect()"
    assert tab.value(f"{curve}.width > 300 && {curve}.height > 80")
    assert tab.value("document.querySelectorAll('svg [id], svg [clip-path]').length") == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_verdicts_differ_in_colour_and_in_words(tab, report, scheme):
    emulate(tab, scheme=scheme)
    tab.open(report)
    said = "[...document.querySelectorAll('.board .helped, .board .hurt, .floor')]"
    found = tab.value(f"{said}.map(part => [part.className, getComputedStyle(part).color])")
    colours = dict(found)
    assert len(set(colours.values())) > 1 or len(colours) == 1
    assert tab.value(f"{said}.every(part => part.textContent.trim())")


def test_index_is_silent_fits_a_phone_and_leads_to_the_report(tab, index):
    screen(tab, 360)
    tab.open(index)
    assert complaints(tab) == []
    requests = [event["request"]["url"] for event in tab.seen("Network.requestWillBeSent")]
    assert [url for url in requests if not url.startswith("data:")] == [index.resolve().as_uri()]
    assert tab.value("document.documentElement.scrollWidth") <= 360
    assert tab.value("document.querySelector('h2 a').getAttribute('href')") == "toy.html"

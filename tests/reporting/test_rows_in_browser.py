"""The browser of rows in headless Chromium: filters, search, keys, links, marks, phone, paper."""

import contextlib

import pytest

from stages.reporting import data, render
from tests.reporting import chromium
from tests.reporting.study import DECLARED, Study
from tests.reporting.test_browser import complaints, emulate, screen

if chromium.PROGRAM is None:
    reason = "no Chromium on this machine: the browser of rows was not opened in it"
    pytest.skip(reason, allow_module_level=True)

N = 30
WORDS = ["save", "Save As", "delete", "ﾊﾝｶｸ", "open"]
TEXTS = [f"{WORDS[n % 5]} the file number {n} for good" for n in range(N)]
# Right, as bad as the base, and worse than it
ANSWERS = [[f"訳 {text}", text[:15], ""][n % 3] for n, text in enumerate(TEXTS)]
ORIGINS = [["left"], ["right"], ["left", "right"]]
READ = "document.querySelector('.reader h3 code')?.textContent"
PLACE = "document.querySelector('.bar output').textContent"
COUNT = "document.querySelector('.list summary').textContent"


@pytest.fixture(scope="module")
def carried(tmp_path_factory):
    """A page's file and what it carries along for its browser of rows."""
    folder = tmp_path_factory.mktemp("rows")
    with contextlib.chdir(folder):
        declared = {
            **DECLARED,
            "study": {"toy": DECLARED["study"]["toy"] | {"slice_by": "category"}},
        }
        answers = {"toy-s0": [text[:15] for text in TEXTS], "toy-b": ANSWERS}
        study = Study(TEXTS, declared, answers=answers)
        study.answer("toy-b", ANSWERS, cut=range(0, N, 5))
        study.run()
        gathered = data.gather(study.plan)
    for place, row in enumerate(gathered["rows"]["rows"]):
        row["origins"] = ORIGINS[place % 3]
    path = folder / "report.html"
    path.write_text(render.page(gathered), encoding="utf-8")
    return path, gathered["rows"]


def control(name):
    """A control of the browser of rows, by its label."""
    labels = "[...document.querySelectorAll('.browser label')]"
    found = f"{labels}.find(label => label.textContent.startsWith('{name}'))"
    return f"{found}.querySelector('input, select')"


def choose(tab, name, value):
    """Give a select or a search box a value, as a reader does."""
    tab.value(
        f"""(() => {{ const made = {control(name)}; made.value = {value!r};
        made.dispatchEvent(new Event(made.type === 'search' ? 'input' : 'change')) }})()"""
    )


def listed(tab):
    """Ids of the rows in the list."""
    return tab.value(
        "[...document.querySelectorAll('.list li:not([hidden]) code')].map(c => c.textContent)"
    )


def desk(tab, width=1280):
    """A screen that has room for the list beside the row."""
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    tab.call("Emulation.setDeviceMetricsOverride", **size)


def ids(rows, wanted):
    return [row["id"] for row in rows["rows"] if wanted(row)]


@pytest.mark.parametrize("arm", ["toy-a", "toy-b"])
@pytest.mark.parametrize("outcome", ["won", "lost", "tied"])
def test_won_lost_and_tied_are_what_python_counts(tab, carried, arm, outcome):
    path, rows = carried
    is_it = {"won": lambda g: g > 0, "lost": lambda g: g < 0, "tied": lambda g: g == 0}[outcome]
    expected = ids(rows, lambda row: is_it(row["answers"][arm]["gain"]))
    assert arm == "toy-a" or len(expected) == 10
    tab.open(path)
    choose(tab, "arm", arm)
    options = f"[...{control('against')}.options].map(option => option.text)"
    assert f"{outcome} ({len(expected)})" in tab.value(options)
    choose(tab, "against", outcome)
    assert listed(tab) == expected
    some = f"{len(expected)} of 30 rows match"
    assert tab.value(COUNT) == (some if len(expected) < N else "All 30 rows")
    assert complaints(tab) == []


def test_filters_go_together_and_are_cleared(tab, carried):
    path, rows = carried
    tab.open(path)
    assert listed(tab) == ids(rows, lambda row: True) and tab.value(PLACE) == "Row 1 of 30"
    choose(tab, "arm", "toy-b")
    choose(tab, "category", "poems")
    choose(tab, "origin", "left")
    tab.value(f"{control('hit the limit')}.click()")
    expected = ids(
        rows,
        lambda row: (
            row["slice"] == "poems"
            and "left" in row["origins"]
            and row["answers"]["toy-b"].get("hit_limit")
        ),
    )
    assert listed(tab) == expected and 0 < len(expected) < 5
    assert tab.value(PLACE) == f"Row 1 of {len(expected)}"
    tab.value("document.querySelector('.filters button').click()")
    assert len(listed(tab)) == N and tab.value(READ) == expected[0]


@pytest.mark.parametrize(
    ("wanted", "number"),
    [
        ("sAvE", 12),
        ("save as", 6),
        ("NUMBER 7 ", 1),
        ("ハンカク", 6),
        ("訳", N),
        ("r07", 1),
        ("xyz", 0),
    ],
)
def test_search_looks_through_all_texts_whatever_the_case(tab, carried, wanted, number):
    path, _ = carried
    tab.open(path)
    choose(tab, "search", wanted)
    assert len(listed(tab)) == number
    assert tab.value(PLACE) == (f"Row 1 of {number}" if number else "No row of 30 matches")
    assert (tab.value(READ) is None) == (number == 0)


def test_hits_are_painted_across_marks(tab, carried):
    path, _ = carried
    tab.open(path)
    choose(tab, "search", "訳 save the")
    texts = "[...CSS.highlights.get('searched')].map(range => range.toString())"
    assert "訳 save the" in tab.value(texts)


def test_keys_lead_through_the_rows_that_match(tab, carried):
    path, _ = carried
    desk(tab)
    tab.open(path)
    tab.press("j")  # the browser of rows is out of sight
    assert tab.value(READ) == "r00"
    tab.press("/")
    assert tab.value(f"document.activeElement === {control('search')}")
    tab.press("j")  # a letter of the search
    assert tab.value(f"{control('search')}.value") == "j" and listed(tab) == []
    choose(tab, "search", "")
    choose(tab, "category", "recipes")
    tab.value("document.querySelector('.list button[aria-current]').focus()")
    read = []
    for key in ("j", "j", "k", "ArrowRight", "ArrowLeft", "ArrowDown"):
        tab.press(key)
        read.append(tab.value(READ))
    assert read == ["r03", "r05", "r03", "r05", "r03", "r05"]
    assert tab.value("document.activeElement.getAttribute('aria-current')") == "true"
    for _ in range(20):
        tab.press("j")
    assert tab.value(READ) == "r29"
    assert tab.value("document.querySelectorAll('.bar button')[1].disabled")
    assert tab.value("document.querySelectorAll('.list [aria-current]').length") == 1


def test_address_leads_to_a_row_and_back_to_what_was_asked(browser, carried):
    path, _ = carried
    tab = browser.tab()
    tab.open(path, "#row=r07")
    assert tab.value(READ) == "r07" and tab.value(PLACE) == "Row 8 of 30"
    assert tab.value("document.querySelector('.bar').getBoundingClientRect().top < innerHeight")
    choose(tab, "arm", "toy-b")
    choose(tab, "against", "lost")
    choose(tab, "search", "save & as")
    choose(tab, "search", "save")
    tab.press("j")
    end, place, read = (tab.value(script) for script in ("location.hash", PLACE, READ))
    again = browser.tab()
    again.open(path, end)
    assert (again.value(PLACE), again.value(READ)) == (place, read)
    assert listed(again) == listed(tab) and len(listed(tab)) < 10
    assert again.value(f"{control('search')}.value") == "save"
    again.value("location.hash = 'row=r09'")
    again.value("new Promise(requestAnimationFrame)")
    assert again.value(READ) == "r09" and len(listed(again)) == N
    again.value("location.hash = 'row=gone'")
    again.value("new Promise(requestAnimationFrame)")
    assert again.value(PLACE) == "Row gone is not on this page"
    # A section's address is none of the browser's.
    again.value("location.hash = 'statistics'")
    again.value("new Promise(requestAnimationFrame)")
    assert again.value("location.hash") == "#statistics" and again.value(READ) == "r09"


def test_answers_are_shown_by_choice(tab, carried):
    path, _ = carried
    tab.open(path)
    titles = "[...document.querySelectorAll('.reader .answers h4')].map(h => h.firstChild.data)"
    assert tab.value(titles) == ["S0, untouched", "A", "B", "nearest training row"]
    for name in ("S0", "nearest"):
        tab.value(f"{control(name)}.click()")
    assert tab.value(titles) == ["A", "B"]
    tab.press("j")
    assert tab.value(titles) == ["A", "B"]


@pytest.mark.parametrize(
    ("reference", "answer", "expected"),
    [
        ("a b c", "a b c", "a b c"),
        ("a b c", "a x c", "a [-b][+x] c"),
        ("a b c", "a b c d e", "a b c [+d e]"),
        ("one two three", "one three", "one [-two]three"),
        ("生のセル", "新しい生のセル", "[+新しい]生のセル"),
        ("ファイルを開く", "ファイルを閉じる", "ファイルを[-開く][+閉じる]"),
        ("VLC を使う", "VLC で使う", "VLC [-を][+で]使う"),
        ("a b c d e", "", "none"),
        ("a b c", "x y z", "none"),
        ("", "", ""),
        ("👨‍👩‍👧 b", "👨‍👩‍👦 b", "[-👨‍👩‍👧][+👨‍👩‍👦] b"),
    ],
)
def test_words_that_differ_are_marked(tab, carried, reference, answer, expected):
    path, _ = carried
    tab.open(path)
    script = f"Words.differences({reference!r}, {answer!r})"
    found = tab.value(script)
    kept = "".join(text for kind, text in found["parts"] if kind != "less")
    assert kept == answer and found["whole"]
    marks = {"same": "{}", "more": "[+{}]", "less": "[-{}]"}
    shown = "".join(marks[kind].format(text) for kind, text in found["parts"])
    assert (shown if found["kin"] else "none") == expected


def test_long_texts_are_compared_in_bounded_time(tab, carried):
    path, _ = carried
    tab.open(path)
    script = """(() => {
      const words = (n) => Array.from({ length: 20000 }, (_, i) => `w${i % n}`).join(" ");
      const [a, b] = [words(2), words(3)];
      const started = performance.now();
      const { parts, whole } = Words.differences(a, b);
      const kept = parts.filter(([kind]) => kind !== "less").map(([, text]) => text).join("");
      return [kept === b, whole, performance.now() - started];
    })()"""
    kept, whole, took = tab.value(script)
    assert kept and not whole and took < 5000


@pytest.mark.parametrize("width", [360, 800, 1400])
def test_browser_fits_the_screen_whatever_the_row(tab, carried, width):
    path, _ = carried
    text = path.read_text(encoding="utf-8").replace(TEXTS[0], "x" * 3000)
    long = path.with_name(f"long{width}.html")
    long.write_text(text.replace('"title":"B"', f'"title":"{"B" * 200}"'), encoding="utf-8")
    screen(tab, width)
    tab.open(long)
    assert "x" * 3000 in tab.value("document.querySelector('.reader .given').textContent")
    opened = "document.querySelectorAll('.browser details').forEach(d => { d.open = true })"
    tab.value(opened)
    assert tab.value("document.documentElement.scrollWidth") <= width
    parts = ".browser select, .browser input:not([type=checkbox]), .browser .tick"
    parts += ", .bar button, .list button"
    heights = tab.value(f"[...document.querySelectorAll('{parts}')].map(p => p.offsetHeight)")
    assert min(heights) >= 38


def test_every_control_has_a_name_and_shows_its_focus(tab, carried):
    path, _ = carried
    tab.open(path)
    named = """[...document.querySelectorAll('.browser :is(input, select, button)')]
      .every((made) => made.ariaLabel || made.labels?.[0]?.textContent || made.textContent)"""
    assert tab.value(named)
    for wanted in (control("search"), "document.querySelectorAll('.bar button')[1]"):
        tab.value(f"{wanted}.focus()")
        tab.press("Tab")
        assert tab.value("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    assert tab.value("document.querySelector('.bar output').ariaLive") == "polite"


def test_handful_of_rows_is_there_on_paper_and_without_a_script(browser, carried):
    path, _ = carried
    heights = (
        "[...document.querySelectorAll('.handful, .browser')].map(part => part.offsetHeight > 0)"
    )
    tab = browser.tab()
    tab.open(path)
    assert tab.value(heights) == [False, True]
    emulate(tab, medium="print")
    assert tab.value(heights) == [True, False]
    plain = browser.tab()
    plain.call("Emulation.setScriptExecutionDisabled", value=True)
    plain.open(path)
    assert plain.value(heights) == [True]
    shown = plain.value("[...document.querySelectorAll('.handful h3 code')].map(c => c.innerText)")
    assert len(shown) == 6 and plain.value("document.body.innerText").count("save the file") >= 3

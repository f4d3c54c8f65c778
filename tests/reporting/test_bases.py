"""Studies whose arms stand on several bases: tables list base and trained arms base by base."""

import copy
import re

import pytest

from stages.reporting import bases, data
from stages.reporting.render import cell
from tests.reporting.pages import MARKDOWN, OURS, Page, section, shown, table
from tests.reporting.study import ARM, DECLARED, HOSTILE, Study

TWO = {name: {"base": base} for name, base in zip("abcde", ["1", "2", "1", "2", None], strict=True)}


def test_one_base_has_no_head():
    one = {name: {"base": "one"} for name in "ab"}
    assert bases.by_base(["b", "copy", "a"], one) == {"": ["b", "copy", "a"]}
    assert bases.by_base([], one) == {"": []}


def test_bases_come_by_their_first_arm_and_floors_last():
    found = bases.by_base(["e", "copy", *"badc"], TWO)
    assert list(found.items()) == [
        ("2", ["b", "d"]), ("1", ["a", "c"]),
        (bases.ELSEWHERE, ["e"]), (bases.FLOORS, ["copy"]),
    ]  # fmt: skip


def test_some_arms_of_a_study_are_named_by_base_as_all_are():
    assert bases.bases_of(["e", "d", "a", "copy"], TWO) == {
        "a": "1", "d": "2", "e": bases.ELSEWHERE, "copy": bases.FLOORS,
    }  # fmt: skip
    assert list(bases.bases_of(["d", "e", "a"], TWO)) == ["a", "d", "e"]
    assert bases.bases_of(["d"], TWO) == {"d": "2"}
    assert bases.bases_of(["b", "a"], {name: {"base": "one"} for name in "ab"}) == {
        "b": "", "a": "",
    }  # fmt: skip


def test_base_is_named_above_the_first_of_its_rows():
    assert bases.above(["1", "1", "2", "2", "floors"]) == {0: "1", 2: "2", 4: "floors"}
    assert bases.above(["", ""]) == bases.above([]) == {}


def test_columns_of_a_plain_table_come_base_by_base():
    plain = {"caption": "", "arms": ["a", "b", "c"], "rows": [("steps", ["1", "2", "3"])]}
    found = bases.columns(plain, TWO)
    assert found["arms"] == ["a", "c", "b"] and found["bases"] == ["1", "1", "2"]
    assert found["rows"] == [("steps", ["1", "3", "2"])]


def on_two_bases(texts):
    """A and B on the one base, C on another, all beside their own, in a study of corrections."""
    declared = copy.deepcopy(DECLARED)
    declared["bases"]["small_er"] = {**declared["bases"]["tiny"], "path": "smaller"}
    declared["arms"] |= {
        "toy-c": {**ARM, "title": "C", "base": "small_er"},
        "toy-c0": {**ARM, "title": "C0, untouched", "base": "small_er", "method": "none"},
    }
    declared["study"]["toy"]["metrics"] |= {"over_correction": {}, "under_correction": {}}
    return Study(texts, declared)


@pytest.fixture
def two_bases(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return on_two_bases(HOSTILE)


def test_leaderboard_groups_by_base_and_ranks_count_through(two_bases):
    board = data.gather(two_bases.plan)["board"]
    arms = two_bases.declared["arms"]
    base = [
        arms[line["who"]]["base"] if line["who"] in arms else "floors" for line in board["lines"]
    ]
    assert list(dict.fromkeys(base)) == ["tiny", "small_er", "floors"]
    assert base == sorted(base, key=["tiny", "small_er", "floors"].index)
    for head in dict.fromkeys(base):
        own = [line for line, of in zip(board["lines"], base, strict=True) if of == head]
        values = [line["value"] for line in own]
        assert values == sorted(values, reverse=True)
        assert [line["head"] for line in own] == [head] + [""] * (len(own) - 1)
    assert sorted(line["rank"] for line in board["lines"] if line["rank"]) == [1, 2, 3, 4, 5]


def test_pages_have_a_row_above_each_base(two_bases):
    written, html = two_bases.report()
    assert set(Page(html).tags) <= OURS and set(shown(written).tags) <= MARKDOWN
    heads = '<tr class="of-base"><th scope="rowgroup" colspan="(.)">(.*?)</th></tr>'
    (board,) = re.findall('<table class="board">(.*?)</table>', html, re.S)
    columns = str(len(re.findall("<t[hd]", board.split("</thead>")[0])) - 1)
    assert re.findall(heads, board) == [(columns, of) for of in ("tiny", "small_er", "floors")]
    for heading in ("Leaderboard", "Sample corrections"):
        said = section(written, heading)
        assert "**tiny**" in said and f"**{cell('small_er')}**" in said
    assert "best first within each base" in written and "best first within each base" in html
    samples = data.gather(two_bases.plan)["corrections"]["samples"]
    arms = {base: [one["arm"] for one in own] for base, own in samples[0]["groups"].items()}
    assert arms == {"tiny": ["toy-s0", "toy-a", "toy-b"], "small_er": ["toy-c0", "toy-c"]}


def grouped(html, heading):
    """The rows of a section's tables: bases as they are, of an arm its title."""
    own = html.split(f"<h2>{heading}</h2>")[1].split("</section>")[0]
    rows = re.findall("<tr.*?</tr>", own.split("<tbody>")[1], re.S)
    return [re.search('<th scope="row(?:group)?"[^>]*>(.*?)</th>', row).group(1) for row in rows]


def test_other_tables_have_a_row_above_each_base(two_bases):
    two_bases.declared["arms"]["toy-c"]["lr"] = 0.125
    two_bases.declared["arms"]["toy-b"]["lr"] = 0.5
    two_bases.run()
    written, html = two_bases.report()
    # In the order of the arms, untouched ones first and by name
    trained = ["small_er", "C", "tiny", "A", "B"]
    every = ["small_er", "C0, untouched", "C", "tiny", "S0, untouched", "A", "B"]
    assert grouped(html, "Settings") == trained and grouped(html, "Training") == every
    statistics = list(dict.fromkeys(grouped(html, "Statistics")))
    assert statistics[:6] == [*trained, "floors"]
    head, base, *_ = table(written, "Cost")
    assert head == ["", *(title for title in every if title not in ("small_er", "tiny"))]
    assert base == ["base", *[f"**{cell('small_er')}**"] * 2, *["**tiny**"] * 3]
    for heading in ("Settings", "Statistics"):
        heads = [row[0] for row in table(written, heading) if row[0].startswith("**")]
        assert heads[:2] == [f"**{cell('small_er')}**", "**tiny**"]


def test_study_with_one_base_says_nothing_of_it(study):
    written, html = study.report()
    assert 'class="of-base"' not in html and "within each base" not in written + html
    assert "| base |" not in written and "**tiny**" not in written
    assert {line["head"] for line in data.gather(study.plan)["board"]["lines"]} == {""}

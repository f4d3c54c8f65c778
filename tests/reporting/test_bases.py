"""Studies whose arms stand on several bases: tables list base and trained arms base by base."""

import copy
import re

import pytest

from stages.reporting import bases, data
from stages.reporting.render import cell
from tests.reporting.pages import MARKDOWN, OURS, Page, section, shown
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


def test_study_with_one_base_says_nothing_of_it(study):
    written, html = study.report()
    assert 'class="of-base"' not in html and "within each base" not in written + html
    assert {line["head"] for line in data.gather(study.plan)["board"]["lines"]} == {""}

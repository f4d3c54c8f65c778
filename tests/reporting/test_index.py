"""The index page: all studies, each with what came out of it."""

import re

import pytest

from stages import paths, records
from stages.reporting import data, overview
from tests.reporting.pages import OURS, Page, plain
from tests.reporting.study import HOSTILE


@pytest.fixture
def others(study):
    """Studies that were never run, one for each hostile title."""
    for number, text in enumerate(filter(None, HOSTILE)):
        name = f"z{number:02}"
        plan = {**study.plan, "study": name, "title": f"title {text}", "question": text}
        records.write_json(paths.plan("report", name), plan)
    return number + 1


def test_study_has_its_verdict_a_link_its_plot_and_its_cost(study):
    html = study.index()
    (part,) = re.findall('<article class="study">\n(.*?)\n</article>', html, re.S)
    gathered = data.gather(study.plan)
    skill = study.compared["floors"]["arms"]["toy-a"]["chrf"]["skill"]
    value, low, high = (f"{skill[side]:.2f}" for side in ("value", "low", "high"))
    cells = [plain(cell) for cell in Page(part).cells]
    assert cells[0] == "Toy" and part.count("<a ") == 1 and '<a href="toy.html">Toy</a>' in part
    assert {"Does it?", gathered["verdict"], gathered["advice"]["text"]} <= set(cells)
    facts = dict(re.findall("<dt>(.*?)</dt><dd>(.*?)</dd>", part))
    assert facts == {"skill": f"{value} [{low}, {high}]", "looks at test": "1", "arms trained": "2"}
    assert part.count('<table class="panel"') == 1 and part.count("<circle") == 2
    assert [plain(head) for head in re.findall('<th scope="row">(.*?)</th>', part)] == ["A", "B"]


def test_cost_is_what_runs_recorded(study):
    for arm, tokens in (("toy-a", 1200), ("toy-b", 34)):
        path = paths.training("toy", arm)
        records.write_json(path, {**records.read_json(path), "tokens": tokens, "seconds": 600})
    html = study.index()
    assert "<dt>training tokens</dt><dd>1,234</dd>" in html
    assert "<dt>training time</dt><dd>20 min</dd>" in html


@pytest.mark.parametrize(
    ("seconds", "expected"), [(4.4, "4 s"), (89, "89 s"), (90, "2 min"), (9000, "2.5 h")]
)
def test_duration(seconds, expected):
    assert overview.duration(seconds) == expected


def test_study_that_did_not_run_is_there_without_a_link(study, others):
    page = Page(study.index())
    assert [plain(cell) for cell in page.cells].count("Not run yet.") == others
    assert [value for _, name, value in page.attributes if name == "href"] == ["data:,", "toy.html"]


def test_study_that_stopped_halfway_did_not_run(study):
    paths.test_quality("toy").unlink()
    page = Page(study.index())
    assert "Not run yet." in map(plain, page.cells)
    assert not {"a", "table", "h3"} & set(page.tags)


def test_results_of_a_version_that_knew_no_floors_count_as_none(study):
    older = {key: value for key, value in study.compared.items() if key != "floors"}
    records.write_json(paths.comparisons("toy"), older)
    assert "Not run yet." in map(plain, Page(study.index()).cells)


def test_titles_are_text(study, others):
    html = study.index()
    page = Page(html)
    assert set(page.tags) <= OURS and page.tags.count("script") == 1
    assert not [name for _, name, _ in page.attributes if name.startswith("on") or name == "style"]
    cells = [plain(cell) for cell in page.cells]
    for text in filter(None, HOSTILE):
        assert plain(text) in cells and f"title {plain(text)}" in cells
    assert others == len(HOSTILE) - 1


def test_page_has_the_reports_policy(study):
    policy = 'http-equiv="Content-Security-Policy" content="([^"]*)"'
    _, report = study.report()
    # But for the hashes: a report has a style and a script more.
    pages = [re.sub("sha256-[^']*", "hash", page) for page in (study.index(), report)]
    assert re.findall(policy, pages[0]) == re.findall(policy, pages[1]) != []


def test_no_study_at_all(tmp_path, monkeypatch):
    from stages import index

    monkeypatch.chdir(tmp_path)
    index.main()
    assert "<h1>Assay: studies</h1>" in paths.report("index", "html").read_text(encoding="utf-8")


def test_same_results_give_the_same_bytes(study):
    assert study.index() == study.index()

"""Samples of corrections: which they are, that labels are the metrics' findings, texts are text."""

import copy
import html as markup
import re

import pytest

from stages import records
from stages.metrics import METRICS
from stages.reporting import data
from stages.reporting import sample_corrections as samples
from tests.reporting.pages import MARKDOWN, OURS, Page, plain, section, shown
from tests.reporting.study import DECLARED, HACK, HOSTILE, Study

RATES = ("exact_any", "acceptable", "over_correction", "under_correction", "verbose_rate")
SCORED = (*RATES, "edits_f05")
INPUT = "She go to a school yesterday."
RIGHT = ["She went to school yesterday.", "She went to the school yesterday."]


def found(text, names=SCORED, right=RIGHT, cut=False):
    """The labels of an answer to one row, by the statistics that `evaluate` would leave."""
    row = {"id": "r", "input": INPUT, "target": right[0], "references": right}
    answer = {"text": text, "hit_limit": cut}
    statistics = {name: METRICS[name].statistics([row | answer])[0] for name in names}
    return samples.labels(row, answer, statistics)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (RIGHT[0], ["equals a reference"]),
        (RIGHT[1], ["equals a reference"]),
        (INPUT, ["unchanged", "misses 2 edits"]),
        ("She went to a school yesterday.", ["acceptable", "misses 1 edit"]),
        ("She went to school today.", ["acceptable", "over-corrects by 1 edit"]),
        (
            "The corrected sentence is: She went to school yesterday.",
            ["over-corrects by 1 edit", "verbose (1.5 times the longest reference)"],
        ),
    ],
)
def test_labels_by_hand(text, expected):
    assert found(text) == expected


def test_label_says_what_no_metric_was_asked():
    assert found("She went there.", ["over_correction"]) == ["over-corrects"]
    assert found(INPUT, ["under_correction"]) == ["unchanged", "misses edits"]
    assert found(RIGHT[0], ["chrf"]) == [] and found("", ["chrf"], cut=True) == ["cut at the limit"]


def test_labels_are_the_metrics_rows_and_nothing_else():
    row = {"id": "r", "input": INPUT, "target": RIGHT[0], "references": RIGHT}
    answer = {"text": RIGHT[0], "hit_limit": False}
    forged = {name: [1, 1] for name in RATES} | {"edits_f05": [0, 3, 4, 1, 1]}
    assert samples.labels(row, answer, forged) == [
        "equals a reference", "over-corrects by 3 edits", "misses 4 edits",
        "verbose (0.8 times the longest reference)",
    ]  # fmt: skip
    nothing = {name: [0, 1] for name in RATES} | {"edits_f05": None}
    assert samples.labels(row, answer, nothing) == []


def rows(count, slices):
    return [
        {"id": f"r{n}", "slice": slices[n % len(slices)] if slices else None} for n in range(count)
    ]


def test_one_row_of_each_slice_by_the_hash_of_its_id():
    every = rows(30, "abcd")
    picked = samples.pick(every)
    assert samples.pick(every[::-1]) == picked
    assert sorted(row["slice"] for row in picked) == list("abcd")
    for row in picked:
        own = [other["id"] for other in every if other["slice"] == row["slice"]]
        assert row["id"] == min(own, key=records.digest)


def test_a_handful_at_most_and_as_many_without_slices():
    assert len(samples.pick(rows(40, "abcdefghijkl"))) == samples.MOST
    bare = samples.pick(rows(40, ""))
    assert len({row["id"] for row in bare}) == len(bare) == samples.MOST
    assert len(samples.pick(rows(2, ""))) == 2


def corrected(texts=HOSTILE, **more):
    """A toy study of corrections whose models wrote hostile texts."""
    declared = copy.deepcopy(DECLARED)
    declared["study"]["toy"]["metrics"] |= {name: {} for name in SCORED}
    declared["study"]["toy"]["slice_by"] = "category"
    declared["study"]["toy"] |= more
    return Study(texts, declared, ("poems", HACK, "recipes"))


@pytest.fixture
def study(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return corrected()


def test_texts_are_text_on_both_pages(study, monkeypatch):
    monkeypatch.setattr(samples, "pick", lambda rows: rows)
    written, html = study.report()
    assert set(Page(html).tags) <= OURS and set(shown(written).tags) <= MARKDOWN
    assert not [name for _, name, _ in Page(html).attributes if name.startswith("on")]
    own = html.split('<section id="sample-corrections">')[1].split("</section>")[0]
    # The inputs, the references and A's answers are all there, whatever is marked in them
    texts = [plain(text) for text in re.findall(r'<td data-csv="(.*?)">', own, re.S)]
    for text in filter(None, map(plain, HOSTILE)):
        assert plain(Page(own).text).count(text) >= 2
        assert text in [markup.unescape(one) for one in texts]
    assert own.count("<h3>Sample ") == len(HOSTILE) and "(empty)" in own


def test_page_says_the_rule_and_shows_each_arm_with_its_labels(study):
    gathered = data.gather(study.plan)["corrections"]
    assert [sample["slice"] for sample in gathered["samples"]] == [
        row["slice"] for row in samples.pick(shown_rows(study))
    ]
    written, html = study.report()
    said = plain(section(written, "Sample corrections"))
    assert gathered["rule"] in said and gathered["rule"] in plain(Page(html).text)
    assert "the first one of each category" in gathered["rule"] and "3 here" in gathered["rule"]
    arms = [one["arm"] for one in gathered["samples"][0]["groups"][""]]
    assert arms == ["toy-s0", "toy-a", "toy-b"]
    for sample in gathered["samples"]:
        for one in sample["groups"][""]:
            assert one["labels"] and "; ".join(one["labels"]) in said


def shown_rows(study):
    return [
        {"id": row["id"], "slice": row["category"]}
        for row in sorted(study.examples["dev"], key=lambda row: row["id"])
    ]


def test_better_answers_pick_no_other_rows(study):
    before = [sample["id"] for sample in data.gather(study.plan)["corrections"]["samples"]]
    study.answer("toy-b", [row["target"] for row in study.examples["dev"]])
    study.run()
    after = data.gather(study.plan)["corrections"]["samples"]
    assert [sample["id"] for sample in after] == before
    right = [one for sample in after for one in sample["groups"][""] if one["arm"] == "toy-b"]
    assert all(one["labels"][0] == "equals a reference" for one in right)


@pytest.mark.parametrize("publish", ["none", "sample"])
def test_no_row_is_shown_that_is_not_published(tmp_path, monkeypatch, publish):
    monkeypatch.chdir(tmp_path)
    study = corrected([f"line {n} of it" for n in range(40)], publish=publish)
    gathered = data.gather(study.plan)
    if publish == "none":
        assert gathered["corrections"] is None
        assert "Sample corrections" not in "".join(study.report())
    else:
        published = {row["id"] for row in gathered["rows"]["rows"]}
        assert {sample["id"] for sample in gathered["corrections"]["samples"]} <= published


def test_studies_that_score_no_correction_have_no_such_section(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    plain_study = Study(HOSTILE)
    assert data.gather(plain_study.plan)["corrections"] is None
    assert "Sample corrections" not in "".join(plain_study.report())

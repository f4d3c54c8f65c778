"""The hub as a source: its revision is passed on, and a failure is one line."""

import datasets
import pytest

from stages.command import UserError
from stages.sources import hub

REVISION = "0123456789abcdef0123456789abcdef01234567"
SOURCE = {
    "kind": "hub",
    "id": "someone/pairs",
    "revision": REVISION,
    "config": None,
    "split": "train",
    "columns": {"input": "en", "target": "ja"},
}


@pytest.fixture
def local(monkeypatch):
    """A stand-in for the hub: a table in memory; collects what was asked for."""
    asked = []

    def load_dataset(*words, **options):
        asked.append((words, options))
        return datasets.Dataset.from_list(load_dataset.rows)

    load_dataset.rows = [
        {"en": "hello", "ja": "ハロー", "n": 1},
        {"en": "bye", "ja": "では", "n": 2},
    ]
    load_dataset.asked = asked
    monkeypatch.setattr(datasets, "load_dataset", load_dataset)
    return load_dataset


def test_rows_are_mapped_and_named_after_the_data_set(local):
    examples = hub.read(SOURCE)
    assert [(e["input"], e["target"], e["origin"]) for e in examples] == [
        ("hello", "ハロー", "someone/pairs"),
        ("bye", "では", "someone/pairs"),
    ]
    assert all(set(e) == {"id", "input", "target", "origin"} for e in examples)


@pytest.mark.parametrize("config", [None, "en-ja"])
def test_revision_config_and_split_are_passed_on(local, config):
    hub.read({**SOURCE, "config": config, "split": "validation"})
    words, options = local.asked[0]
    assert words == ("someone/pairs", config)
    assert (options["split"], options["revision"]) == ("validation", REVISION)


def test_each_revision_and_configuration_has_a_cache_of_its_own(local):
    """What `datasets` takes where the hub does not answer is the last of that name in its cache."""
    for change in ({}, {"config": "en-ja"}, {"revision": "f" * 40}, {}):
        hub.read({**SOURCE, **change})
    used = [options["cache_dir"] for _, options in local.asked]
    assert len(set(used)) == 3 and used[0] == used[3]
    assert all(place.startswith(str(datasets.config.HF_DATASETS_CACHE)) for place in used)


def test_another_revision_in_the_cache_is_not_taken_when_the_hub_is_late(tmp_path, monkeypatch):
    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", tmp_path / "cache")
    (tmp_path / "rows.jsonl").write_text('{"en": "another", "ja": "revision"}\n')
    rows = str(tmp_path / "rows.jsonl")
    datasets.load_dataset("json", data_files=rows, cache_dir=str(tmp_path / "made"))
    (made,) = tmp_path.glob("made/json/default-*/*/*/dataset_info.json")
    version, digest = made.parent.parts[-2:]
    for arrow in made.parent.glob("json-*.arrow"):
        arrow.rename(arrow.with_name(arrow.name.replace("json-", "pairs-")))
    info = made.read_text().replace(made.parts[-4], "default")
    made.write_text(info.replace('"dataset_name": "json"', '"dataset_name": "pairs"'))
    place = tmp_path / "cache/someone___pairs/default" / version
    place.mkdir(parents=True)
    made.parent.rename(place / digest)

    def late(*words, **options):
        raise TimeoutError("timed out")

    monkeypatch.setattr(datasets.load.HfApi, "hf_hub_download", late)
    taken = datasets.load_dataset("someone/pairs", split="train", revision=REVISION)
    assert taken[0] == {"en": "another", "ja": "revision"}, "what the folder apart is there for"
    with pytest.raises(UserError, match="TimeoutError: timed out. Check the network, or run again"):
        hub.read(SOURCE)


class ReadTimeout(Exception):
    """As the hub's client has one, without Python's TimeoutError above it."""


@pytest.mark.parametrize("error", [TimeoutError(), ReadTimeout("x"), ConnectionError("no\nroute")])
def test_hub_that_does_not_answer_is_told_from_one_that_refuses(monkeypatch, error):
    def late(*words, **options):
        raise error

    monkeypatch.setattr(datasets, "load_dataset", late)
    with pytest.raises(UserError) as raised:
        hub.read(SOURCE)
    assert str(raised.value).endswith("the hub did not answer, also not when asked again.")
    assert "HF_TOKEN" not in str(raised.value) and "\n" not in str(raised.value)


@pytest.mark.parametrize("field", ["translation.en", "translation"])
def test_column_within_a_column(local, field):
    local.rows = [{"translation": {"en": "hello", "ja": "ハロー"}}]
    columns = {"input": "translation.en", "target": "translation.ja", "more": field}
    (example,) = hub.read({**SOURCE, "columns": columns})
    assert (example["input"], example["target"]) == ("hello", "ハロー")
    assert example["more"] in ("hello", local.rows[0]["translation"])


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"en": "x"}, "someone/pairs:row 2:ja: expected str, found NoneType"),
        ({"en": "x", "ja": ""}, "someone/pairs:row 2:ja: empty"),
    ],
)
def test_bad_row_is_named(local, row, said):
    local.rows = [local.rows[0], row]
    with pytest.raises(UserError, match=f"^{said}"):
        hub.read(SOURCE)


def test_missing_column_and_empty_split_are_named(local):
    with pytest.raises(UserError, match="someone/pairs:row 1:text: missing; the row has en, ja, n"):
        hub.read({**SOURCE, "columns": {"input": "text", "target": "ja"}})
    local.rows = []
    with pytest.raises(
        UserError, match="the data set 'someone/pairs' has no rows in split 'train'"
    ):
        hub.read(SOURCE)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (ConnectionError("Couldn't reach\nthe hub"), "ConnectionError: Couldn't reach. Check"),
        (ValueError('Unknown split "train"'), 'ValueError: Unknown split "train". Check'),
        (
            datasets.exceptions.DatasetNotFoundError("no such set"),
            "DatasetNotFoundError: no such set.",
        ),
        (TimeoutError(), "TimeoutError: no message. Check"),
    ],
)
def test_failure_is_one_line_that_says_what_was_wanted(monkeypatch, error, said):
    def fail(*words, **options):
        raise error

    monkeypatch.setattr(datasets, "load_dataset", fail)
    with pytest.raises(UserError) as raised:
        hub.read(SOURCE)
    wanted = "cannot load the data set 'someone/pairs' at revision 0123456789ab, split 'train': "
    assert str(raised.value).startswith(wanted + said)
    assert "\n" not in str(raised.value)


def test_where_takes_the_rows_with_a_label(local):
    (example,) = hub.read({**SOURCE, "where": {"n": 2}})
    assert (example["input"], set(example)) == ("bye", {"id", "input", "target", "origin"})

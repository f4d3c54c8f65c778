"""Test rows that another study has in its test split as well."""

from stages import paths, records
from stages.reporting.shared_rows import shared

SPLITS = {"test": {"version": "v2", "rows": 3}}


def frozen(study, split, version, ids):
    records.write_json(paths.manifest(study, split, version), {"ids": ids})


def test_rows_in_another_studys_test_split_are_counted(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    frozen("mine", "test", "v2", "a b c")
    frozen("mine", "test", "v1", "x y")  # an older version of its own
    frozen("same", "test", "v1", "c b a")
    frozen("part", "test", "v1", "a z")
    frozen("part", "test", "v2", "b y")
    frozen("apart", "test", "v1", "x y z")
    frozen("apart", "train", "v1", "a b c")
    assert shared("mine", SPLITS) == [("part", 2), ("same", 3)]
    assert shared("apart", {"test": {"version": "v1"}}) == [("mine", 2), ("part", 2)]

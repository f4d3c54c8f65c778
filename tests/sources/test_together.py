"""Several tables as one source, each row with its set and its official split."""

import json

import datasets
import pytest

from stages import records
from stages.command import UserError
from stages.planning.schema.base_and_data import Together
from stages.sources import together

COLUMNS = {"input": "a", "target": "b"}
PAIRS = {
    "train": [("one", "1", 1), ("two", "zwei", 0), ("three", "3", 1)],
    "test": [("four", "4", 1), ("one", "1", 1)],
}


@pytest.fixture
def settings(tmp_path, monkeypatch):
    """Give the settings of a set of two files and a set on the hub."""
    monkeypatch.delenv("DVC_ROOT", raising=False)
    stand_in = datasets.Dataset.from_list([{"a": "five", "b": "5"}])
    monkeypatch.setattr(datasets, "load_dataset", lambda *words, **options: stand_in)
    files = {}
    for split, pairs in PAIRS.items():
        path = tmp_path / f"{split}.jsonl"
        rows = [dict(zip(("a", "b", "label"), pair, strict=True)) for pair in pairs]
        path.write_text("".join(json.dumps(row) + "\n" for row in rows))
        files[split] = {
            "kind": "file",
            "path": str(path),
            "sha256": records.file_digest(path),
            "columns": COLUMNS,
            "where": {"label": 1},
        }
    far = {"kind": "hub", "id": "a/b", "revision": "0" * 40, "split": "train[:98%]"}
    sets = {"near": files, "far": {"train": {**far, "columns": COLUMNS}}}
    return lambda **of: Together.model_validate(
        {"kind": "together", "sets": sets | of}
    ).model_dump()


def test_rows_have_set_and_split(settings):
    rows = together.read(settings())
    assert [(r["input"], r["target"], r["category"], r["origin"]) for r in rows] == [
        ("one", "1", "near", "train"),
        ("three", "3", "near", "train"),
        ("four", "4", "near", "test"),
        ("one", "1", "near", "test"),
        ("five", "5", "far", "train"),
    ]


@pytest.mark.parametrize("field", ["category", "origin"])
def test_column_for_what_set_and_split_say_is_refused(settings, field):
    near = settings()["sets"]["near"]
    near["test"]["columns"] = {**COLUMNS, field: "a"}
    with pytest.raises(
        UserError, match=f"source.sets.near.test.columns.{field}: set and split are"
    ):
        together.read(settings(near=near))


@pytest.mark.parametrize("sets", [{}, {"near": {}}, {"near": {"train": {"kind": "shop"}}}])
def test_set_without_tables_is_refused(sets):
    with pytest.raises(ValueError, match="sets"):
        Together.model_validate({"kind": "together", "sets": sets})

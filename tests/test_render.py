"""Render: train and dev rows in one format, in the splits' order, and the test set unopened."""

import pytest

from stages import paths, records, render
from stages.command import UserError
from stages.formats import FORMATS


@pytest.fixture
def study(tmp_path, monkeypatch):
    """A study with splits and a plan per format; returns its train rows."""
    monkeypatch.chdir(tmp_path)
    rows = [
        {"id": f"{n}", "input": f"in {n}", "target": f"出 {n}", "origin": "x", "group": f"{n}"}
        for n in (3, 1, 2)
    ]
    for split in ("train", "dev", "test"):
        marked = [{**row, "id": f"{split}{row['id']}"} for row in rows]
        records.write(paths.split("toy", split), marked)
    for name in FORMATS:
        plan = {"study": "toy", "format": name, "instruction": "Translate."}
        records.write_json(paths.plan("render", f"toy-{name}"), plan)
    return rows


@pytest.mark.parametrize("name", FORMATS)
def test_rows_keep_id_order_and_content(study, name):
    render.main(f"toy-{name}")
    for split in ("train", "dev"):
        rows = records.read(paths.rendered("toy", f"toy-{name}", split))
        assert [row["id"] for row in rows] == [f"{split}3", f"{split}1", f"{split}2"]
        for row, example in zip(rows, study, strict=True):
            assert {k: v for k, v in row.items() if k != "id"} == FORMATS[name](
                example, "Translate."
            )


def test_test_set_is_not_rendered(study):
    render.main("toy-chat")
    written = sorted(p.name for p in paths.rendered("toy", "toy-chat", "train").parent.iterdir())
    assert written == ["dev.jsonl", "train.jsonl"]


def test_split_without_a_field_is_named(study):
    records.write(paths.split("toy", "dev"), [{"id": "1", "input": "in", "origin": "x"}])
    with pytest.raises(
        UserError, match=r"data/splits/toy/dev.jsonl:1:target: missing; the row has"
    ):
        render.main("toy-chat")

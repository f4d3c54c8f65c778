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
        | {"category": "odd" if n % 2 else "even"}
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
            wanted = FORMATS[name]({**example, "id": row["id"]}, "Translate.")
            assert row == {"id": row["id"], **wanted}


def plan(**changes):
    content = {"study": "toy", "format": "alpaca", "instruction": "Translate.", **changes}
    records.write_json(paths.plan("render", "toy-alpaca"), content)


def prompts(split):
    rows = records.read(paths.rendered("toy", "toy-alpaca", split))
    return {row["id"]: row["prompt"] for row in rows}


def test_dev_is_asked_in_a_format_of_its_own(study):
    plan(asked_in="single_turn")
    render.main("toy-alpaca")
    assert all(prompt.startswith("### Instruction:") for prompt in prompts("train").values())
    asked = FORMATS["single_turn"]({**study[0], "id": "dev3"}, "Translate.")
    assert prompts("dev")["dev3"] == asked["prompt"]


def test_only_train_rows_are_taken(study):
    plan(take={"odd": 1, "even": 1})
    render.main("toy-alpaca")
    assert list(prompts("train")) == ["train1", "train2"]
    assert list(prompts("dev")) == ["dev3", "dev1", "dev2"]


def test_too_few_rows_to_take_are_named_by_render_and_category(study):
    plan(take={"odd": 1, "even": 2})
    with pytest.raises(UserError) as raised:
        render.main("toy-alpaca")
    said = "take: 2 rows of 'even', but the train split has 1; it has even 1, odd 2"
    assert str(raised.value) == f"renders.toy-alpaca: {said}"
    assert not paths.rendered("toy", "toy-alpaca", "train").exists()


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

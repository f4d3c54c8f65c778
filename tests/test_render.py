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
    content = {name: value for name, value in content.items() if value is not None}
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


NEAREST = {"count": 1, "choose": "nearest"}
FIXED = {"count": 2, "choose": "fixed", "seed": 1}


def dev_groups_apart(study):
    """Dev and test rows of groups that no train row has."""
    for split in ("dev", "test"):
        rows = [
            {**row, "id": f"{split}{row['id']}", "group": f"{split}{row['id']}"} for row in study
        ]
        records.write(paths.split("toy", split), rows)


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("shots", [NEAREST, FIXED])
def test_examples_precede_every_row_in_its_own_format(study, name, shots):
    dev_groups_apart(study)
    plan(format=name, shots=shots)
    render.main("toy-alpaca")
    known = {f"train{row['id']}": {**row, "id": f"train{row['id']}"} for row in study}
    pieces = {key: FORMATS[name](row, "Translate.") for key, row in known.items()}
    for key, prompt in prompts("train").items():
        others = [other for other in known if other != key]
        own, wanted = pieces[key]["prompt"], [pieces[other]["completion"] for other in others]
        if isinstance(prompt, str):
            assert prompt.endswith(f"\n\n{own}") and prompt.count("Response") == shots["count"] + 1
            assert not prompt.startswith(own)
            continue
        assert prompt[-1] == own[-1]
        assert [m for m in prompt if m["role"] == "system"] == own[:-1]
        answers = [[m] for m in prompt if m["role"] == "assistant"]
        assert len(answers) == shots["count"] and all(answer in wanted for answer in answers)


def test_dev_is_asked_behind_the_nearest_train_row(study):
    dev_groups_apart(study)
    plan(format="chat", shots=NEAREST)
    render.main("toy-alpaca")
    assert [message["content"] for message in prompts("dev")["dev2"]] == [
        *("Translate.", "in 2", "出 2", "in 2")
    ]


def test_dev_row_that_a_train_row_nearly_repeats_is_refused(study):
    plan(shots=NEAREST)
    with pytest.raises(UserError, match="row dev3 is a near-duplicate of train row train3"):
        render.main("toy-alpaca")


def test_terms_stand_in_the_instruction_of_their_rows(study, tmp_path):
    glossary = tmp_path / "terms.tsv"
    glossary.write_text("term\taccepted\nin 1\tイン一\n", encoding="utf-8")
    dev_groups_apart(study)
    terms = {"path": "terms.tsv", "sha256": records.file_digest(glossary)}
    plan(format="chat", terms=terms, shots=NEAREST)
    render.main("toy-alpaca")
    told = {key: prompt[0]["content"] for key, prompt in prompts("dev").items()}
    assert told == {
        "dev3": "Translate.",
        "dev1": "Translate.\nUse these terms: in 1 = イン一",
        "dev2": "Translate.",
    }
    # Said once: the system message of the question
    assert all("イン一" not in str(prompt[1:]) for prompt in prompts("dev").values())


def test_training_rows_are_a_mixture_and_dev_is_asked_in_one_format(study):
    shares = {"alpaca": 0.34, "chat": 0.66}
    plan(format=None, formats={"shares": shares, "seed": 1}, asked_in="single_turn")
    render.main("toy-alpaca")
    rows = records.read(paths.rendered("toy", "toy-alpaca", "train"))
    assert sorted(row["format"] for row in rows) == ["alpaca", "chat", "chat"]
    by_id = {f"train{row['id']}": row for row in study}
    for row in rows:
        wanted = FORMATS[row["format"]](by_id[row["id"]], "Translate.")
        assert {key: row[key] for key in wanted} == wanted
    assert all(isinstance(prompt, list) for prompt in prompts("dev").values())
    dev = records.read(paths.rendered("toy", "toy-alpaca", "dev"))
    assert all(set(row) == {"id", "prompt", "completion"} for row in dev)


def test_what_goes_on_to_the_test_split_asks_as_dev_is_asked(study):
    """`choose` hands on format, instruction, shots and terms, and no render."""
    dev_groups_apart(study)
    plan(asked_in="chat", shots=FIXED)
    render.main("toy-alpaca")
    settings = {"study": "toy", "format": "chat", "instruction": "Translate.", "shots": FIXED}
    dev = records.read(paths.split("toy", "dev"))
    rows = render.as_asked(settings, dev, render.pool(settings))
    assert rows == records.read(paths.rendered("toy", "toy-alpaca", "dev"))
    assert paths.split("toy", "train") in render.reads(settings)


def test_without_examples_no_train_row_is_read(study):
    paths.split("toy", "train").unlink()
    settings = {"study": "toy", "format": "chat", "instruction": "Translate."}
    assert render.pool(settings) == render.reads(settings) == []


@pytest.fixture
def corrected(study):
    """The same study with a second reference for each row but the last, which has none."""
    dev_groups_apart(study)
    for split in ("train", "dev"):
        rows = records.read(paths.split("toy", split))
        for row in rows[:2]:
            row["references"] = [row["target"], f"別 {row['id']}", row["target"]]
        records.write(paths.split("toy", split), rows)


PAIRS = ["train3", "train3-2", "train1", "train1-2", "train2"]


@pytest.mark.parametrize("name", FORMATS)
def test_each_reference_is_trained_on_and_dev_is_asked_once(corrected, name):
    plan(format=name)
    render.main("toy-alpaca")
    before = {s: records.read(paths.rendered("toy", "toy-alpaca", s)) for s in ("train", "dev")}
    plan(format=name, every_reference=True)
    render.main("toy-alpaca")
    rows = records.read(paths.rendered("toy", "toy-alpaca", "train"))
    assert [row["id"] for row in rows] == PAIRS
    assert [row for row in rows if "-" not in row["id"]] == before["train"]
    for first, other in ((0, 1), (2, 3)):
        assert rows[first]["prompt"] == rows[other]["prompt"]
        assert f"別 {rows[first]['id']}" in str(rows[other]["completion"])
    assert records.read(paths.rendered("toy", "toy-alpaca", "dev")) == before["dev"]


@pytest.mark.parametrize("shots", [{**NEAREST, "count": 2}, FIXED])
def test_row_sees_no_reference_of_its_own_before_it(corrected, shots):
    plan(format="chat", shots=shots, every_reference=True)
    render.main("toy-alpaca")
    shown = prompts("train")
    assert list(shown) == PAIRS and shown["train3"] == shown["train3-2"]
    answers = {m["content"] for m in shown["train3"] if m["role"] == "assistant"}
    # Others are shown with their first
    assert answers == {"出 1", "出 2"}


def test_rows_that_are_taken_come_with_their_references_and_get_a_format_each(corrected):
    shares = {"alpaca": 0.5, "chat": 0.5}
    mixture = {"formats": {"shares": shares, "seed": 1}, "asked_in": "chat", "format": None}
    plan(**mixture, take={"odd": 2}, every_reference=True)
    render.main("toy-alpaca")
    rows = records.read(paths.rendered("toy", "toy-alpaca", "train"))
    assert [row["id"] for row in rows] == PAIRS[:4]
    assert sorted(row["format"] for row in rows) == ["alpaca", "alpaca", "chat", "chat"]


def test_references_that_no_train_row_has_are_refused_by_render(study):
    plan(every_reference=True)
    with pytest.raises(UserError, match="renders.toy-alpaca: every_reference: no row has"):
        render.main("toy-alpaca")
    assert not paths.rendered("toy", "toy-alpaca", "train").exists()

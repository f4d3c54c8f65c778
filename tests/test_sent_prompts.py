"""Prompts for a system outside: those of dev, and those of test by a noted look alone."""

import json
import os
import subprocess
import sys

import pytest

from stages import looks, paths, prompts, records, render, score_test
from stages.command import UserError
from tests.conftest import ROOT


@pytest.fixture
def study(tmp_path, monkeypatch):
    """A study with a render of one shot."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DVC_ROOT", raising=False)
    for split in ("train", "dev", "test"):
        rows = [
            {"id": f"{split}{n}", "input": f"in {n}", "target": f"{split} answer {n}"}
            | {"origin": "x", "group": f"{split}{n}"}
            for n in (2, 1)
        ]
        records.write(paths.split("toy", split), rows)
    plan = {"study": "toy", "format": "alpaca", "instruction": "Translate."}
    plan |= {"asked_in": "chat", "shots": {"count": 1, "choose": "nearest"}}
    records.write_json(paths.plan("render", "toy-one"), plan)
    records.write_json(paths.plan("choose", "toy"), {"version": "v3"})


def written(capsys):
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_dev_prompts_are_those_that_arms_are_asked(study, capsys):
    prompts.main("toy-one")
    found = written(capsys)
    render.main("toy-one")
    rows = records.read(paths.rendered("toy", "toy-one", "dev"))
    assert found == [{"id": row["id"], "prompt": row["prompt"]} for row in rows]
    assert "dev answer" not in str(found) and "train answer 2" in str(found[0])
    assert not paths.looks("toy").exists()


def test_reader_who_has_enough_ends_it_without_a_word(study):
    command = [sys.executable, "-m", "stages.prompts", "toy-one"]
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    ) as asked:
        asked.stdout.close()
        said = asked.stderr.read()
    assert (asked.returncode, said) == (0, b"")


def test_clone_without_data_is_told_what_makes_it(study):
    paths.split("toy", "dev").unlink()
    with pytest.raises(
        UserError, match=r"dev.jsonl: not here yet; run `dvc repro freeze_splits@toy`"
    ):
        prompts.main("toy-one")


def test_test_prompts_are_refused_with_the_way_they_leave(study, capsys):
    with pytest.raises(UserError) as raised:
        prompts.main("toy-one", split="test")
    assert str(raised.value).endswith('python -m stages.prompts toy-one --open-test "WHY"')
    with pytest.raises(UserError, match="--split train: prompts are those of dev"):
        prompts.main("toy-one", split="train")
    with pytest.raises(UserError, match="say why the test prompts leave"):
        prompts.main("toy-one", open_test=" ")
    assert not capsys.readouterr().out and not paths.looks("toy").exists()


def test_test_prompts_leave_with_a_look_that_says_why(study, capsys):
    prompts.main("toy-one", open_test="to ask a closed model")
    found = written(capsys)
    assert [row["id"] for row in found] == ["test2", "test1"]
    assert "test answer" not in str(found)
    (look,) = looks.read(paths.looks("toy"))
    assert (look["version"], look["render"], look["why"]) == (
        *("v3", "toy-one", "to ask a closed model"),
    )
    assert look["prompts_sha256"] == records.digest(found) and look["at"] and look["commit"]
    # The same prompts again tell nobody anything new
    prompts.main("toy-one", open_test="once more")
    assert looks.read(paths.looks("toy")) == [look]


def test_look_is_noted_before_anything_is_written(study, capsys, monkeypatch):
    def full(*_):
        raise OSError("disk full")

    monkeypatch.setattr(looks, "add", full)
    with pytest.raises(OSError, match="disk full"):
        prompts.main("toy-one", open_test="why")
    assert not capsys.readouterr().out


def test_prompts_that_left_are_counted_as_a_look_and_as_no_adapter(study, capsys):
    promotion = {"version": "v3", "arm": "toy-a", "adapter_sha256": "a" * 64}
    looks.add("toy", looks.look(promotion, {}))
    assert score_test.count("toy", promotion) == {"looks": 1, "adapters": 1}
    prompts.main("toy-one", open_test="why")
    counted = score_test.count("toy", promotion)
    (sent,) = counted.pop("sent_out")
    assert counted == {"looks": 2, "adapters": 1}
    assert (sent["render"], sent["why"]) == ("toy-one", "why")
    assert score_test.count("toy", {"version": "v4"}) == {"looks": 0, "adapters": 0}

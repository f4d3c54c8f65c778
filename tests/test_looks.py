"""The ledger of looks at a test split."""

import subprocess

import pytest

from stages import looks, paths, records

LOOK = {
    "version": "v1",
    "arm": "toy-a",
    "adapter_sha256": "a" * 64,
    "answers_sha256": "1" * 64,
}


@pytest.fixture(autouse=True)
def repository(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DVC_ROOT", raising=False)
    for command in ("init", "config user.name T", "config user.email t@example.org"):
        subprocess.run(["git", *command.split()], check=True, capture_output=True)
    commit("first")


def commit(message):
    subprocess.run(
        ["git", "commit", "--allow-empty", "-m", message], check=True, capture_output=True
    )


def ledger():
    return looks.read(paths.looks("toy"))


def test_look_is_kept_with_commit_and_time():
    looks.add("toy", LOOK)
    (kept,) = ledger()
    assert kept["commit"] == looks.commit() and len(kept["commit"]) == 40
    assert kept["at"].startswith("20") and kept["arm"] == "toy-a"


def test_same_answers_of_the_same_weights_are_one_look_at_any_commit():
    looks.add("toy", LOOK)
    before = ledger()
    commit("second")
    looks.add("toy", LOOK)
    assert ledger() == before


@pytest.mark.parametrize(
    "other",
    [
        {"adapter_sha256": "b" * 64},
        {"arm": "toy-b"},
        {"version": "v2"},
        {"answers_sha256": "2" * 64},  # of the same weights, decoded in another way
    ],
)
def test_other_weights_arm_rows_or_answers_are_another_look(other):
    looks.add("toy", LOOK)
    looks.add("toy", {**LOOK, **other})
    assert len(ledger()) == 2


def test_look_that_was_thrown_away_comes_back_with_the_next():
    looks.add("toy", LOOK)
    paths.looks("toy").unlink()  # a variant that nobody kept: git restore
    looks.add("toy", {**LOOK, "adapter_sha256": "b" * 64})
    assert [look["adapter_sha256"][0] for look in ledger()] == ["a", "b"]


def test_committed_look_of_another_machine_is_kept():
    records.write(paths.looks("toy"), [{**LOOK, "commit": "c", "at": "2020-01-01 00:00"}])
    looks.add("toy", {**LOOK, "arm": "toy-b"})
    assert [look["commit"] for look in ledger()] == ["c", looks.commit()]


def test_thrown_away_look_comes_back_also_without_a_new_one():
    looks.add("toy", LOOK)
    paths.looks("toy").write_text("")
    looks.refresh("toy")
    assert len(ledger()) == 1


def test_commit_says_when_the_code_is_not_its(tmp_path):
    assert "+" not in looks.commit()
    (tmp_path / "notes.txt").write_text("decides nothing")
    assert "+" not in looks.commit()
    (tmp_path / "params.yaml").write_text("lr: 1")
    assert looks.commit().endswith("+changes")


def test_ledger_is_made_empty_and_never_emptied():
    looks.refresh("toy")
    assert ledger() == [] and paths.looks("toy").exists()
    looks.add("toy", LOOK)
    looks.refresh("toy")
    assert len(ledger()) == 1


def test_damaged_ledger_is_an_error_not_an_empty_one():
    paths.looks("toy").parent.mkdir(parents=True)
    paths.looks("toy").write_text('{"arm": "toy-a"\n')
    with pytest.raises(Exception, match=r"looks/toy.jsonl:1: not JSON"):
        looks.add("toy", LOOK)


def test_without_a_commit_there_is_none_to_name(tmp_path, monkeypatch):
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    assert looks.commit() == "none"
    subprocess.run(["git", "init"], check=True, capture_output=True)
    assert looks.commit() == "none"

"""The ledger of looks at a test split."""

import subprocess

import pytest

from stages import looks, paths, records

LOOK = {"split_sha256": "s" * 64, "arm": "toy-a", "adapter_sha256": "a" * 64}


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


def test_same_weights_at_the_same_commit_are_one_look():
    looks.add("toy", LOOK)
    before = ledger()
    looks.add("toy", LOOK)
    assert ledger() == before


@pytest.mark.parametrize(
    "other", [{"adapter_sha256": "b" * 64}, {"arm": "toy-b"}, {"split_sha256": "t" * 64}]
)
def test_other_weights_arm_or_rows_are_another_look(other):
    looks.add("toy", LOOK)
    looks.add("toy", {**LOOK, **other})
    assert len(ledger()) == 2


def test_another_commit_is_another_look():
    looks.add("toy", LOOK)
    commit("second")
    looks.add("toy", LOOK)
    assert len(ledger()) == 2


def test_look_that_was_thrown_away_comes_back_with_the_next():
    looks.add("toy", LOOK)
    paths.looks("toy").unlink()  # a variant that nobody kept: git restore
    looks.add("toy", {**LOOK, "adapter_sha256": "b" * 64})
    assert [look["adapter_sha256"][0] for look in ledger()] == ["a", "b"]


def test_committed_look_of_another_machine_is_kept():
    records.write(paths.looks("toy"), [{**LOOK, "commit": "c", "at": "2020-01-01 00:00"}])
    looks.add("toy", LOOK)
    assert [look["commit"] for look in ledger()] == ["c", looks.commit()]


def test_ledger_is_made_empty_and_never_emptied():
    looks.touch("toy")
    assert ledger() == [] and paths.looks("toy").exists()
    looks.add("toy", LOOK)
    looks.touch("toy")
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

"""keep, keep_test: what git gets of a run, and what it does not."""

import subprocess

import pytest

from stages import keep, keep_test, looks, paths, plan, records

ROWS = [{"id": key, "input": f"in {key}", "target": f"out {key}"} for key in ("a", "b")]
ANSWERS = [{"id": row["id"], "text": row["target"]} for row in ROWS]
FLOORS = [{"name": "copy", "constant": None}, {"name": "dot", "constant": "."}]


@pytest.fixture
def study(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for split in ("train", "dev", "test"):
        records.write(paths.split("toy", split), ROWS)
    records.write(paths.predictions("toy", "toy-a"), ANSWERS)
    records.write(paths.answered_again("toy", "toy-a"), ANSWERS[:1])
    records.write_json(paths.prediction_cost("toy", "toy-a"), {"latency_p50_s": 0.5})
    records.write_json(paths.training_log("toy", "toy-a") / "training.json", {"status": "x"})


def publish(how):
    plan.shield({("report", "toy"): {"publish": how}, ("train", "toy-a"): {"method": "none"}})


def test_copies_are_byte_for_byte(study):
    log = paths.training_log("toy", "toy-a") / "log.jsonl"
    records.write(log, [{"step": 1, "loss": 2.5}])
    records.write(paths.scores("toy", "toy-a", "drift"), [{"id": "t", "score": [0.1]}])
    records.write_json(paths.score_card("toy", "toy-a", "drift"), {"signature": "s"})
    keep.main("toy")
    keep.main("toy", "toy-a")
    keep.main("toy", "toy-a", "drift")
    pairs = {
        paths.kept_rows("toy"): paths.split("toy", "dev"),
        paths.kept("toy", "toy-a", "dev.jsonl"): paths.predictions("toy", "toy-a"),
        paths.kept("toy", "toy-a", "again.jsonl"): paths.answered_again("toy", "toy-a"),
        paths.kept("toy", "toy-a", "cost.json"): paths.prediction_cost("toy", "toy-a"),
        paths.kept("toy", "toy-a", "log.jsonl"): log,
        paths.kept("toy", "toy-a", "drift.jsonl"): paths.scores("toy", "toy-a", "drift"),
        paths.kept("toy", "toy-a", "drift.json"): paths.score_card("toy", "toy-a", "drift"),
    }
    for copy, source in pairs.items():
        assert copy.read_bytes() == source.read_bytes(), copy


def test_untouched_base_keeps_a_log_without_rows(study):
    keep.main("toy", "toy-a")
    assert list(records.located(paths.kept("toy", "toy-a", "log.jsonl"))) == []


@pytest.mark.parametrize(("how", "seen"), [("all", True), ("sample", False), ("none", False)])
def test_git_passes_over_the_rows_of_a_study_that_does_not_publish_them(study, how, seen):
    subprocess.run(["git", "init", "--quiet"], check=True)
    publish("none" if how == "all" else "all")
    publish(how)
    keep.main("toy", "toy-a")
    command = ["git", "status", "--porcelain", "--untracked-files=all", "data/answers"]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert bool(said) == seen, said


def test_rows_that_git_has_already_are_warned_of(study, caplog):
    subprocess.run(["git", "init", "--quiet"], check=True)
    keep.main("toy")
    publish("sample")
    assert not caplog.messages
    subprocess.run(["git", "add", "--force", "data/answers/toy/dev.jsonl"], check=True)
    publish("sample")
    (said,) = caplog.messages
    assert "git has rows of toy from before; `git rm -r --cached data/answers/toy` takes" in said


def open_test(arm):
    promotion = {"arm": arm, "version": "v1", "adapter_sha256": "0" * 64 if arm else None}
    promotion["settings"] = {"toy-a": {}, "toy-s0": {}} if arm else {}
    records.write_json(paths.tested("toy") / "promotion.json", promotion)
    for name in promotion["settings"]:
        records.write(paths.tested("toy") / f"{name}.jsonl", ANSWERS)
    records.write_json(paths.plan("answer_floors", "toy"), {"study": "toy", "floors": FLOORS})


def test_rows_that_were_opened_are_kept_with_all_answers(study):
    open_test("toy-a")
    keep_test.main("toy")
    # Answers that DVC's cache gave back were noted by nobody yet
    (look,) = looks.read(paths.looks("toy"))
    assert (look["arm"], look["version"]) == ("toy-a", "v1")
    folder = paths.kept_test("toy")
    assert records.read(folder / "rows.jsonl") == ROWS
    assert records.read(folder / "toy-a.jsonl") == records.read(folder / "toy-s0.jsonl") == ANSWERS
    said = [(row["floor"], row["id"], row["text"]) for row in records.read(folder / "floors.jsonl")]
    assert said == [
        ("copy", "a", "in a"),
        ("copy", "b", "in b"),
        ("dot", "a", "."),
        ("dot", "b", "."),
    ]


def test_closed_split_is_not_read_and_nothing_of_an_earlier_look_stays(study):
    open_test("toy-a")
    keep_test.main("toy")
    open_test(None)
    for split in ("train", "test"):
        paths.split("toy", split).write_text("not to be read")
    keep_test.main("toy")
    assert [file.name for file in paths.kept_test("toy").iterdir()] == ["promotion.json"]

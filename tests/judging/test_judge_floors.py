"""The judge on answers that need no model: floor by floor, beside the same arm's answers."""

import pytest

from stages import judge, paths, records
from stages.scoring.joining import read_scores

ROWS = [{"id": f"r{n}", "input": f"Count to {n}.", "target": "1"} for n in range(4)]
FLOORS = {"empty": "", "copy": "one two three four"}


@pytest.fixture
def study(tmp_path, monkeypatch, settings):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DVC_ROOT", raising=False)
    records.write(paths.kept_rows("s"), ROWS)
    said = [{"id": row["id"], "text": "one two"} for row in ROWS]
    records.write(paths.kept("s", "s-base", "dev.jsonl"), said)
    none = {"tokens_in": None, "tokens_out": None, "hit_limit": False}
    answers = [
        {"id": row["id"], "floor": floor, "text": text, **none}
        for floor, text in FLOORS.items()
        for row in ROWS
    ]
    records.write(paths.kept("s", "s-floors", "dev.jsonl"), answers)
    plan = {"arm": "s-floors", "study": "s", "against": "s-base", "judge": settings}
    records.write_json(paths.plan("judge", "s-floors"), plan)


def test_judge_that_prefers_the_longer_answer_prefers_the_echo_to_the_base(study, server):
    judge.main("s-floors")
    scores = read_scores("judge", paths.scores("s", "s-floors", "judge"))
    assert [row["id"] for row in scores] == [f"{f}/{row['id']}" for f in FLOORS for row in ROWS]
    wins = {row["id"]: row["judge"]["win"] for row in scores}
    assert {wins[f"empty/r{n}"] for n in range(4)} == {0.0}
    assert {wins[f"copy/r{n}"] for n in range(4)} == {1.0}
    # Nobody tells the judge that it reads a floor.
    assert not [body for body in server.asked if "floor" in str(body)]


def test_floors_that_were_judged_are_not_asked_about_again(study, server):
    judge.main("s-floors")
    calls = len(server.asked)
    judge.main("s-floors")
    assert len(server.asked) == calls

"""Saved answers scored by the old and the new parser."""

import json

import pytest

from stages import paths, records, rescore
from stages.command import UserError

RECORD = {
    "customer": "Ana Souza",
    "product": "Cafeteira Aroma",
    "sentiment": "positivo",
    "sentiment_score": 4.5,
    "complaint_category": "nenhuma",
}
POINT = json.dumps(RECORD)
COMMA = POINT.replace("4.5", "4,5")


@pytest.fixture
def study(tmp_path, monkeypatch):
    """A study of two reviews and a question, with two arms and two floors."""
    monkeypatch.chdir(tmp_path)
    rows = [{"id": f"r{n}", "category": "extraction", "facts": {"record": RECORD}} for n in (1, 2)]
    rows += [{"id": "q1", "category": "sql_qa", "facts": {"sql": "SELECT 1"}}]
    records.write(paths.kept_rows("toy"), rows)
    save("toy-base", r1=COMMA, r2=f"Claro: {POINT}", q1="SELECT 1")
    save("toy-trained", r1=POINT, r2="não sei", q1="SELECT 1")
    floors = [
        {"id": i, "floor": floor, "text": ""} for floor in ("empty", "copy") for i in ("r1", "r2")
    ]
    records.write(paths.kept("toy", "toy-floors", "dev.jsonl"), floors)
    return tmp_path


def save(arm, **texts):
    rows = [{"id": key, "text": text} for key, text in texts.items()]
    records.write(paths.kept("toy", arm, "dev.jsonl"), rows)


def test_every_arm_and_floor_has_a_line(study, capsys):
    rescore.main("toy")
    head, *lines = [text.split() for text in capsys.readouterr().out.splitlines()]
    assert " ".join(head) == "arm rows parsed, old parsed, new reward, old reward, new difference"
    assert lines == [
        ["toy-base", "2", "1", "2", "0.477", "0.977", "+0.500"],
        ["toy-floors/empty", "2", "0", "0", "0.000", "0.000", "+0.000"],
        ["toy-floors/copy", "2", "0", "0", "0.000", "0.000", "+0.000"],
        ["toy-trained", "2", "1", "1", "0.500", "0.500", "+0.000"],
    ]


def test_rows_shows_the_answers_that_changed_and_no_others(study, capsys):
    rescore.main("toy", "toy-base", rows="5")
    out = capsys.readouterr().out
    assert "\ntoy-base r1\n" in out and "r2" not in out
    assert "  old (0.000): null\n" in out
    assert '  new (1.000): {"customer": "Ana Souza"' in out and '"sentiment_score": 4.5' in out


def test_a_file_stands_for_an_arm_and_may_hold_some_of_the_rows(study, capsys):
    records.write(study / "v4.jsonl", [{"id": "r2", "text": COMMA}])
    rescore.main("toy", "v4.jsonl", "toy-trained")
    _, first, second = capsys.readouterr().out.splitlines()
    assert first.split() == ["v4.jsonl", "1", "0", "1", "0.000", "1.000", "+1.000"]
    assert second.startswith("toy-trained")


@pytest.mark.parametrize(
    ("words", "options", "says"),
    [
        (["toys"], {}, "data/answers/toys/dev.jsonl: no saved answers; known studies: plain, toy"),
        (["toy", "toy-bse"], {}, "arms with answers: toy-base, toy-floors, toy-trained; or name"),
        (["toy"], {"rows": "many"}, "--rows many: expected how many"),
        (["toy", "alien.jsonl"], {}, r"alien.jsonl: unknown ids \(x1\); answers belong"),
        (["toy", "twice.jsonl"], {}, "twice.jsonl: an id twice; answers belong"),
        (
            ["toy", "other.jsonl"],
            {},
            "other.jsonl: no answer to a row of the category 'extraction'",
        ),
        (["toy", "broken.jsonl"], {}, "broken.jsonl:1:text: missing"),
        (["plain"], {}, "plain/dev.jsonl: no rows of the category 'extraction' with facts"),
    ],
)
def test_what_a_user_can_mend_is_said(study, words, options, says):
    records.write(study / "alien.jsonl", [{"id": "x1", "text": ""}])
    records.write(study / "twice.jsonl", [{"id": "r1", "text": ""}] * 2)
    records.write(study / "other.jsonl", [{"id": "q1", "text": ""}])
    records.write(study / "broken.jsonl", [{"id": "r1"}])
    records.write(paths.kept_rows("plain"), [{"id": "1", "category": "extraction"}])
    with pytest.raises(UserError, match=says):
        rescore.main(*words, **options)


def test_a_study_without_any_answers_says_so(study):
    rows = [{"id": "1", "category": "extraction", "facts": {"record": RECORD}}]
    records.write(paths.kept_rows("young"), rows)
    with pytest.raises(UserError, match="no arm has answers; name a JSONL file"):
        rescore.main("young")

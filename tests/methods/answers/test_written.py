"""Answers that came written: pinned, one for each row, or refused in a line."""

from pathlib import Path

import pytest

from stages import made, paths, records
from stages.command import UserError
from stages.methods import METHODS
from stages.written import read_written
from tests.methods.conftest import ARM, KEYS, STUDY

ROWS = [{"id": "b", "text": "two", "model": "m"}, {"id": "a", "text": ""}]


@pytest.fixture
def written(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    records.write(Path("dev.jsonl"), ROWS)
    return Path("dev.jsonl")


def test_they_become_predictions_by_id_without_tokens(written):
    found = read_written(written, ["a", "b"])
    assert [(row["id"], row["text"]) for row in found] == [("a", ""), ("b", "two")]
    assert all(row["tokens_in"] is row["tokens_out"] is None for row in found)
    assert not any(row["hit_limit"] or "model" in row for row in found)


@pytest.mark.parametrize(
    ("wanted", "more", "said"),
    [
        (["a", "b", "c"], [], "1 missing (c)"),
        (["a"], [], "1 not in the split (b)"),
        (["a", "b"], [ROWS[0]], "1 twice (b)"),
        (["a", "c"], [ROWS[1]], "1 missing (c); 1 not in the split (b); 1 twice (a)"),
        ([*"abcdefgh"], [], "6 missing (c, d, e, f, g, …)"),
        (["a", "b"], [{"id": "c"}], "dev.jsonl:3:text: missing"),
    ],
)
def test_all_but_one_answer_a_row_is_refused(written, wanted, more, said):
    records.write(written, [*ROWS, *more])
    with pytest.raises(UserError) as raised:
        read_written(written, wanted)
    assert said in str(raised.value) and "\n" not in str(raised.value)


def test_other_bytes_than_the_pinned_are_refused(written):
    given = {"dev": {"path": str(written), "sha256": "0" * 64}}
    plan = {**KEYS, "method": "answers", "answers": given}
    with pytest.raises(UserError, match="dev.jsonl: sha256 is .*, the study pins 0000"):
        METHODS["answers"].make(plan, paths.adapter(STUDY, ARM), paths.training_log(STUDY, ARM))
    assert not paths.adapter(STUDY, ARM).exists()


def test_card_holds_them_to_what_was_taken_in(written):
    given = {"dev": {"path": str(written), "sha256": records.file_digest(written)}}
    folder = paths.adapter(STUDY, ARM)
    plan = {**KEYS, "method": "answers", "answers": given}
    METHODS["answers"].make(plan, folder, paths.training_log(STUDY, ARM))
    assert made.read_card(folder)["answers_with"] == made.FILE
    (folder / made.ANSWERS).write_text("changed")
    with pytest.raises(UserError, match="it was changed after it was made"):
        made.read_card(folder)

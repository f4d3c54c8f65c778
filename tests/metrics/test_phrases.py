"""Filler and refusals as a table of cases over the lists in data/sources; lists that are bad."""

from pathlib import Path

import pytest

from stages import records
from stages.constraints.text import FILLER
from stages.metrics import METRICS
from stages.metrics.metric import score
from stages.metrics.phrases import read_phrases

DATA = Path(__file__).parents[2] / "data"
LISTS = {
    "slop_rate": str(DATA / "sources" / "slop_phrases.txt"),
    "refusal_rate": str(DATA / "sources" / "refusal_phrases.txt"),
}
EVALUATION = records.read(DATA / "formats" / "evaluation.jsonl")

# metric, what, answer, does it hold a phrase
CASES = [
    ("slop_rate", "none", "Oslo.", 0),
    ("slop_rate", "empty", "", 0),
    ("slop_rate", "at the start", "Certainly! Oslo.", 1),
    ("slop_rate", "at the end", "Oslo. I hope this helps", 1),
    ("slop_rate", "two count once", "Great question! Feel free to ask more.", 1),
    ("slop_rate", "case", "AS AN AI, I HAVE NO CITY", 1),
    ("slop_rate", "a typographic apostrophe", "It\u2019s important to note that", 1),
    ("slop_rate", "over a line break", "let me\n  know if", 1),
    ("slop_rate", "a space that does not break", "let me\u00a0know if", 1),
    ("slop_rate", "inside longer words", "He was an aid, uncertainly so", 0),
    ("slop_rate", "a part of a phrase", "That is a question.", 0),
    ("slop_rate", "beside punctuation", "(great question)", 1),
    ("slop_rate", "a phrase that ends in a sign", "Of course!Oslo", 1),
    ("slop_rate", "without that sign", "Of course it is Oslo", 0),
    ("refusal_rate", "none", "It is 12.", 0),
    ("refusal_rate", "will not", "I'm sorry, but I can't do that.", 1),
    ("refusal_rate", "cannot", "I am unable to open files.", 1),
    ("refusal_rate", "does not know", "I don\u2018t know of such an opera.", 1),
    ("refusal_rate", "somebody else refuses", "She can't make it, and he refuses to say why.", 0),
    ("refusal_rate", "an apology alone", "Sorry, I can't take on another project.", 0),
]


@pytest.mark.parametrize(
    ("name", "what", "text", "expected"), CASES, ids=[f"{case[0]}-{case[1]}" for case in CASES]
)
def test_phrases(name, what, text, expected, make_row):
    assert METRICS[name].statistics([make_row(text, "")], phrases=LISTS[name]) == [[expected, 1]]


@pytest.mark.parametrize(
    ("name", "held"),
    # Two prompts ask for an opera and a place that do not exist.
    [("slop_rate", set()), ("refusal_rate", {"eval-factual-008", "eval-factual-015"})],
)
def test_references_hold_no_filler_and_refuse_what_cannot_be_known(name, held, make_row):
    rows = [make_row(row["reference"], "") for row in EVALUATION]
    found = METRICS[name].statistics(rows, phrases=LISTS[name])
    pairs = zip(EVALUATION, found, strict=True)
    assert {row["id"] for row, vector in pairs if vector[0]} == held


def test_filler_that_a_constraint_excludes_is_on_the_list():
    assert set(FILLER) <= set(read_phrases(LISTS["slop_rate"]))


def test_share_of_answers(make_row):
    rows = [make_row(text, "") for text in ("Certainly. Certainly.", "Oslo", "Rome", "")]
    found = score(METRICS["slop_rate"], rows, {"phrases": LISTS["slop_rate"]})
    assert found["value"] == 0.25


# what, the file, what the error says after the file's name
BAD = [
    ("empty", b"", ":1: no phrases; write one a line"),
    ("only comments", b"# nothing\n\n  # yet\n", ":1: no phrases"),
    ("repeated", b"one\n# two\ntwo\n\nONE\n", ":5: 'one' again, first on line 1"),
    ("the same apart from an apostrophe", "it's\nit\u2019s\n".encode(), ':2: "it\'s" again'),
    ("the same apart from white space", b"a  b\n a b \n", ":2: 'a b' again, first on line 1"),
    ("not UTF-8", b"one\n\xff\n", ":2: not UTF-8"),
]


@pytest.mark.parametrize(("what", "content", "said"), BAD, ids=[case[0] for case in BAD])
def test_bad_list_is_refused(tmp_path, what, content, said):
    path = tmp_path / "list.txt"
    path.write_bytes(content)
    with pytest.raises(ValueError) as raised:
        METRICS["slop_rate"].statistics([], phrases=str(path))
    assert str(raised.value).startswith(f"{path}{said}")
    assert "\n" not in str(raised.value)


def test_missing_list_is_refused(tmp_path):
    with pytest.raises(ValueError, match="none.txt: no such file; set 'phrases' to"):
        METRICS["refusal_rate"].signature(phrases=str(tmp_path / "none.txt"))


def test_signature_follows_the_phrases(tmp_path):
    def signature(content: bytes) -> str:
        path = tmp_path / "any.txt"
        path.write_bytes(content)
        return METRICS["slop_rate"].signature(phrases=str(path))

    plain = signature(b"one\ntwo\n")
    assert signature(b"\xef\xbb\xbf# b\r\nTwo\r\n\r\none") == plain
    assert signature(b"one\ntwo\nthree\n") != plain
    assert "|phrases:2|" in plain

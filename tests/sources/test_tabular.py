"""Files as sources: JSONL, CSV and Parquet, and where exactly a bad row is."""

import json

import pyarrow
import pytest
from pyarrow import parquet

from stages import records
from stages.command import UserError
from stages.sources import tabular
from stages.sources.example import identify

COLUMNS = {"input": "en", "target": "ja"}
ROWS = [{"en": "hello", "ja": "ハロー"}, {"en": 'a, "b"\nc', "ja": "三\u2028行"}]


def jsonl(rows):
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


def table(**columns):
    sink = pyarrow.BufferOutputStream()
    parquet.write_table(pyarrow.table(columns), sink)
    return sink.getvalue().to_pybytes()


def read(path, content, columns=COLUMNS, **changes):
    path.write_bytes(content)
    source = {"path": str(path), "sha256": records.file_digest(path), "columns": columns}
    return tabular.read({**source, **changes})


SAME = [
    ("rows.jsonl", jsonl(ROWS)),
    ("rows.jsonl", b"\xef\xbb\xbf" + jsonl(ROWS).replace(b"\n", b"\r\n\r\n")),
    ("rows.csv", 'en,ja\nhello,ハロー\n"a, ""b""\nc",三\u2028行\n'.encode()),
    (
        "rows.csv",
        '\ufeffja,en,more\r\nハロー,hello,1\r\n\r\n三\u2028行,"a, ""b""\nc",2\r\n'.encode(),
    ),
    ("rows.parquet", table(en=[r["en"] for r in ROWS], ja=[r["ja"] for r in ROWS], n=[1, 2])),
]


@pytest.mark.parametrize(("name", "content"), SAME)
def test_every_kind_of_file_gives_the_same_examples(tmp_path, name, content):
    examples = read(tmp_path / name, content)
    assert examples == [
        {"id": identify(r["en"], r["ja"]), "input": r["en"], "target": r["ja"], "origin": "rows"}
        for r in ROWS
    ]


def test_columns_are_mapped_and_others_dropped(tmp_path):
    rows = [{"key": "k1", "q": "in", "a": "out", "from": "web", "level": 3, "tags": ["x"], "z": 0}]
    columns = {"id": "key", "input": "q", "target": "a", "origin": "from", "level": "level",
               "tags": "tags"}  # fmt: skip
    expected = {
        "id": "k1",
        "input": "in",
        "target": "out",
        "origin": "web",
        "level": 3,
        "tags": ["x"],
    }
    assert read(tmp_path / "a.jsonl", jsonl(rows), columns) == [expected]
    content = table(**{name: [value] for name, value in rows[0].items()})
    assert read(tmp_path / "a.parquet", content, columns) == [expected]


PAIRS = [{"translation": {"en": "a", "ja": "b"}, "n": 1}, {"translation": {"en": "c", "ja": "d"}}]
NESTED = {"input": "translation.en", "target": "translation.ja", "n": "n"}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.jsonl", jsonl(PAIRS)),
        ("a.parquet", table(translation=[row["translation"] for row in PAIRS], n=[1, None])),
        ("a.csv", b"translation.en,translation.ja,n\na,b,1\nc,d,\n"),
    ],
)
def test_column_within_a_column(tmp_path, name, content):
    examples = read(tmp_path / name, content, NESTED)
    assert [(row["input"], row["target"]) for row in examples] == [("a", "b"), ("c", "d")]
    assert [row["n"] for row in examples] in ([1, None], ["1", ""])


def test_column_that_is_called_so_itself_comes_first(tmp_path):
    rows = [{**PAIRS[0], "translation.en": "of its own"}]
    assert read(tmp_path / "a.jsonl", jsonl(rows), NESTED)[0]["input"] == "of its own"
    content = table(**{"translation": [PAIRS[0]["translation"]], "translation.en": ["z"], "n": [1]})
    assert read(tmp_path / "a.parquet", content, NESTED)[0]["input"] == "z"


# the second row, how the error goes on after the file's name
NOT_NESTED = [
    ({"translation": {"en": "a"}}, ":2:translation.ja: missing; the row has translation.en"),
    ({"translation": None}, ":2:translation.en: missing; the row has translation"),
    ({"translation": "a"}, ":2:translation.en: missing; the row has translation"),
    ({"translation": {"en": 7, "ja": "b"}}, ":2:translation.en: expected str, found int"),
    ({"translation": {"en": "a", "ja": " "}}, ":2:translation.ja: empty"),
]


@pytest.mark.parametrize(("row", "said"), NOT_NESTED)
def test_bad_column_within_a_column_is_named(tmp_path, row, said):
    with pytest.raises(UserError) as raised:
        read(tmp_path / "a.jsonl", jsonl([PAIRS[0], row]), NESTED)
    assert str(raised.value).startswith(f"{tmp_path / 'a.jsonl'}{said}")


GOOD = b'{"en": "a", "ja": "b"}\n'
CSV = b"en,ja\na,b\n"

# the file, its bytes, how the error goes on after the file's name
BAD = [
    ("a.jsonl", b"", ": the file has no rows"),
    ("a.jsonl", b"\n\n", ": the file has no rows"),
    ("a.jsonl", GOOD + b'{"en": "a", "ja', ":2: not JSON"),
    ("a.jsonl", GOOD + b"\n\n" + b'{"en": "a"}\n', ":4:ja: missing; the row has en"),
    ("a.jsonl", GOOD + b'{"en": 7, "ja": "b"}\n', ":2:en: expected str, found int"),
    ("a.jsonl", GOOD + b'{"en": ["a"], "ja": "b"}\n', ":2:en: expected str, found list"),
    ("a.jsonl", GOOD + b'{"en": "a", "ja": null}\n', ":2:ja: expected str, found NoneType"),
    ("a.jsonl", GOOD + b'{"en": " ", "ja": "b"}\n', ":2:en: empty"),
    ("a.jsonl", GOOD + b'{"en": "a", "ja": "\xff"}\n', ":2: not UTF-8 (byte 0xff)"),
    ("a.jsonl", '{"en": "a"}'.encode("utf-16-le"), ":1: not JSON"),
    ("a.jsonl", GOOD + b'{"en": "a\\ud83d", "ja": "b"}\n', ":2: not JSON"),
    (
        "a.jsonl",
        GOOD + b'{"en": "a", "ja": "b", "en": "c"}\n',
        ':2: not JSON (the key "en" comes twice in one object)',
    ),
    ("a.jsonl", GOOD + b'{"en": "a", "ja": "b", "t": ' + b"[" * 100_000, ":2: nested deeper"),
    ("a.csv", b"", ": the file has no rows"),
    ("a.csv", b"en,ja\n", ": the file has no rows"),
    ("a.csv", CSV + b"c\n", ":3:ja: missing; the row ends before it"),
    ("a.csv", CSV + b"\nc\n", ":4:ja: missing; the row ends before it"),
    ("a.csv", CSV + b"c,d,e\n", ":3: more than the header's 2 columns"),
    ("a.csv", CSV + b'"c,d\n', ":3: not CSV (unexpected end of data)"),
    ("a.csv", CSV + b"c,\n", ":3:ja: empty"),
    ("a.csv", b'en,ja\n"a\nb",c\n,d\n', ":4:en: empty"),
    ("a.csv", b"en;ja\na;b\n", ":2:en: missing; the row has en;ja"),
    ("a.csv", b"en,JA\na,b\n", ":2:ja: missing; the row has JA, en"),
    ("a.csv", b"en,ja,en\na,b,c\n", ":1:en: two columns have this name"),
    ("a.csv", CSV + "caf\xe9,d\n".encode("latin-1"), ":3: not UTF-8 (byte 0xe9)"),
    ("a.csv", "en,ja\n表,b\n".encode("shift_jis"), ":2: not UTF-8 (byte 0x95)"),
    ("a.parquet", b"", ": not Parquet"),
    ("a.parquet", CSV, ": not Parquet"),
    ("a.parquet", table(en=["a"], ja=["b"])[:-10], ": not Parquet"),
    ("a.parquet", table(en=[], ja=[]), ": the file has no rows"),
    ("a.parquet", table(en=["a"]), ":row 1:ja: missing; the row has en"),
    ("a.parquet", table(en=["a", None], ja=["b", "c"]), ":row 2:en: expected str, found NoneType"),
    ("a.parquet", table(en=[1, 2], ja=["b", "c"]), ":row 1:en: expected str, found int"),
    ("a.parquet", table(en=["a", ""], ja=["b", "c"]), ":row 2:en: empty"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "content", "said"), BAD)
def test_bad_row_is_named_by_file_line_and_field(tmp_path, name, content, said):
    with pytest.raises(UserError) as raised:
        read(tmp_path / name, content)
    assert str(raised.value).startswith(f"{tmp_path / name}{said}")
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("column", "said"),
    [
        ([float("nan")], "a.parquet:row 1:score: not a JSON value (Out of range float values"),
        ([b"\x00"], "a.parquet:row 1:score: not a JSON value (Object of type bytes"),
    ],
)
def test_value_that_no_json_file_can_hold_is_named(tmp_path, column, said):
    with pytest.raises(UserError) as raised:
        columns = {**COLUMNS, "score": "score"}
        read(tmp_path / "a.parquet", table(en=["a"], ja=["b"], score=column), columns)
    assert said in str(raised.value)


def test_id_column_must_be_text(tmp_path):
    with pytest.raises(UserError, match="a.jsonl:1:key: expected str, found int"):
        read(tmp_path / "a.jsonl", b'{"en": "a", "ja": "b", "key": 7}\n', {**COLUMNS, "id": "key"})


@pytest.mark.parametrize("columns", [{"input": "en"}, {"target": "ja"}, {}])
def test_input_and_target_need_a_column(tmp_path, columns):
    missing = ", ".join(sorted({"input", "target"} - set(columns)))
    said = f"source.columns: no column is named for {missing}$"
    with pytest.raises(UserError, match=said):
        read(tmp_path / "a.jsonl", GOOD, columns)


def test_other_bytes_than_the_pinned_are_refused_with_both_hashes(tmp_path):
    with pytest.raises(UserError) as raised:
        read(tmp_path / "a.jsonl", GOOD, sha256="0" * 64)
    found = records.file_digest(tmp_path / "a.jsonl")
    said = f"{tmp_path / 'a.jsonl'}: sha256 is {found}, the study pins {'0' * 64}."
    assert str(raised.value).startswith(said)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("a.txt", "cannot read '.txt' files; choose one of .jsonl, .csv, .parquet"),
        ("a", "cannot read '' files; choose one of "),
        ("none.csv", "no such file; the study names it"),
    ],
)
def test_file_that_cannot_be_read_is_named(tmp_path, name, said):
    (tmp_path / "a.txt").write_text("x")
    with pytest.raises(UserError) as raised:
        tabular.read({"path": str(tmp_path / name), "sha256": "0" * 64, "columns": COLUMNS})
    assert str(raised.value).startswith(f"{tmp_path / name}: {said}")


SEVERAL = {"input": "en", "references": ["r1", "r2"]}


def test_several_columns_are_the_references_and_the_first_the_target(tmp_path):
    rows = [{"en": "a", "r1": "b", "r2": "c"}, {"en": "d", "r1": "", "r2": "e"}]
    found = read(tmp_path / "rows.jsonl", jsonl(rows), SEVERAL)
    assert [(row["target"], row["references"]) for row in found] == [
        ("b", ["b", "c"]),
        ("e", ["e"]),
    ]


def test_a_column_may_hold_the_references_as_a_list(tmp_path):
    rows = [{"en": "a", "right": ["b", "c"]}]
    found = read(tmp_path / "rows.jsonl", jsonl(rows), {"input": "en", "references": "right"})
    assert (found[0]["target"], found[0]["references"]) == ("b", ["b", "c"])
    both = {"input": "en", "target": "en", "references": "right"}
    assert read(tmp_path / "rows.jsonl", jsonl(rows), both)[0]["target"] == "a"


UNFIT = [
    ({"en": "a", "r1": "b", "r2": 3}, SEVERAL, r"rows.jsonl:1:r2: expected str, found int"),
    ({"en": "a", "r1": "", "r2": ""}, SEVERAL, r"rows.jsonl:1:references: no text in any"),
    ({"en": "a", "r1": "b"}, SEVERAL, "source.columns: no row has 'r2'"),
    ({"en": "a", "r": 3}, {"input": "en", "references": "r"}, "expected a list of texts"),
    ({"en": "a", "r": "b"}, {"input": "en"}, "no column is named for target"),
]


@pytest.mark.parametrize(("row", "columns", "message"), UNFIT)
def test_references_that_are_none(tmp_path, row, columns, message):
    with pytest.raises(UserError, match=message):
        read(tmp_path / "rows.jsonl", jsonl([row]), columns)


CSV = b"en,ja,label\nhello,\xe3\x83\x8f,1\nbye,,0\n"


def test_rows_that_are_not_chosen_need_no_texts(tmp_path):
    (example,) = read(tmp_path / "rows.csv", CSV, where={"label": "1"})
    assert example["input"] == "hello" and "label" not in example


def test_value_of_another_type_is_named(tmp_path):
    with pytest.raises(UserError, match="rows.csv: source.where: no row has label: 1; rows have "):
        read(tmp_path / "rows.csv", CSV, where={"label": 1})


TESTED = {"input": "en", "target": "ja", "tests": "check"}


@pytest.mark.parametrize(
    ("row", "columns", "tests"),
    [
        ({"check": "f();"}, TESTED, "f();"),
        ({"check": None}, TESTED, None),
        ({"check": ""}, TESTED, None),
        ({}, TESTED, None),
        ({"check": "f();", "first": "g();"}, TESTED | {"tests": ["first", "check"]}, "g();\nf();"),
    ],
)
def test_tests_are_one_text_or_none(tmp_path, row, columns, tests):
    others = {"en": "a", "ja": "b", "check": "1;", "first": "1;"}  # an absent column is refused
    rows = [{"en": "c", "ja": "d"} | row, others]
    assert read(tmp_path / "rows.jsonl", jsonl(rows), columns)[0]["tests"] == tests


def test_tests_that_are_no_text_are_refused(tmp_path):
    with pytest.raises(UserError, match="rows.jsonl:1:check: expected str, found list"):
        read(tmp_path / "rows.jsonl", jsonl([{"en": "a", "ja": "b", "check": ["f();"]}]), TESTED)

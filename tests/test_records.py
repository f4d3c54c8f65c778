"""Records: a bad row is named as file:line:field, and what is written is whole and strict JSON."""

import json
import math
import os

import pytest

from stages import records
from stages.command import UserError

FIELDS = {"id": str, "n": int}
GOOD = b'{"id": "a", "n": 1}\n'

# what, the file's bytes, what the error says after the file's name
BAD = [
    ("empty file", b"", ": the file has no rows"),
    ("blank lines only", b"\n  \n\n", ": the file has no rows"),
    ("truncated last line", GOOD + b'{"id": "b", "n', ":2: not JSON"),
    ("text behind the object", GOOD + b'{"id": "b", "n": 2}}\n', ":2: not JSON"),
    ("two objects on a line", b'{"id": "a", "n": 1}{"id": "b", "n": 2}\n', ":1: not JSON"),
    ("UTF-16", '{"id": "a", "n": 1}\n'.encode("utf-16"), ":1: not UTF-8 (byte 0xff)"),
    ("Shift-JIS", GOOD + '{"id": "\u8868"}\n'.encode("shift_jis"), ":2: not UTF-8 (byte 0x95)"),
    ("Latin-1 after a blank line", GOOD + b'\n{"id": "\xe9", "n": 2}\n', ":3: not UTF-8"),
    ("half a surrogate pair", b'{"id": "\\ud83d", "n": 1}\n', ":1: not JSON"),
    ("a number", GOOD + b"7\n", ":2: expected an object, found int"),
    ("a list", GOOD + b"[]\n", ":2: expected an object, found list"),
    ("null", b"null\n", ":1: expected an object, found NoneType"),
    ("missing field", GOOD + b'{"n": 2}\n', ":2:id: missing; the row has n"),
    ("no fields", GOOD + b"{}\n", ":2:id: missing; the row has none"),
    ("blank lines count", b"\n\n" + GOOD + b'\n{"n": 2}\n', ":5:id: missing"),
    ("a number for text", GOOD + b'{"id": 7, "n": 2}\n', ":2:id: expected str, found int"),
    ("null for text", GOOD + b'{"id": null, "n": 2}\n', ":2:id: expected str, found NoneType"),
    ("text for a number", GOOD + b'{"id": "b", "n": "2"}\n', ":2:n: expected int, found str"),
    ("a share for a count", GOOD + b'{"id": "b", "n": 2.5}\n', ":2:n: expected int, found float"),
    ("true for a number", GOOD + b'{"id": "b", "n": true}\n', ":2:n: expected int, found bool"),
    ("NaN", b'{"id": "a", "n": NaN}\n', ":1: not JSON (NaN is not strict JSON)"),
    ("5,000 brackets", b"[" * 5000, ":1: nested deeper than 100 levels"),
    ("infinity", b'{"id": "a", "n": -Infinity}\n', ":1: not JSON (-Infinity is not strict"),
    ("a key twice", GOOD + b'{"id": "b", "n": 1, "id": "b"}\n', ':2: not JSON (the key "id" comes'),
    ("a key twice further in", b'{"id": "a", "n": [{"x": 1, "x": 1}]}\n', ":1: not JSON (the key"),
    ("deep", GOOD + b'{"id": ' + b"[" * 101 + b"]" * 101 + b"}\n", ":2: nested deeper than 100"),
    ("objects", b'{"a":' * 900 + b"1" + b"}" * 900, ":1: nested deeper than 100 levels"),
    ("too deep to parse", b'{"id": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", ":1: nested deeper"),
    ("a number beyond floats", b'{"id": "a", "n": 1e999}\n', ":1: not JSON (1e999 is not strict"),
]


def deep(levels):
    return {"id": deep(levels - 1)} if levels else 1


# what, the file's bytes, the rows
READABLE = [
    ("no line feed at the end", b'{"id": "a", "n": 1}', [{"id": "a", "n": 1}]),
    ("byte-order mark", b"\xef\xbb\xbf" + GOOD, [{"id": "a", "n": 1}]),
    ("Windows line ends", b'{"id": "a", "n": 1}\r\n', [{"id": "a", "n": 1}]),
    ("a line separator in a text", '{"id": "a\u2028b"}\n'.encode(), [{"id": "a\u2028b"}]),
    ("many lists side by side", b'{"id": [' + b"[]," * 999 + b"[]]}\n", [{"id": [[]] * 1000}]),
    ("a hundred levels", b'{"id":' * 100 + b"1" + b"}" * 100, [deep(100)]),
    ("an escaped pair", b'{"id": "\\ud83d\\ude00"}\n', [{"id": "\N{GRINNING FACE}"}]),
    ("an escaped backslash before u", b'{"id": "\\\\ud83d"}\n', [{"id": "\\ud83d"}]),
]


@pytest.mark.parametrize(("what", "content", "said"), BAD, ids=[row[0] for row in BAD])
def test_bad_row_is_named_by_file_line_and_field(tmp_path, what, content, said):
    path = tmp_path / "rows.jsonl"
    path.write_bytes(content)
    with pytest.raises(UserError) as raised:
        records.read(path, FIELDS)
    assert str(raised.value).startswith(f"{path}{said}")
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(("what", "content", "rows"), READABLE, ids=[row[0] for row in READABLE])
def test_unusual_but_sound_file_is_read(tmp_path, what, content, rows):
    path = tmp_path / "rows.jsonl"
    path.write_bytes(content)
    assert records.read(path) == rows


def test_missing_file_is_a_user_error(tmp_path):
    with pytest.raises(UserError, match="none.jsonl: no such file"):
        records.read(tmp_path / "none.jsonl")
    with pytest.raises(UserError, match="none.json: no such file"):
        records.read_json(tmp_path / "none.json")


def test_broken_json_file_is_named(tmp_path):
    path = tmp_path / "plan.json"
    path.write_text('{"lr": NaN}')
    with pytest.raises(UserError, match="plan.json:1: not JSON"):
        records.read_json(path)


def test_what_is_written_is_read_back(tmp_path):
    rows = [{"id": "a", "text": 'ハロー\n"\u2028\\'}, {"id": "b", "text": "\x00"}]
    records.write(tmp_path / "deep" / "rows.jsonl", iter(rows))
    assert records.read(tmp_path / "deep" / "rows.jsonl") == rows
    records.write_json(tmp_path / "value.json", {"rows": rows})
    assert records.read_json(tmp_path / "value.json") == {"rows": rows}


def test_written_bytes_do_not_depend_on_key_order(tmp_path):
    records.write(tmp_path / "one", [{"a": 1, "b": {"c": 2, "d": 3}}])
    records.write(tmp_path / "two", [{"b": {"d": 3, "c": 2}, "a": 1}])
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    assert records.digest({"a": 1, "b": 2}) == records.digest({"b": 2, "a": 1})
    assert records.digest({"a": 1, "b": 2}) != records.digest({"a": 2, "b": 1})


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize(
    "write", [records.write_json, lambda path, row: records.write(path, [row])]
)
def test_nan_is_never_written_and_the_old_file_stays(tmp_path, value, write):
    path = tmp_path / "metrics.json"
    path.write_text("old")
    with pytest.raises(ValueError, match="not JSON compliant"):
        write(path, {"deep": [{"score": value}]})
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["metrics.json"]


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_failed_write_leaves_the_old_file(tmp_path, monkeypatch, step):
    path = tmp_path / "metrics.json"
    path.write_text("old")

    def no_space(*arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, step, no_space)
    with pytest.raises(OSError, match="No space left"):
        records.write_json(path, {"score": 1})
    assert path.read_text() == "old"


def test_written_json_has_no_nan_token(tmp_path):
    records.write_json(tmp_path / "m.json", {"value": None, "reason": "there are no rows"})
    text = (tmp_path / "m.json").read_text()
    assert json.loads(text) == {"value": None, "reason": "there are no rows"}
    assert text.endswith("}\n")


def test_folder_digest_notices_a_byte_a_name_and_a_new_file(tmp_path):
    def make(name, files):
        for file, content in files.items():
            (tmp_path / name / file).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name / file).write_text(content)
        return records.folder_digest(tmp_path / name)

    whole = make("whole", {"a": "1", "b/c": "2"})
    assert make("same", {"b/c": "2", "a": "1"}) == whole
    assert make("byte", {"a": "1", "b/c": "3"}) != whole
    assert make("name", {"a": "1", "b/d": "2"}) != whole
    assert make("more", {"a": "1", "b/c": "2", "d": ""}) != whole
    assert make("compiled", {"a": "1", "b/c": "2", "x.pyc": "9"}) == whole


def test_digits_in_which_processors_differ_are_not_written(tmp_path):
    one, other = ({"of": [{"score": score}]} for score in (14.794593856277638, 14.794593856277634))
    for name, value in (("one", one), ("other", other)):
        records.write_json(tmp_path / name, value)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "other").read_bytes()
    assert records.read_json(tmp_path / "one")["of"][0]["score"] == pytest.approx(14.7945938563)

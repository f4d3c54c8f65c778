"""English of catalogs with errors made in it: one row a sentence, and which are left alone."""

import zipfile

import polib
import pytest

from stages import paths, records
from stages.sources import corrections
from stages.splits import near_duplicates

NOUNS = [
    "volume",
    "network",
    "project",
    "port",
    "image",
    "policy",
    "key",
    "user",
    "group",
    "router",
]
VERBS = ["deleted", "created", "updated", "attached", "moved", "exported", "saved", "renamed"]
LINES = [f"The {noun} can be {verb} by you at this time." for noun in NOUNS for verb in VERBS]


@pytest.fixture
def source(tmp_path, monkeypatch):
    """Give settings of two packages with these lines; the second has the first line too."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DVC_ROOT", raising=False)
    pins = {}
    for name, lines in (("one", LINES), ("two", [LINES[0], "The %s is not one of these things."])):
        file = polib.POFile()
        file.metadata = {"Content-Type": "text/plain; charset=UTF-8"}
        for line in lines:
            file.append(polib.POEntry(msgid=line, msgstr=""))
        with zipfile.ZipFile("made.whl", "w") as archive:
            archive.writestr("ja/LC_MESSAGES/x.po", str(file))
        digest = records.file_digest(tmp_path / "made.whl")
        kept = paths.scratch() / "downloads" / digest
        kept.parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "made.whl").rename(kept)
        pins[name] = {"version": "1", "sha256": digest, "layout": "gettext"}
    common = {"kind": "corrections", "packages": pins, "locale": "ja"}
    return {**common, "seed": 3, "clean_share": 0.2, "rows": None}


def test_one_row_a_sentence_with_its_packages(source):
    rows = corrections.read(source)
    assert sorted(row["target"] for row in rows) == sorted(LINES)
    origins = {row["target"]: row["origin"] for row in rows}
    assert origins.pop(LINES[0]) == "one+two"
    assert set(origins.values()) == {"one"}


def test_clean_rows_come_as_they_are_and_all_others_have_errors(source):
    rows = corrections.read(source)
    clean = [row for row in rows if row["category"] == "clean"]
    assert 0.1 < len(clean) / len(rows) < 0.3
    assert all(r["input"] == r["target"] and not r["errors"] for r in clean)
    for row in rows:
        assert row["references"][0] == row["target"]
        assert (row["input"] in row["references"]) == (row["category"] == "clean")
        types = [error["type"] for error in row["errors"]]
        assert row["category"] == (types[0] if len(types) == 1 else "several" if types else "clean")
    assert corrections.read(source | {"clean_share": 1.0})[0]["category"] == "clean"


def test_fewer_rows_are_some_of_them_as_they_were(source):
    rows, fewer = corrections.read(source), corrections.read(source | {"rows": 20})
    assert fewer == rows[:20]


def test_another_seed_makes_other_errors(source):
    rows, others = corrections.read(source), corrections.read(source | {"seed": 4})
    assert [row["id"] for row in rows] == [row["id"] for row in others]
    assert rows != others


def test_a_sentence_with_and_without_errors_is_one_group(source):
    rows = corrections.read(source | {"rows": 1})
    other = {**rows[0], "id": "other", "input": "Quite another text than this"}
    assert len(set(near_duplicates.groups([*rows, other], 0.7).values())) == 1

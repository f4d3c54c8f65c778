"""Manifests: what freezes a split, and what no longer fits it."""

import pytest

from stages import paths, records
from stages.command import UserError
from stages.splits import manifest

ROWS = [{"id": key, "input": f"in {key}", "target": "t", "origin": "x"} for key in ("a", "b", "c")]
DECLARED = {"version": "v1", "rows": 3, "origins": None}
PLACE = paths.manifest("toy", "dev", "v1")


@pytest.fixture
def frozen(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    made = manifest.make("toy", "dev", DECLARED, ROWS, {"kind": "file"})
    records.write_json(PLACE, made)
    return made


def test_manifest_gives_its_rows_again_out_of_more(frozen):
    more = [*ROWS, {"id": "z", "input": "i", "target": "t", "origin": "x"}]
    by_id = {row["id"]: row for row in more}
    assert manifest.pick(manifest.read("toy", "dev", DECLARED), by_id, PLACE) == ROWS


def test_group_is_no_part_of_the_content():
    grouped = [{**row, "group": "a"} for row in ROWS]
    assert manifest.content_digest(grouped) == manifest.content_digest(ROWS)


# how the rows of the source change, what is said
DRIFT = [
    (lambda r: r[1:], "1 of 3 rows are gone, first ['a']"),
    (lambda r: [], "3 of 3 rows are gone, first ['a', 'b', 'c']"),
    (lambda r: [{**r[0], "target": "T"}, *r[1:]], "a row's content changed"),
    (lambda r: [{**r[0], "input": "in a "}, *r[1:]], "a row's content changed"),
    (lambda r: [{**r[0], "origin": "y"}, *r[1:]], "a row's content changed"),
    (lambda r: [{**r[0], "new": 1}, *r[1:]], "a row's content changed"),
]


@pytest.mark.parametrize(("change", "said"), DRIFT)
def test_drift_of_the_source_is_refused(frozen, change, said):
    by_id = {row["id"]: row for row in change(ROWS)}
    with pytest.raises(UserError) as raised:
        manifest.pick(frozen, by_id, PLACE)
    expected = f"{PLACE}: the source no longer gives this split: {said}. Nothing was written."
    assert str(raised.value).startswith(expected)
    assert "declare a new version of dev" in str(raised.value)


# what the study declares now, what is said
MISMATCH = [
    (
        {"rows": 4},
        "frozen with rows 3, the study now says 4. Declare a new version of dev instead.",
    ),
    ({"origins": ["x"]}, "frozen with origins None, the study now says ['x']."),
]


@pytest.mark.parametrize(("now", "said"), MISMATCH)
def test_declaration_that_no_longer_fits_is_refused(frozen, now, said):
    with pytest.raises(UserError) as raised:
        manifest.read("toy", "dev", {**DECLARED, **now})
    assert str(raised.value).startswith(f"{PLACE}: {said}")


BACK = "A manifest is frozen, and not edited: `git restore` it"
# what a hand made of the manifest, what is said behind the file's name
EDITED = [
    (lambda m: {**m, "ids": "a"}, f":ids: expected 3, found 1. {BACK}"),
    (lambda m: {**m, "ids": "a b c d"}, f":ids: expected 3, found 4. {BACK}"),
    (lambda m: {**m, "ids": ""}, f":ids: expected 3, found 0. {BACK}"),
    (lambda m: {**m, "ids": "a b c a b"}, f":ids: 2 stand there again, first ['a', 'b']. {BACK}"),
    (lambda m: {**m, "ids": "a b b"}, f":ids: 1 stand there again, first ['b']. {BACK}"),
    (lambda m: {**m, "ids": ["a", "b", "c"]}, ":ids: expected str, found list"),
    (lambda m: {**m, "ids": None}, ":ids: expected str, found NoneType"),
    (lambda m: {k: v for k, v in m.items() if k != "ids"}, ":ids: missing; the row has origins"),
    (lambda m: {k: v for k, v in m.items() if k != "rows"}, ":rows: missing; the row has ids"),
    (lambda m: {k: v for k, v in m.items() if k != "sha256"}, ":sha256: missing; the row has"),
    (lambda m: {**m, "rows": "3"}, ":rows: expected int, found str"),
    (lambda m: {**m, "rows": True}, ":rows: expected int, found bool"),
    (lambda m: {**m, "study": "other"}, ":study: expected toy, found other"),
    (lambda m: {**m, "split": "test"}, ":split: expected dev, found test"),
    (lambda m: {**m, "version": "v2"}, ":version: expected v1, found v2"),
    (lambda m: [m], ": expected an object, found list"),
    (lambda m: None, ": expected an object, found NoneType"),
]


@pytest.mark.parametrize(("edit", "said"), EDITED, ids=[row[1] for row in EDITED])
def test_manifest_edited_by_hand_is_refused(frozen, edit, said):
    records.write_json(PLACE, edit(frozen))
    with pytest.raises(UserError) as raised:
        manifest.read("toy", "dev", DECLARED)
    assert str(raised.value).startswith(f"{PLACE}{said}")
    assert "\n" not in str(raised.value)


V1, V2 = DECLARED, {**DECLARED, "version": "v2"}
# the splits that are declared, those to freeze now, what is said (dev v1 is there)
MISSING = [
    ({"dev": V2}, [], "dev-v2.json: no manifest for dev v2.", "--new dev`"),
    (
        {"dev": V1, "test": V1, "train": V1},
        [],
        "test-v1.json: no manifest for test v1, train v1.",
        "--new test,train`",
    ),
    (
        {"dev": V2, "test": V1, "train": V2},
        ["train"],
        "dev-v2.json: no manifest for dev v2, test v1.",
        "--new dev,test,train`",
    ),
]


@pytest.mark.parametrize(("splits", "new", "said", "option"), MISSING)
def test_missing_manifests_are_named_with_the_one_command_that_makes_them(
    frozen, splits, new, said, option
):
    with pytest.raises(UserError) as raised:
        manifest.require("toy", splits, new)
    assert str(raised.value).startswith(f"{PLACE.parent}/{said}")
    assert f"`python -m stages.freeze_splits toy {option}" in str(raised.value)


def test_nothing_is_missing(frozen):
    manifest.require("toy", {"dev": V1, "train": V2}, ["train"])

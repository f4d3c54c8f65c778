"""Freezing splits end to end: drawn once, given again, and nothing written when it is off."""

import json
import random
from pathlib import Path

import pytest

from stages import freeze_splits, paths, records
from stages.command import UserError, run

SPLITS = ("train", "dev", "test")


def source_rows():
    """40 unlike rows, and 6 groups of 3 that differ in a number alone."""
    rng = random.Random(4)
    names = ["".join(rng.choices("abcdefghiklmnoprstuvw", k=8)) for _ in range(140)]
    kana = ["".join(rng.choices("アイウエオカキクケコサシスセソ", k=14)) for _ in range(40)]
    rows = [{"en": " ".join(names[3 * n : 3 * n + 3]), "ja": kana[n]} for n in range(40)]
    groups = [f"{names[120 + n]} {k} {names[126 + n]}" for n in range(6) for k in (1, 2, 3)]
    return rows + [{"en": text, "ja": f"組 {n}"} for n, text in enumerate(groups)]


class Study:
    """A study over one JSONL file, with its plan."""

    def __init__(self):
        self.rows = source_rows()
        self.splits = {
            name: {"version": "v1", "rows": n, "origins": None}
            for name, n in zip(SPLITS, (24, 10, 10), strict=True)
        }
        self.save()

    def save(self):
        text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in self.rows)
        Path("toy.jsonl").write_text(text, encoding="utf-8")
        source = {
            "kind": "file",
            "path": "toy.jsonl",
            "sha256": records.file_digest(Path("toy.jsonl")),
            "columns": {"input": "en", "target": "ja"},
        }
        plan = {"study": "toy", "source": source, "splits": self.splits, "split_seed": 42}
        records.write_json(
            paths.plan("freeze_splits", "toy"), {**plan, "near_duplicate_jaccard": 0.7}
        )

    def split(self, name):
        return records.read(paths.split("toy", name))


def snapshot() -> dict[str, bytes]:
    return {str(file): file.read_bytes() for file in sorted(Path("data").rglob("*.*"))}


@pytest.fixture
def study(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return Study()


@pytest.fixture
def frozen(study):
    freeze_splits.main("toy", new="all")
    return study


def refused(said, **options):
    """Freeze; it must fail with this on one line and leave every file as it was."""
    before = snapshot()
    with pytest.raises(UserError) as raised:
        freeze_splits.main("toy", **options)
    assert said in str(raised.value)
    assert "\n" not in str(raised.value)
    assert snapshot() == before


def test_splits_have_their_sizes_and_share_no_group(frozen):
    groups = {name: {row["group"] for row in frozen.split(name)} for name in SPLITS}
    assert [len(frozen.split(name)) for name in SPLITS] == [24, 10, 10]
    assert not groups["train"] & groups["dev"]
    assert not groups["train"] & groups["test"]
    assert not groups["dev"] & groups["test"]
    sizes = [len([1 for row in frozen.split(name) if row["group"] == group])
             for name in SPLITS for group in groups[name]]  # fmt: skip
    assert set(sizes) == {1, 3}


def test_manifests_say_what_was_frozen(frozen):
    for name in SPLITS:
        manifest = records.read_json(paths.manifest("toy", name, "v1"))
        assert manifest["rows"] == len(manifest["ids"].split()) == frozen.splits[name]["rows"]
        assert manifest["ids"].split() == [row["id"] for row in frozen.split(name)]
        assert manifest["source"]["sha256"] == records.file_digest(Path("toy.jsonl"))


def test_frozen_splits_come_out_again_byte_by_byte(frozen):
    before = snapshot()
    for name in SPLITS:
        paths.split("toy", name).unlink()
    freeze_splits.main("toy")
    assert snapshot() == before


def test_splits_do_not_depend_on_the_order_of_the_source(frozen):
    before = [paths.split("toy", name).read_bytes() for name in SPLITS]
    for name in SPLITS:
        paths.manifest("toy", name, "v1").unlink()
    random.Random(1).shuffle(frozen.rows)
    frozen.save()
    freeze_splits.main("toy", new="all")
    assert [paths.split("toy", name).read_bytes() for name in SPLITS] == before


def test_new_train_version_leaves_dev_and_test_and_avoids_their_groups(frozen):
    before = snapshot()
    frozen.splits["train"] = {"version": "v2", "rows": 20, "origins": None}
    frozen.save()
    freeze_splits.main("toy", new="train")
    after = snapshot()
    changed = {name for name in before | after if before.get(name) != after.get(name)}
    assert changed == {"data/splits/toy/train.jsonl", "data/manifests/toy/train-v2.json"}
    held = {row["group"] for name in ("dev", "test") for row in frozen.split(name)}
    assert len(frozen.split("train")) == 20
    assert not held & {row["group"] for row in frozen.split("train")}


def test_splits_can_be_frozen_one_after_the_other(study):
    study.splits = {name: study.splits[name] for name in ("test",)}
    study.save()
    freeze_splits.main("toy", new="test")
    before = paths.split("toy", "test").read_bytes()
    study.splits["dev"] = {"version": "v1", "rows": 10, "origins": None}
    study.splits["train"] = {"version": "v1", "rows": 24, "origins": None}
    study.save()
    freeze_splits.main("toy", new="dev,train")
    assert paths.split("toy", "test").read_bytes() == before
    assert [len(study.split(name)) for name in SPLITS] == [24, 10, 10]


def test_rows_added_to_the_source_leave_frozen_splits_alone(frozen):
    before = snapshot()
    frozen.rows.append({"en": "something quite unlike the rest", "ja": "別"})
    frozen.save()
    freeze_splits.main("toy")
    assert snapshot() == before


def first_row_of(study, name):
    text = study.split(name)[0]["input"]
    return next(n for n, row in enumerate(study.rows) if row["en"] == text)


@pytest.mark.parametrize("name", SPLITS)
def test_row_that_left_the_source_is_refused(frozen, name):
    identity = frozen.split(name)[0]["id"]
    del frozen.rows[first_row_of(frozen, name)]
    frozen.save()
    rows = frozen.splits[name]["rows"]
    said = f"{name}-v1.json: the source no longer gives this split: 1 of {rows} rows are gone, "
    refused(f"{said}first ['{identity}']. Nothing was written")


@pytest.mark.parametrize("name", SPLITS)
def test_changed_row_is_refused(frozen, name):
    # Its id is of the folded texts, so this is the same row with another content.
    changed = dict(frozen.rows[first_row_of(frozen, name)])
    frozen.rows[first_row_of(frozen, name)] = {**changed, "en": changed["en"].upper()}
    frozen.save()
    refused(f"{name}-v1.json: the source no longer gives this split: a row's content changed")


def test_drift_is_refused_also_when_another_split_is_new(frozen):
    frozen.splits["train"] = {"version": "v2", "rows": 20, "origins": None}
    del frozen.rows[first_row_of(frozen, "test")]
    frozen.save()
    refused("test-v1.json: the source no longer gives this split", new="train")


def test_leakage_through_a_third_row_is_refused_with_its_pair(frozen):
    alone = [row for row in frozen.split("train") if len(row["target"]) >= 12]
    train, dev = alone[0], frozen.split("dev")[0]
    # It is in no split, and has the target of one row and the input of the other.
    frozen.rows.append({"en": dev["input"].upper(), "ja": train["target"]})
    frozen.save()
    pair = f"dev {dev['id']} {dev['input']!r} ~ train {train['id']} {train['input']!r} (same group)"
    refused(f"toy: leakage: 1 near-duplicate groups lie in more than one split: {pair}")


# what the study declares now, the option, what is said
REFUSED = [
    ({"train": {"rows": 25}}, {}, "train-v1.json: frozen with rows 24, the study now says 25"),
    (
        {"dev": {"origins": ["toy"]}},
        {},
        "dev-v1.json: frozen with origins None, the study now says",
    ),
    ({"dev": {"version": "v2"}}, {}, "dev-v2.json: no manifest for dev v2. Freeze it with"),
    ({}, {"new": "train"}, "train-v1.json: already frozen; declare a new version of train"),
    ({}, {"new": "all"}, "dev-v1.json: already frozen"),
    ({"train": {"version": "v2"}}, {"new": "train,dev"}, "dev-v1.json: already frozen"),
    ({}, {"new": "valid"}, "--new valid: unknown split 'valid'; known: "),
    (
        {"train": {"version": "v2", "rows": 1000}},
        {"new": "train"},
        "split 'train' wants 1000 rows, but only 38 can be drawn",
    ),
    (
        {"train": {"version": "v2", "origins": ["elsewhere"]}},
        {"new": "train"},
        "split 'train' wants 24 rows, but only 0 can be drawn",
    ),
]


@pytest.mark.parametrize(("now", "options", "said"), REFUSED)
def test_declaration_that_cannot_be_met_writes_nothing(frozen, now, options, said):
    for name, change in now.items():
        frozen.splits[name] = {**frozen.splits[name], **change}
    frozen.save()
    refused(said, **options)


def test_too_few_rows_at_the_first_freeze_writes_nothing(study):
    study.splits["train"]["rows"] = 1000
    study.save()
    refused("split 'train' wants 1000 rows", new="all")
    assert snapshot() == {}


@pytest.fixture
def corrected(study):
    """The study's rows with a second reference each; that of the first two is the same. Gives a
    function that says whether all of them are trained on."""
    for number, row in enumerate(study.rows):
        row["other"] = f"別の訳{'アイウエオカキクケコ'[number % 10] * 12}{row['en']}"
    study.rows[1]["other"] = study.rows[0]["other"]

    def train_on_all(every):
        study.save()
        plan = records.read_json(paths.plan("freeze_splits", "toy"))
        plan["source"]["columns"] = {"input": "en", "references": ["ja", "other"]}
        plan |= {"every_reference": True} if every else {}
        records.write_json(paths.plan("freeze_splits", "toy"), plan)

    return train_on_all


def groups_of_the_first_two(study):
    rows = [row for name in SPLITS for row in study.split(name)]
    return {row["group"] for row in rows if row["input"] in [r["en"] for r in study.rows[:2]]}


@pytest.mark.parametrize(("every", "groups"), [(False, 2), (True, 1)])
def test_rows_that_share_a_later_reference_belong_together_if_it_is_trained_on(
    study, corrected, every, groups
):
    study.splits["train"]["rows"] = 38  # all that dev and test leave
    corrected(every)
    freeze_splits.main("toy", new="all")
    assert len(groups_of_the_first_two(study)) == groups
    ids = [row["id"] for name in SPLITS for row in study.split(name)]
    assert len(ids) == len({*ids}) == 58 and not any("-" in one for one in ids)
    assert all(row["group"] in ids for name in SPLITS for row in study.split(name))


def test_splits_that_a_later_reference_would_leak_between_are_refused(study, corrected):
    held = {"train": [0, *range(2, 25)], "dev": [1, *range(25, 34)], "test": [*range(34, 40)]}
    for name, rows in held.items():
        study.splits[name] = {"version": "v1", "rows": len(rows), "origins": [name]}
        for row in rows:
            study.rows[row]["split"] = name
    study.rows = study.rows[:40]
    for every in (False, True):
        corrected(every)
        plan = records.read_json(paths.plan("freeze_splits", "toy"))
        plan["source"]["columns"]["origin"] = "split"
        records.write_json(paths.plan("freeze_splits", "toy"), plan)
        if not every:
            freeze_splits.main("toy", new="all")
    refused("toy: leakage: 1 near-duplicate groups lie in more than one split: ")


def test_two_rows_of_one_id_are_refused(study):
    study.rows = [{"en": "a b", "ja": "x", "key": "k1"}, {"en": "c d", "ja": "y", "key": "k1"}]
    study.save()
    plan = records.read_json(paths.plan("freeze_splits", "toy"))
    plan["source"]["columns"]["id"] = "key"
    records.write_json(paths.plan("freeze_splits", "toy"), plan)
    refused("toy: id k1 stands for two rows: 'a b' and 'c d'", new="all")


def test_changed_source_file_is_refused_by_its_hash(frozen):
    with open("toy.jsonl", "a", encoding="utf-8") as file:
        file.write('{"en": "new", "ja": "新"}\n')
    refused("toy.jsonl: sha256 is ")


def test_command_ends_with_one_line_and_status_1(frozen, monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["freeze_splits", "toy", "--new", "dev"])
    with pytest.raises(SystemExit) as ended:
        run(freeze_splits.main)
    assert ended.value.code == 1
    errors = capsys.readouterr().err
    assert errors == f"error: {paths.manifest('toy', 'dev', 'v1')}: already frozen; " \
        "declare a new version of dev\n"  # fmt: skip

"""A study begun by one command: what it writes, and that a mistake leaves nothing behind."""

import json
import random
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import datasets
import pytest
from ruamel.yaml import YAML

from stages import freeze_splits, new, plan, records
from stages.command import UserError
from stages.metrics import METRICS
from stages.planning.schema import StudyFile
from stages.planning.yaml_files import load
from stages.starting import fitting, registering, sizes, text
from tests.conftest import KNOBS, ROOT, toy_rows, words
from tests.planning.files import STUDIES

COLUMNS = {"input": "en", "target": "ja"}
REVISION = "0123456789abcdef0123456789abcdef01234567"
HUB = {**COLUMNS, "data": "someone/pairs", "revision": REVISION}


def rows_of(count):
    """Pairs of made-up words on both sides, no two alike."""
    rng = random.Random(7)
    english, other = words(300, "abdefghiklmnoprstu", 1), words(300, "aeioukstnhm", 2)
    return [
        {"en": " ".join(rng.sample(english, 5)), "ja": " ".join(rng.sample(other, 5))}
        for _ in range(count)
    ]


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A folder with what the command reads: the repository's dvc.yaml, toy studies, a file."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ASSAY_RUN_ANSWERS", raising=False)
    for name in ("constraints.txt", "dvc.yaml"):
        shutil.copy(ROOT / name, name)
    pipeline = Path("dvc.yaml").read_text().replace("studies/formats.yaml", "studies/toy.yaml")
    Path("dvc.yaml").write_text(pipeline.replace("studies/translation.yaml", "studies/far.yaml"))
    study = {**STUDIES["study"]["toy"], "metrics": {"chrf": {}}}
    second = {**STUDIES["bases"]["tiny"], "path": "second"}
    contents = {
        "params.yaml": KNOBS,
        "studies/bases.yaml": {"bases": {"tiny": STUDIES["bases"]["tiny"], "second": second}},
        "studies/toy.yaml": {**STUDIES, "bases": {}, "study": {"toy": study}},
        "studies/far.yaml": {},
    }
    # The repository's other studies are not what is tested here
    named = re.findall(r"studies/[a-z_]+\.yaml", Path("dvc.yaml").read_text())
    contents = {name: {} for name in named} | contents
    for name, content in contents.items():
        records.write_json(Path(name), content)
    # Maps keep their order here: the first base is the one that a study takes
    Path("studies/bases.yaml").write_text(json.dumps(contents["studies/bases.yaml"]))
    records.write(Path("pairs.jsonl"), rows_of(200))


def files() -> dict[str, bytes]:
    return {str(f): f.read_bytes() for f in sorted(Path().rglob("*")) if f.is_file()}


def begin(name="mine", **options):
    new.main(name, **{"data": "pairs.jsonl", **COLUMNS, **options})


def begun(name="mine", **options) -> StudyFile:
    begin(name, **options)
    return load(Path(f"studies/{name}.yaml"), StudyFile)


def test_study_is_written_registered_and_frozen(project, capsys):
    before = files()
    made = begun()
    study = made.study["mine"]
    rows = {name: split.rows for name, split in vars(study.splits).items()}
    assert rows == {"train": 136, "dev": 32, "test": 32}
    assert study.source.sha256 == records.file_digest(Path("pairs.jsonl"))
    assert study.source.path == "pairs.jsonl" and study.source.columns == COLUMNS
    assert study.base == "tiny" and study.publish == "sample" and study.licence is None
    assert study.promote.metric == "chrf" and study.promote.guards == {"hit_limit_rate": "not hurt"}
    assert list(study.metrics) == list(fitting.USUAL)
    assert {name: arm.method for name, arm in made.arms.items()} == {
        "mine-s0": "none",
        "mine-tuned": "sft",
    }
    written = files()
    assert set(written) - set(before) == {
        "studies/mine.yaml",
        "plan/freeze_splits/mine.json",
        *(f"data/manifests/mine/{split}-v1.json" for split in ("train", "dev", "test")),
        *(f"data/splits/mine/{split}.jsonl" for split in ("train", "dev", "test")),
    }
    assert {name for name in before if before[name] != written[name]} == {"dvc.yaml"}
    said = capsys.readouterr().out
    assert "Then: dvc repro report@mine\n" in said and "reports/mine.html" in said
    plan.main()
    freeze_splits.main("mine")  # what is frozen is what the source gives again


def test_two_studies_can_be_begun_one_after_the_other(project):
    begin("mine")
    begin("other-one")
    plan.main()
    assert Path("plan/report/mine.json").exists() and Path("plan/report/other-one.json").exists()


def test_options_reach_the_file(project):
    told = "Say \"it\": {name} ${x} # – 日本\n\\ 'so' %"
    study = begun(base="second", metric="exact_match, chrf", instruction=told).study["mine"]
    assert study.base == "second" and study.instruction == told
    assert list(study.metrics) == ["exact_match", "chrf"]
    assert study.promote.metric == "exact_match" and study.promote.guards == {}


def test_generic_instruction_is_there_with_a_word_to_change_it(project):
    begin()
    text = Path("studies/mine.yaml").read_text()
    assert "say what yours is.\n    instruction: " in text
    assert "# max_length: 64\n" in text and "max_new_tokens: 8}" in text


@pytest.mark.parametrize(
    "column", ["a: b", "no", "12", '"', "- x", "日本 #", "#", "{{ x }}", "é\\"]
)
def test_any_name_of_a_column_survives(project, column):
    records.write(Path("odd.jsonl"), [{column: r["en"], "ja": r["ja"]} for r in rows_of(130)])
    study = begun(data="odd.jsonl", input=column).study["mine"]
    assert study.source.columns == {"input": column, "target": "ja"}


def test_metrics_that_can_score_nothing_here_are_left_out(project):
    records.write(Path("kana.jsonl"), toy_rows())  # no spaces, so no 4-grams of words
    study = begun(data="kana.jsonl").study["mine"]
    assert set(fitting.USUAL) - set(study.metrics) == {"repetition_rate"}


@pytest.mark.parametrize("metric", ["", "passes_tests, chrf"])
def test_rows_that_bring_tests_are_measured_by_them(project, monkeypatch, metric):
    """Whether they can be run is a matter of this machine, and tested elsewhere."""
    ran = replace(METRICS["passes_tests"], statistics=lambda rows: [[1, 1] for _ in rows])
    monkeypatch.setitem(METRICS, "passes_tests", ran)
    records.write(Path("tested.jsonl"), [{**row, "check": "ok()"} for row in rows_of(140)])
    study = begun(data="tested.jsonl", tests="check", metric=metric).study["mine"]
    assert study.source.columns == {**COLUMNS, "tests": "check"}
    usual = ["passes_tests", *fitting.USUAL]
    assert list(study.metrics) == (["passes_tests", "chrf"] if metric else usual)
    assert study.promote.metric == "passes_tests"
    assert records.read(Path("data/splits/mine/dev.jsonl"))[0]["tests"] == "ok()"


def test_hub_data_set_is_pinned_by_its_commit(project, monkeypatch):
    table = datasets.Dataset.from_list(rows_of(140))
    monkeypatch.setattr(datasets, "load_dataset", lambda *words, **options: table)
    source = begun(**HUB, split="validation", config="en-ja").study["mine"].source
    assert source.model_dump(exclude_unset=True) == {
        "kind": "hub",
        "id": "someone/pairs",
        "revision": REVISION,
        "config": "en-ja",
        "split": "validation",
        "columns": COLUMNS,
    }


def table(name, rows):
    records.write(Path(name), rows)


def big_groups():
    """Three groups of rows with the same target: none is small enough for a split."""
    targets = ["the first of all answers", "the second of all answers", "the third of all answers"]
    table("pairs.jsonl", [{**row, "ja": targets[n % 3]} for n, row in enumerate(rows_of(300))])


# what is done first, the options, and how the one line begins
REFUSED = [
    (None, {"input": "eng"}, "pairs.jsonl:1:eng: missing; the row has en, ja"),
    (None, {"target": "jp"}, "pairs.jsonl:1:jp: missing; the row has en, ja"),
    (None, {"target": "en"}, "--input and --target are both 'en'; a copy teaches nothing"),
    (
        lambda: table("pairs.jsonl", rows_of(90) + rows_of(90)),
        {},
        "pairs.jsonl: 90 rows once repeats are dropped; a study needs 128: 32 dev, 32 test and 64",
    ),
    (
        lambda: table("pairs.jsonl", [*rows_of(150), {"en": " ", "ja": "x"}]),
        {},
        "pairs.jsonl:151:en: empty",
    ),
    (big_groups, {}, "pairs.jsonl: no test split of 32 rows or more can be drawn: 300 rows form 3"),
    (None, {"name": "toy"}, "there is a study 'toy' already (known: toy); choose another"),
    (None, {"name": "bases"}, "studies/bases.yaml: there already, from another study 'bases'"),
    (
        lambda: records.write_json(Path("data/manifests/mine/dev-v1.json"), {}),
        {},
        "data/manifests/mine: there already",
    ),
    (lambda: table("data/looks/mine.jsonl", [{}]), {}, "data/looks/mine.jsonl: there already"),
    *(
        (None, {"name": name}, f"{name!r} is no name for a study: lower case letters, digits")
        for name in ("Mine", "1st", "a.b", "a-", "../x", "", "a b", "mine\n", "a@b")
    ),
    # The arms of the one would be called as one of the other
    (
        lambda: records.write_json(
            Path("studies/far.yaml"), {"renders": {"mine-chat": {"study": "toy", "format": "chat"}}}
        ),
        {},
        "studies/mine.yaml: renders.mine-chat: defined in another file already",
    ),
    (None, {"base": "tinny"}, "--base: unknown 'tinny'. Did you mean 'tiny'? Known: second, tiny"),
    (
        lambda: (
            records.write_json(Path("studies/bases.yaml"), {})
            or records.write_json(Path("studies/toy.yaml"), {})
        ),
        {},
        "no study file under `vars` of dvc.yaml has bases",
    ),
    (None, {"metric": "chrff"}, "--metric: unknown 'chrff'. Did you mean 'chrf'? Known: accept"),
    (None, {"metric": "chrf,comet"}, "--metric: unknown 'comet'."),
    (None, {"metric": "terminology"}, "--metric: 'terminology' needs glossary; leave it out here"),
    (None, {"metric": "length_ratio,chrf"}, "--metric: neither side of 'length_ratio' is the bett"),
    (None, {"metric": "chrf,correct_rate"}, "--metric: 'correct_rate' can score none of the first"),
    (
        lambda: records.write(Path("t.jsonl"), [{**row, "check": "1"} for row in rows_of(140)]),
        {"data": "t.jsonl", "tests": "check"},
        "--tests: 'passes_tests' can score none of the first 140 rows of t.jsonl, not even their "
        "targets as answers: answers are run o",
    ),
    (None, {"tests": "check"}, "pairs: source.columns: no row has 'check'"),
    (None, {"data": "no.csv"}, "no.csv: no such file"),
    (None, {"data": "no.xlsx"}, "no.xlsx: no such file; a data set of the hub needs `--revision"),
    (
        lambda: Path("x.xlsx").write_text("x"),
        {"data": "x.xlsx"},
        "x.xlsx: cannot read '.xlsx' file",
    ),
    (lambda: Path("d.csv").mkdir(), {"data": "d.csv"}, "d.csv: no such file"),
    (lambda: Path("e.csv").write_text("en,ja\n"), {"data": "e.csv"}, "e.csv: the file has no rows"),
    (None, {"data": "studies"}, "studies: no such file; a data set of the hub needs"),
    (
        None,
        {**HUB, "revision": ""},
        "someone/pairs: no such file; a data set of the hub needs `--re",
    ),
    (None, {**HUB, "revision": "main"}, "--revision main: not a commit of 40 hex digits"),
    (
        None,
        {"revision": REVISION},
        "--revision is for data sets of the hub, and pairs.jsonl is a f",
    ),
    (None, {"split": "train"}, "--split is for data sets of the hub"),
    (
        lambda: Path("dvc.yaml").write_text(json.dumps(YAML(typ="safe").load(Path("dvc.yaml")))),
        {},
        "dvc.yaml: cannot add lines to what vars, stages.plan.params and artifacts have there",
    ),
]


@pytest.mark.parametrize(("prepare", "options", "said"), REFUSED)
def test_mistake_is_one_line_and_nothing_is_written(project, prepare, options, said):
    if prepare:
        prepare()
    before = files()
    with pytest.raises(UserError) as raised:
        begin(**options)
    assert str(raised.value).startswith(said) and "\n" not in str(raised.value)
    assert files() == before


@pytest.mark.parametrize("error", [UserError("split 'dev' wants more"), KeyboardInterrupt()])
def test_freeze_that_ends_early_undoes_the_rest(project, monkeypatch, error):
    """As late as it can: the manifests are there, and the last split is not."""
    plan.main()
    before = files()

    def fail(path, rows):
        raise error

    monkeypatch.setattr(freeze_splits.records, "write", fail)
    with pytest.raises(type(error)):
        begin()
    assert files() == before and not Path("data/manifests/mine").exists()


@pytest.mark.parametrize(
    ("rows", "each"), [(1, 32), (128, 32), (329, 32), (330, 33), (3199, 319), (3200, 320)]
)
def test_dev_and_test_get_a_tenth_within_bounds(rows, each):
    assert sizes.wanted(rows) == each
    assert sizes.wanted(10**7) == 320


@pytest.mark.parametrize(("count", "of"), [(128, 1), (200, 3), (640, 7), (1263, 5), (4000, 40)])
def test_sizes_are_those_that_groups_add_up_to(count, of):
    """Groups that are alike in size, but for the last: not every number of rows can be drawn."""
    examples = [{"id": f"{n:05}", "origin": "x"} for n in range(count)]
    group_of = {example["id"]: f"{int(example['id']) // of}" for example in examples}
    found = sizes.choose(examples, group_of, 42, "place")
    most = sizes.wanted(count)
    assert all(abs(found[name] - most) < of and found[name] >= 32 for name in ("dev", "test"))
    declared = {name: {"rows": rows, "origins": None} for name, rows in found.items()}
    drawn = sizes.assign.draw(examples, group_of, declared, {}, 42)
    assert sum(len(ids) for ids in drawn.values()) == count


def test_dvc_yaml_gets_a_study_and_keeps_all_others():
    before = (ROOT / "dvc.yaml").read_text()
    after = registering.register(before, "mine")
    added = (
        "  - studies/mine.yaml\n",
        "  mine:\n    path: models/promoted/mine\n    type: model\n",
        "      - studies/mine.yaml:\n",
    )
    rest = after
    for lines in added:
        assert after.count(f"\n{lines}") == 1
        rest = rest.replace(lines, "", 1)
    assert rest == before
    read = YAML(typ="safe").load(after)
    assert read["vars"][-1] == "studies/mine.yaml"
    assert read["stages"]["plan"]["params"][-1] == {"studies/mine.yaml": None}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("  - studies/formats.yaml\n", "  # a comment\n  - studies/formats.yaml   # another\n\n"),
        ("      - studies/formats.yaml:\n", "      -   studies/formats.yaml:\n"),
        ("vars:\n", "vars:   # here\n"),
        ("\nstages:\n", "\n\n# the graph\nstages:\n"),
    ],
)
def test_lines_go_in_beside_comments_and_odd_spacing(old, new):
    before = (ROOT / "dvc.yaml").read_text()
    assert old in before
    after = registering.register(before.replace(old, new, 1), "mine")
    assert after.count("studies/mine.yaml") == 2 and after.count("models/promoted/mine") == 1
    assert after.replace("  - studies/mine.yaml\n", "", 1).count("\n") == after.count("\n") - 1


def test_text_of_a_user_is_quoted():
    for said in ("plain", "a: b # c", 'say "x"', "two\nlines", "\\", "{{ x }}", "日本", "é😀"):
        assert YAML(typ="safe", pure=True).load(f"key: {text.quoted(said)}") == {"key": said}


def test_plan_names_a_study_file_that_is_not_registered(project, caplog):
    plan.main()
    assert not caplog.messages
    records.write_json(Path("studies/forgotten.yaml"), {})
    records.write_json(Path("studies/full/far.yaml"), {})
    plan.main()
    (said,) = caplog.messages
    assert said.startswith("studies/forgotten.yaml: dvc.yaml does not name it")
    assert "`- studies/forgotten.yaml` under `vars`" in said
    assert "`- studies/forgotten.yaml:` under stages.plan.params" in said


def test_command_says_how_it_is_used():
    words = [sys.executable, "-m", "stages.new"]
    done = subprocess.run([*words, "mine"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 1 and done.stderr.count("\n") == 1
    assert "missing a required argument: 'data'. Usage: python -m stages.new NAME" in done.stderr
    done = subprocess.run([*words, "--help"], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout == f"{new.__doc__.strip()}\n"

"""params.yaml and studies/*.yaml: every mistake is named by file, key and known names."""

import copy
import json

import pytest

from stages.command import UserError
from stages.planning.schema import Knobs, StudyFile
from stages.planning.yaml_files import known, load
from tests.conftest import KNOBS

SHA256, COMMIT = "0" * 64, "0" * 40
ARM = {"study": "toy", "base": "tiny", "render": "toy-chat", "method": "sft"}
STUDIES = {
    "bases": {
        "tiny": {"kind": "folder", "path": "tiny", "sha256": SHA256, "licence": "MIT"},
        "wheel": {
            "kind": "gguf_wheel",
            "package": "p",
            "version": "1",
            "sha256": SHA256,
            "member": "m.gguf",
            "licence": "MIT",
        },
        "far": {"kind": "hub", "id": "a/b", "revision": COMMIT, "licence": "MIT"},
    },
    "study": {
        "toy": {
            "title": "Toy",
            "question": "Does it?",
            "base": "tiny",
            "instruction": "Translate.",
            "source": {
                "kind": "catalogs",
                "locale": "ja",
                "packages": {"horizon": {"version": "27.0.0", "sha256": SHA256}},
                "max_characters": 200,
                "max_length_ratio": 4.0,
            },
            "splits": {name: {"version": "v1", "rows": 4} for name in ("train", "dev", "test")},
            "metrics": {"chrf": {}},
        }
    },
    "renders": {"toy-chat": {"study": "toy", "format": "chat"}},
    "arms": {"toy-sft": ARM},
}
SOURCE = ("study", "toy", "source")
PACKAGE = (*SOURCE, "packages", "horizon")
TRAIN = ("study", "toy", "splits", "train")

# where a value is put in a sound study file, the value, how the first line of the error goes on
MISTAKES = [
    # unknown keys
    (
        ("arms", "toy-sft", "methd"),
        "sft",
        "arms.toy-sft: unknown key 'methd' (did you mean 'method'?",
    ),
    (
        ("arms", "toy-sft", "xyz"),
        1,
        "arms.toy-sft: unknown key 'xyz'; known: adapter, answers, base, batch_size, ",
    ),
    (
        ("arms", "toy-sft", "lora"),
        {"rank": 4},
        "arms.toy-sft.lora: unknown key 'rank'; known: alpha, ",
    ),
    (
        ("study", "toy", "decode"),
        {"temprature": 1.0},
        "study.toy.decode: unknown key 'temprature' (did you mean 'temperature'?); known: batch",
    ),
    (
        ("study", "toy", "splits", "valid"),
        {},
        "study.toy.splits: unknown key 'valid'; known: dev, test",
    ),
    ((*SOURCE, "langs"), "ja", "study.toy.source: unknown key 'langs'; known: kind, locale, max_"),
    (
        (*PACKAGE, "hash"),
        "",
        "study.toy.source.packages.horizon: unknown key 'hash'; known: layout,",
    ),
    (
        ("bases", "tiny", "folder"),
        "",
        "bases.tiny: unknown key 'folder'; known: kind, licence, path,",
    ),
    (
        ("renders", "toy-chat", "formt"),
        "",
        "renders.toy-chat: unknown key 'formt' (did you mean 'format'",
    ),
    (
        ("arm",),
        {},
        "unknown key 'arm' (did you mean 'arms'?); known: arms, bases, continued, judge, meas",
    ),
    # wrong types: nothing is coerced
    (
        ("arms", "toy-sft", "lr"),
        "5e-6",
        "arms.toy-sft.lr: input should be a valid number, found '5e-6'",
    ),
    (
        ("arms", "toy-sft", "lr"),
        None,
        "arms.toy-sft.lr: input should be a valid number, found None",
    ),
    (
        ("arms", "toy-sft", "max_steps"),
        True,
        "arms.toy-sft.max_steps: input should be a valid integer",
    ),
    (
        ("arms", "toy-sft", "max_steps"),
        1.5,
        "arms.toy-sft.max_steps: input should be a valid integer",
    ),
    (
        ("arms", "toy-sft", "lora"),
        {"r": "8"},
        "arms.toy-sft.lora.r: input should be a valid integer",
    ),
    (
        ("arms", "toy-sft", "gradient_checkpointing"),
        "no",
        "arms.toy-sft.gradient_checkpointing: input",
    ),
    (("arms", "toy-sft"), None, "arms.toy-sft: input should be a valid dictionary"),
    (
        ("study", "toy", "metrics"),
        ["chrf"],
        "study.toy.metrics: input should be a valid dictionary",
    ),
    (
        ("study", "toy", "metrics", "chrf"),
        None,
        "study.toy.metrics.chrf: input should be a valid dict",
    ),
    (
        (*PACKAGE, "version"),
        27.0,
        "study.toy.source.packages.horizon.version: input should be a valid s",
    ),
    (
        ("bases", "tiny", "sha256"),
        12,
        "bases.tiny.sha256: input should be a valid string, found 12",
    ),
    # out of bounds
    (("arms", "toy-sft", "lr"), 0.0, "arms.toy-sft.lr: input should be greater than 0, found 0.0"),
    (("arms", "toy-sft", "lr"), float("inf"), "arms.toy-sft.lr: input should be a finite number"),
    (
        ("arms", "toy-sft", "lora"),
        {"dropout": 2.0},
        "arms.toy-sft.lora.dropout: input should be less",
    ),
    (("arms", "toy-sft", "max_steps"), 10**12, "arms.toy-sft.max_steps: input should be less than"),
    (("arms", "toy-sft", "seed"), 2**32, "arms.toy-sft.seed: input should be less than 2147483648"),
    (("arms", "toy-sft", "lr"), 1e300, "arms.toy-sft.lr: input should be less than or equal to 10"),
    (("arms", "toy-sft", "lora"), {"r": 100_000}, "arms.toy-sft.lora.r: input should be less than"),
    (
        ("arms", "toy-sft", "decode"),
        {"temperature": 1e-9},
        "arms.toy-sft.decode.temperature: value error, 0 is greedy; above it, at least 0.01, found",
    ),
    (
        ("study", "toy", "drift"),
        {"prompts": "p", "batch_size": 10**9},
        "study.toy.drift.batch_size: input should be less than or equal to 4096",
    ),
    (
        ("study", "toy", "judge"),
        {"base_url": "http://localhost:1", "model": "m", "timeout_s": 1e300},
        "study.toy.judge.timeout_s: input should be less than or equal to 86400",
    ),
    (("arms", "a" * 101), ARM, f"arms.{'a' * 101}.[key]: string should have at most 100 charact"),
    (
        ("arms", "toy-sft", "method"),
        "stf",
        "arms.toy-sft.method: input should be 'none', 'prompted', 'sft', 'grpo', 'adap",
    ),
    (
        ("arms", "toy-sft", "loss_on"),
        "answer",
        "arms.toy-sft.loss_on: input should be 'all' or 'comp",
    ),
    (
        ("arms", "toy-sft", "schedule"),
        "step",
        "arms.toy-sft.schedule: input should be 'constant', ",
    ),
    ((*TRAIN, "rows"), 0, "study.toy.splits.train.rows: input should be greater than 0, found 0"),
    (
        (*TRAIN, "version"),
        "1",
        "study.toy.splits.train.version: string should match pattern '^v[1-9]",
    ),
    (
        (*TRAIN, "version"),
        "v0",
        "study.toy.splits.train.version: string should match pattern '^v[1-9]",
    ),
    (("study", "toy", "metrics"), {}, "study.toy.metrics: dictionary should have at least 1 item"),
    (
        (*SOURCE, "packages"),
        {},
        "study.toy.source.packages: dictionary should have at least 1 item",
    ),
    # pins
    (
        (*SOURCE, "kind"),
        "fiel",
        "study.toy.source: input tag 'fiel' found using 'kind' does not match",
    ),
    (
        (*PACKAGE, "sha256"),
        "abc",
        "study.toy.source.packages.horizon.sha256: string should match patt",
    ),
    (
        ("bases", "far", "revision"),
        "main",
        "bases.far.revision: string should match pattern '^[0-9a-f]",
    ),
    # keys that DVC loses stages for, or that YAML reads as something else
    (("arms", 1), ARM, "arms.1.[key]: input should be a valid string, found 1"),
    (("arms", True), ARM, "arms.1.[key]: input should be a valid string, found True"),
    (("arms", "1"), ARM, "arms.1.[key]: string should match pattern"),
    (("arms", "a.b"), ARM, "arms.a.b.[key]: string should match pattern"),
    (("arms", "a@b"), ARM, "arms.a@b.[key]: string should match pattern"),
    (("arms", "Ab"), ARM, "arms.Ab.[key]: string should match pattern"),
    (("arms", "a b"), ARM, "arms.a b.[key]: string should match pattern"),
    (("arms", "a-"), ARM, "arms.a-.[key]: string should match pattern"),
    (("arms", ""), ARM, "arms..[key]: string should match pattern"),
    (("study", "To.y"), {}, "study.To.y.[key]: string should match pattern"),
    (("bases", "Qwen2.5"), {}, "bases.Qwen2.5.[key]: string should match pattern"),
    (("arms", "toy-sft", "base"), "Tiny.1", "arms.toy-sft.base: string should match pattern"),
]

# what, the file, how the error goes on after the file's name
UNREADABLE = [
    ("open bracket", b"arms: [1\n", ":2: not YAML (expected ',' or ']'"),
    ("key twice", b"arms: {}\nrenders: {}\narms: {}\n", ':3: not YAML (found duplicate key "arms"'),
    ("tab", b"arms:\n\tx: 1\n", ":2: not YAML (found character '\\t'"),
    ("unknown alias", b"arms: *none\n", ":1: not YAML (found undefined alias 'none')"),
    (
        "a Python object",
        b"arms: !!python/object:os.system {}\n",
        ":1: not YAML as it is read here (the tag tag:yaml.org,2002:python/object:os.system)",
    ),
    ("Latin-1", b"bases: {}\n# caf\xe9\n", ":2: not UTF-8 (byte 0xe9)"),
    ("UTF-16", "bases: {}".encode("utf-16"), ":1: not UTF-8 (byte 0xff)"),
    ("a control character", b"arms: \x07\n", ": not YAML (ReaderError: unacceptable character"),
    ("6,000 digits", b"arms: " + b"9" * 6000, ": not YAML (ValueError: Exceeds the limit"),
    ("no day", b"arms: 2001-02-31\n", ": not YAML (ValueError: day is out of range"),
    ("a list", b"- arms\n", ": file: input should be a valid dictionary"),
]


def write(tmp_path, content):
    path = tmp_path / "toy.yaml"
    # JSON is YAML 1.2, but not for keys that are no strings and for infinity.
    text = json.dumps(content, ensure_ascii=False).replace("Infinity", ".inf")
    for key in ("1", "true"):
        text = text.replace(f'"!{key}"', key)
    path.write_text(text, encoding="utf-8")
    return path


def put(content, place, value):
    """The content with a value put somewhere, and keys that are no strings marked for `write`."""
    content = copy.deepcopy(content)
    node = content
    for part in place[:-1]:
        node = node[part]
    last = place[-1] if isinstance(place[-1], str) else f"!{json.dumps(place[-1])}"
    node[last] = value
    return content


def test_sound_study_file_is_read(tmp_path):
    studies = load(write(tmp_path, STUDIES), StudyFile)
    assert studies.arms["toy-sft"].lr is None
    assert studies.study["toy"].source.packages["horizon"].layout == "gettext"
    assert studies.bases["far"].revision == COMMIT


@pytest.mark.parametrize(
    ("place", "value", "said"), MISTAKES, ids=[f"{row[0][-1]}={row[1]!s:.20}" for row in MISTAKES]
)
def test_mistake_is_named_by_file_key_and_known_names(tmp_path, place, value, said):
    path = write(tmp_path, put(STUDIES, place, value))
    with pytest.raises(UserError) as raised:
        load(path, StudyFile)
    assert str(raised.value).startswith(f"{path}: {said}")


@pytest.mark.parametrize(
    ("what", "content", "said"), UNREADABLE, ids=[row[0] for row in UNREADABLE]
)
def test_unreadable_file_is_named(tmp_path, what, content, said):
    path = tmp_path / "toy.yaml"
    path.write_bytes(content)
    with pytest.raises(UserError) as raised:
        load(path, StudyFile)
    assert str(raised.value).startswith(f"{path}{said}")
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("content", ["", "# all knobs are gone\n", "---\n", "~\n"])
def test_file_without_any_knob_gets_one_line(tmp_path, content):
    path = tmp_path / "params.yaml"
    path.write_text(content)
    with pytest.raises(UserError) as raised:
        load(path, Knobs)
    said = f"{path}: no knobs: the file is empty, and must set seed, lr, schedule, batch_size, "
    assert str(raised.value).startswith(said) and "\n" not in str(raised.value)
    assert str(raised.value).endswith(f"`git restore {path}` brings back what it had")


def test_missing_file_is_named(tmp_path):
    with pytest.raises(UserError, match="none.yaml: no such file"):
        load(tmp_path / "none.yaml", StudyFile)


def test_every_mistake_has_its_line(tmp_path):
    content = put(put(STUDIES, ("arms", "toy-sft", "lr"), "5e-6"), ("arms", "toy-sft", "sed"), 3)
    path = write(tmp_path, content)
    with pytest.raises(UserError) as raised:
        load(path, StudyFile)
    lines = str(raised.value).splitlines()
    assert len(lines) == 2 and all(line.startswith(f"{path}: arms.toy-sft") for line in lines)


def test_many_mistakes_are_told_in_part(tmp_path):
    path = write(tmp_path, {f"key{n}": n for n in range(1000)})
    with pytest.raises(UserError) as raised:
        load(path, StudyFile)
    lines = str(raised.value).splitlines()
    assert len(lines) == 11 and lines[-1] == f"{path}: and 990 mistakes more"


# What hypotheses, rules and figures are held against is no setting: any finite number is one
CLAIMED = {"at_least", "at_most", "expect", "within", "below", "above", "expected"}


@pytest.mark.parametrize("model", [Knobs, StudyFile])
def test_every_number_has_both_bounds(model):
    assert set(unbounded(model.model_json_schema())) <= CLAIMED


def unbounded(schema, name=""):
    """Names of the numbers in a JSON schema that lack a bound."""
    if isinstance(schema, list):
        return [found for part in schema for found in unbounded(part, name)]
    if not isinstance(schema, dict):
        return []
    low = schema.keys() & {"minimum", "exclusiveMinimum"}
    high = schema.keys() & {"maximum", "exclusiveMaximum"}
    own = [name] if schema.get("type") in ("integer", "number") and not (low and high) else []
    fields = schema.get("properties", {}).items()
    rest = [part for key, part in schema.items() if key != "properties"]
    return [*own, *(n for k, part in fields for n in unbounded(part, k)), *unbounded(rest, name)]


@pytest.mark.parametrize("knob", sorted(set(KNOBS) - {"max_steps", "warmup_steps"}))
def test_root_sets_every_knob(tmp_path, knob):
    path = write(tmp_path, {name: value for name, value in KNOBS.items() if name != knob})
    with pytest.raises(UserError, match=f"toy.yaml: {knob}: field required$"):
        load(path, Knobs)


def test_root_knows_no_other_key(tmp_path):
    with pytest.raises(UserError, match=r"unknown key 'learning_rate'; known: batch_size, "):
        load(write(tmp_path, {**KNOBS, "learning_rate": 1e-3}), Knobs)


@pytest.mark.parametrize("written", ["3e-06", "5e-6", "5.0e-6", "0.000005", "1E-5", "1"])
def test_lr_without_quotes_is_a_number(tmp_path, written):
    path = tmp_path / "params.yaml"
    rest = {name: value for name, value in KNOBS.items() if name != "lr"}
    path.write_text(
        f"lr: {written}\n" + "".join(f"{k}: {json.dumps(v)}\n" for k, v in rest.items())
    )
    lr = load(path, Knobs).lr
    assert isinstance(lr, float) and lr == float(written)


@pytest.mark.parametrize(
    "written", ["no", "yes", "on", "off", "2026.11.0", "4.5.post3", "1e", "~a"]
)
def test_words_that_old_yaml_takes_for_something_else_stay_text(tmp_path, written):
    path = write(tmp_path, put(STUDIES, (*PACKAGE, "version"), "VERSION"))
    path.write_text(path.read_text().replace('"VERSION"', written))
    source = load(path, StudyFile).study["toy"].source
    assert source.packages["horizon"].version == written


def test_values_cannot_be_changed_after_reading(tmp_path):
    knobs = load(write(tmp_path, KNOBS), Knobs)
    with pytest.raises(ValueError, match="frozen"):
        knobs.lr = 1.0


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("chrff", "here: unknown 'chrff'. Did you mean 'chrf'? Known: bleu, chrf"),
        ("zzz", "here: unknown 'zzz'. Known: bleu, chrf"),
    ],
)
def test_unknown_name_comes_with_the_nearest_and_all_known(name, said):
    with pytest.raises(UserError) as raised:
        known(name, {"chrf": 1, "bleu": 2}, "here")
    assert str(raised.value) == said


def test_known_name_passes():
    known("chrf", {"chrf": 1}, "here")

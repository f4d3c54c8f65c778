"""A base's files: pickles, cut weights, lost shards and code of its own are refused by name."""

import io
import json
import pickle
import struct
import zipfile

import numpy
import pytest
from safetensors.numpy import save

from stages.bases import files
from stages.command import UserError

INDEX = "model.safetensors.index.json"
WEIGHTS = save({"a": numpy.zeros(64), "b": numpy.ones(64)})


@pytest.fixture
def base(tmp_path):
    """A sound base in two shards."""
    for name in ("config.json", "tokenizer.json", "tokenizer_config.json"):
        (tmp_path / name).write_text("{}")
    for number, tensor in enumerate("ab", start=1):
        shard = tmp_path / f"model-{number}.safetensors"
        shard.write_bytes(save({tensor: numpy.zeros(8)}))
    write_index(tmp_path, {"a": "model-1.safetensors", "b": "model-2.safetensors"})
    return tmp_path


def write_index(folder, shards):
    (folder / INDEX).write_text(json.dumps({"metadata": {}, "weight_map": shards}))


def refused(folder, said):
    with pytest.raises(UserError) as raised:
        files.check(folder, "tiny")
    assert str(raised.value).startswith(said) and "\n" not in str(raised.value)


def test_sound_base_passes(base):
    files.check(base, "tiny")


def packed():
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("model/data.pkl", pickle.dumps({}))
    return made.getvalue()


@pytest.mark.parametrize("content", [pickle.dumps({"a": 1}), packed()])
def test_pickle_under_the_name_of_weights_is_refused_as_one(base, content):
    (base / "model-1.safetensors").write_bytes(content)
    refused(
        base, "base tiny: model-1.safetensors is a pickle and no safetensors file; a pickle can"
    )


LONG = struct.pack("<Q", 10**6)
DAMAGED = {
    "nothing": b"",
    "a byte less": WEIGHTS[:-1],
    "a byte more": WEIGHTS + b"x",
    "half": WEIGHTS[: len(WEIGHTS) // 2],
    "header alone": WEIGHTS[: 8 + struct.unpack("<Q", WEIGHTS[:8])[0]],
    "half a header": WEIGHTS[:20],
    "header longer than the file": LONG + WEIGHTS[8:],
    "header without end": struct.pack("<Q", 2**63) + WEIGHTS[8:],
    "header that is no JSON": struct.pack("<Q", 4) + b"{{{{",
    "text": b"version https://git-lfs.github.com/spec/v1\noid sha256:00\n",
}


@pytest.mark.parametrize("content", DAMAGED.values(), ids=DAMAGED)
def test_damaged_weights_are_refused(base, content):
    (base / "model-2.safetensors").write_bytes(content)
    refused(base, "base tiny: model-2.safetensors is cut off, or no safetensors file (SafetensorE")


def test_missing_shard_is_named(base):
    (base / "model-2.safetensors").unlink()
    refused(base, f"base tiny: model-2.safetensors is missing, though {INDEX} names it; it has mo")


def test_shard_of_another_model_is_named(base):
    (base / "model-2.safetensors").write_bytes(WEIGHTS.replace(b'"b"', b'"c"'))
    refused(base, f"base tiny: model-2.safetensors has no tensor b, though {INDEX} says so; the ")


@pytest.mark.parametrize("shard", ["../../secret.safetensors", "/etc/passwd", None, 7])
def test_index_that_leads_out_of_the_folder_is_refused(base, shard):
    write_index(base, {"a": shard})
    refused(base, f"base tiny: {shard} is missing, though {INDEX} names it; it has model-1.safete")


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"weight_map": []}', '{"weight_map": {'])
def test_damaged_index_is_refused(base, content):
    (base / INDEX).write_text(content)
    refused(base, f"{base / INDEX}:")


@pytest.mark.parametrize("name", ["config.json", "tokenizer_config.json", "generation_config.json"])
def test_code_of_its_own_is_refused(base, name):
    settings = {"model_type": "mine", "auto_map": {"AutoModelForCausalLM": "modeling_x.Model"}}
    (base / name).write_text(json.dumps(settings))
    refused(base, f"base tiny: {name} names code of its own (auto_map), and no code of a model's ")


@pytest.mark.parametrize("content", ["", "[]", "{", "\x00", '{"a": NaN}'])
def test_settings_that_are_no_object_are_refused(base, content):
    (base / "config.json").write_text(content)
    refused(base, f"{base / 'config.json'}:")

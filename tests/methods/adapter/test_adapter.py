"""An adapter from elsewhere: taken in and asked as PEFT asks it, or refused with a line."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from peft import LoraConfig, PeftModel, get_peft_model
from safetensors.torch import load_file, save_file
from transformers import AutoModelForCausalLM, LlamaConfig, LlamaForCausalLM

from stages import made, measure_drift, paths, records
from stages.command import UserError
from stages.methods import METHODS
from stages.methods.adapter.taking import CONFIG
from stages.model.answering import load, prompts_of
from stages.model.generation import answer
from tests.conftest import ROOT
from tests.methods.conftest import ARM, KEYS, STUDY, write_plan
from tests.tiny.local_hub import serve

THEIRS = Path("theirs")
MODEL = {"quantize": "none", "precision": "fp32"}
DECODE = {"max_new_tokens": 12, "temperature": 0.0, "top_p": 1.0, "batch_size": 4}
REVISION = "b" * 40


def save_lora(model, folder: Path, name: str) -> None:
    """A LoRA as anyone saves it with PEFT, its second half moved away from zero."""
    config = LoraConfig(r=3, lora_alpha=12, target_modules=["q_proj", "down_proj"])
    torch.manual_seed(4)
    adapted = get_peft_model(model, config)
    for key, weights in adapted.named_parameters():
        if "lora_B" in key:
            weights.data.normal_(std=2.0)
    adapted.peft_config["default"].base_model_name_or_path = name
    adapted.save_pretrained(folder)


@pytest.fixture
def theirs(ground, toy_base) -> Path:
    save_lora(AutoModelForCausalLM.from_pretrained(toy_base), THEIRS, "toy/base")
    return THEIRS


def pin(folder: Path) -> str:
    """What an arm pins: the hashes of weights and config."""
    files = {made.WEIGHTS, CONFIG}
    return records.digest(
        {n: records.file_digest(folder / n) for n in files if (folder / n).exists()}
    )


def plan(**given) -> dict:
    source = {"kind": "folder", "path": str(THEIRS), "sha256": pin(THEIRS)}
    return {**KEYS, "method": "adapter", "adapter": {**source, **given}}


def take(**given) -> None:
    METHODS["adapter"].make(
        plan(**given), paths.adapter(STUDY, ARM), paths.training_log(STUDY, ARM)
    )


def refused(said: str, **given) -> None:
    with pytest.raises(UserError) as raised:
        take(**given)
    assert said in str(raised.value) and "\n" not in str(raised.value)
    assert not paths.adapter(STUDY, ARM).exists()


def texts(model, tokenizer) -> list[str]:
    rows = records.read(paths.rendered(STUDY, "toy-chat", "dev"))[:4]
    return [
        row["text"] for row in answer(model, tokenizer, prompts_of(tokenizer, rows), DECODE, 0)[0]
    ]


def test_it_answers_as_peft_itself_would(theirs, toy_base):
    take()
    folder = paths.adapter(STUDY, ARM)
    model, tokenizer = load(MODEL, paths.base("toy"), folder)
    base = AutoModelForCausalLM.from_pretrained(toy_base, dtype=torch.float32).eval()
    reference = PeftModel.from_pretrained(base, theirs).eval()
    assert any(texts(model, tokenizer)) and texts(model, tokenizer) == texts(reference, tokenizer)
    ids = torch.arange(3, 60)[None]
    with torch.no_grad(), reference.disable_adapter():
        bare = reference(ids).logits
    with torch.no_grad():
        torch.testing.assert_close(model(ids).logits, reference(ids).logits)
        assert not torch.allclose(model(ids).logits, bare, atol=0.1)


def test_card_and_log_say_where_it_came_from(theirs):
    take()
    card = made.read_card(paths.adapter(STUDY, ARM))
    assert card["answers_with"] == made.ADAPTER and card["trained_on"] == "toy/base"
    assert card["origin"]["sha256"] == pin(theirs)
    facts = records.read_json(paths.training_log(STUDY, ARM) / "training.json")
    held = load_file(theirs / made.WEIGHTS)
    assert (facts["status"], facts["tensors"]) == ("made elsewhere", len(held))
    assert facts["adapter_parameters"] == sum(tensor.numel() for tensor in held.values())
    assert facts["adapter_sha256"] == records.file_digest(theirs / made.WEIGHTS)


def test_it_comes_from_a_hub_at_the_pinned_revision(theirs, tmp_path, monkeypatch):
    shutil.move(theirs, tmp_path / "served")
    served = tmp_path / "served"
    (served / "run_me.py").write_text("raise SystemExit")
    given = {"kind": "hub", "id": "someone/lora", "revision": REVISION, "sha256": pin(served)}
    write_plan("train", {**KEYS, "method": "adapter", "adapter": given})
    with serve("someone/lora", REVISION, served) as endpoint:
        monkeypatch.setenv("HF_ENDPOINT", endpoint)
        monkeypatch.setenv("HF_HOME", str(tmp_path / "home"))
        monkeypatch.setenv("PYTHONPATH", str(ROOT))
        run = [sys.executable, "-m", "stages.train", ARM]
        subprocess.run(run, check=True, capture_output=True)
    folder = paths.adapter(STUDY, ARM)
    assert sorted(file.name for file in folder.iterdir()) == [CONFIG, made.WEIGHTS, made.CARD]
    assert made.read_card(folder)["origin"] == given


def configure(**changes) -> None:
    """Change the adapter's config."""
    file = THEIRS / CONFIG
    records.write_json(file, {**records.read_json(file), **changes})


def pickled() -> None:
    torch.save(load_file(THEIRS / made.WEIGHTS), THEIRS / "adapter_model.bin")
    (THEIRS / made.WEIGHTS).unlink()


def cut_off() -> None:
    file = THEIRS / made.WEIGHTS
    file.write_bytes(file.read_bytes()[:-100])


def of_another_base() -> None:
    """A card of ours, though its config names this base."""
    base = {"name": "other", "sha256": "1" * 64}
    records.write_json(THEIRS / made.CARD, {"answers_with": made.ADAPTER, "base": base})


def with_another_tokenizer() -> None:
    tokenizer = json.loads((paths.base("toy") / "tokenizer.json").read_text())
    vocabulary = tokenizer["model"]["vocab"]
    vocabulary["A"], vocabulary["B"] = vocabulary["B"], vocabulary["A"]
    (THEIRS / "tokenizer.json").write_text(json.dumps(tokenizer))


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (pickled, "it has adapter_model.bin, and no pickle is loaded. Save it with PEFT's save_p"),
        (lambda: (THEIRS / CONFIG).unlink(), f"no {CONFIG}, so nothing says how"),
        (lambda: configure(auto_map={"x": "run.me"}), "it wants code of its own to be run"),
        (lambda: configure(peft_type="IA3"), "an adapter of type IA3; only LORA is loaded"),
        (lambda: configure(peft_type=None), f"{CONFIG}:peft_type: expected str, found NoneType"),
        (cut_off, "damaged or no safetensors file"),
        (of_another_base, "trained on other with weights 111111111111; toy has "),
        (lambda: (THEIRS / made.CARD).write_text("[]"), "expected an object, found list"),
        (lambda: (THEIRS / made.CARD).write_text('{"base": {}}'), "base:name: missing"),
        (with_another_tokenizer, "trained with another tokenizer than models/base/toy has (4 entr"),
        (lambda: configure(base_model_name_or_path="big/one"), "say so in the arm: `trained_on: "),
        (lambda: configure(base_model_name_or_path=None), "it was trained on ''"),
    ],
)
def test_what_is_not_safe_or_not_of_this_base_is_refused(theirs, damage, said):
    damage()
    refused(said)


def test_other_bytes_and_no_folder_are_refused(theirs):
    pinned = pin(theirs)
    configure(lora_alpha=13)
    refused(
        f"the sha256 of its weights and config is {pin(theirs)}, the arm pins {pinned}",
        sha256=pinned,
    )
    refused("nowhere: no such folder, though an arm's adapter names it", path="nowhere")


def test_base_by_another_name_passes_where_the_arm_says_so(theirs):
    configure(base_model_name_or_path="unsloth/toy")
    refused('`trained_on: "unsloth/toy"`')
    refused("it was trained on 'unsloth/toy'", trained_on="unsloth/other")
    take(trained_on="unsloth/toy")
    assert made.read_card(paths.adapter(STUDY, ARM))["trained_on"] == "unsloth/toy"


def test_our_own_adapter_of_this_base_passes_by_its_card(theirs):
    configure(base_model_name_or_path="whatever")
    base = records.read_json(paths.base("toy") / "base.json")
    records.write_json(theirs / made.CARD, {"answers_with": made.ADAPTER, "base": base})
    take()
    assert made.read_card(paths.adapter(STUDY, ARM))["base"] == base


def wider() -> None:
    """Made for a base of another width, which its name does not show."""
    model = LlamaForCausalLM(
        LlamaConfig(vocab_size=259, hidden_size=96, intermediate_size=128, num_hidden_layers=2,
                    num_attention_heads=4, num_key_value_heads=2)
    )  # fmt: skip
    save_lora(model, THEIRS, "toy/base")


def deeper() -> None:
    """A layer more than the base has."""
    file = THEIRS / made.WEIGHTS
    held = load_file(file)
    more = {
        n.replace("layers.1", "layers.2"): t.clone() for n, t in held.items() if "layers.1" in n
    }
    save_file({**held, **more}, file)


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (wider, "does not fit models/base/toy: RuntimeError: "),
        (deeper, "the adapter's keys do not fit the base: 4 unknown"),
        (
            lambda: configure(target_modules=["wqkv"]),
            "does not fit models/base/toy: NoMatchingPeftModuleError: ",
        ),
    ],
)
def test_tensors_that_do_not_fit_are_found_when_it_is_put_on_the_base(theirs, damage, said):
    damage()
    take()
    with pytest.raises(UserError) as raised:
        load(MODEL, paths.base("toy"), paths.adapter(STUDY, ARM))
    assert said in str(raised.value) and "\n" not in str(raised.value)


def test_its_drift_is_measured_like_any_other(theirs):
    take()
    records.write(Path("texts.jsonl"), [{"id": "t", "instruction": "Say.", "answer": "so"}])
    drift = {"prompts": "texts.jsonl", "sha256": records.file_digest(Path("texts.jsonl"))}
    write_plan("measure_drift", {**KEYS, **MODEL, "drift": {**drift, "batch_size": 1}})
    measure_drift.main(ARM)
    (row,) = records.read(paths.scores(STUDY, ARM, "drift"))
    assert len(row["score"]) == 3 and max(row["score"]) > 0

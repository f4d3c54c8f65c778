"""Next tokens of base and tuned: what the stage leaves on a tiny model, and what it refuses."""

import math

import pytest
import torch
from transformers import AutoModelForCausalLM

from stages import keep, made, next_tokens, paths, records
from stages.command import UserError
from stages.model.tokens import IGNORED, Encoded, load_tokenizer
from stages.training.lora import add_adapter

LORA = {"r": 2, "alpha": 4, "dropout": 0.0, "target_modules": "all-linear"}
PROMPTS = [
    {"id": "p1", "instruction": "Add two.", "answer": "{a+b;}", "seen": False},
    {"id": "p2", "instruction": "Say it.", "answer": "{b}", "seen": True},
]
ASKED = {"study": "toy", "format": "chat", "instruction": "Translate."}


def rows(split, count):
    return [
        {"id": f"{split}{n}", "input": f"words {n}", "target": "{" * 2 + f"{n};", "origin": "x"}
        | {"group": f"{split}{n}"}
        for n in range(count)
    ]


@pytest.fixture
def arm(tmp_path, monkeypatch, toy_base):
    """A plan, splits and prompts; the model is a tiny base with an adapter that moves it."""
    monkeypatch.chdir(tmp_path)
    records.write(tmp_path / "prompts.jsonl", PROMPTS)
    for split, count in (("train", 9), ("dev", 3)):
        records.write(paths.split("toy", split), rows(split, count))
    plan = {
        "arm": "toy-a",
        "study": "toy",
        "base": "toy",
        "render": "toy-chat",
        "asked": ASKED,
        "next_tokens": {"prompts": "prompts.jsonl", "rows": 4, "seed": 1},
        "quantize": "none",
        "precision": "fp32",
        "pins": {"torch": "2.13.0"},
        "decode": {"max_new_tokens": 6, "batch_size": 4, "temperature": 0.0, "top_p": 1.0},
    }
    plan["next_tokens"]["sha256"] = records.file_digest(tmp_path / "prompts.jsonl")
    records.write_json(paths.plan("next_tokens", "toy-a"), plan)
    records.write_json(paths.adapter("toy", "toy-a") / made.CARD, {"answers_with": made.ADAPTER})
    records.write_json(paths.base("toy") / "config.json", {})
    torch.manual_seed(0)
    plain = AutoModelForCausalLM.from_pretrained(toy_base, dtype=torch.float32)
    model = add_adapter(plain, LORA, False).eval()
    with torch.no_grad():
        for name, weights in model.named_parameters():
            if "lora_B" in name:
                weights.normal_(std=0.5)
    monkeypatch.setattr(next_tokens, "load", lambda *_: (model, load_tokenizer(toy_base)))
    return plan


def left():
    return records.read(paths.scores("toy", "toy-a", "next_tokens"))


def test_prompts_and_as_many_seen_as_unseen_rows_are_read(arm):
    next_tokens.main("toy-a")
    found = left()
    assert [(row["id"], row["seen"]) for row in found[:2]] == [("p1", False), ("p2", True)]
    drawn = [(row["id"][:-1], row["seen"]) for row in found[2:]]
    assert drawn == [("train", True)] * 4 + [("dev", False)] * 3
    for row in found:
        assert len(row["first"]["base"]["tokens"]) == len(row["first"]["tuned"]["tokens"]) == 10
        assert row["summary"]["mean"]["kl"] > 0
    assert [row["id"] for row in found] != sorted(row["id"] for row in found)


def test_of_rows_the_first_position_is_kept_and_of_prompts_every_one(arm):
    next_tokens.main("toy-a")
    listed, drawn = left()[0], left()[2]
    assert set(drawn) == {"id", "seen", "listed", "example", "summary", "first", "answers"}
    assert drawn["example"] == next(r for r in rows("train", 9) if r["id"] == drawn["id"])
    assert (listed["example"]["input"], listed["example"]["target"]) == ("Add two.", "{a+b;}")
    # The stop token is read too
    assert {len(values) for values in listed["along"].values()} == {7}
    mean = sum(listed["along"]["kl"]) / 7
    assert listed["summary"]["mean"]["kl"] == pytest.approx(mean, abs=1e-5)


def test_prompt_is_asked_as_the_render_asks_and_the_base_is_read_without_the_adapter(arm):
    next_tokens.main("toy-a")
    model, tokenizer = next_tokens.load()
    said = "<|im_start|>system\nTranslate.<|im_end|>\n<|im_start|>user\nAdd two.<|im_end|>\n"
    ids = tokenizer(f"{said}<|im_start|>assistant\n", return_tensors="pt")["input_ids"]
    with torch.inference_mode():
        tuned = model(input_ids=ids).logits[0, -1].softmax(-1)
        with model.disable_adapter():
            base = model(input_ids=ids).logits[0, -1].softmax(-1)
    first = left()[0]["first"]
    assert first["reference"] == "{"
    for of, p in (("base", base), ("tuned", tuned)):
        best = p.max().item()
        assert first[of]["tokens"][0]["p"] == pytest.approx(best, rel=1e-4)
        assert first[of]["tokens"][0]["token"] == tokenizer.decode([p.argmax().item()])
    kl = (base * (base / tuned).log()).sum().item()
    assert first["kl"] == pytest.approx(kl, rel=1e-3) and not math.isclose(kl, 0)


def test_answers_are_what_the_model_says_with_and_without_its_adapter(arm):
    next_tokens.main("toy-a")
    model, tokenizer = next_tokens.load()
    found = {row["id"]: row["answers"] for row in left()}
    said = "<|im_start|>system\nTranslate.<|im_end|>\n<|im_start|>user\nwords 2<|im_end|>\n"
    prompt = tokenizer(f"{said}<|im_start|>assistant\n", return_tensors="pt")
    with torch.inference_mode():
        tuned = model.generate(**prompt, do_sample=False, max_new_tokens=6)
        with model.disable_adapter():
            base = model.generate(**prompt, do_sample=False, max_new_tokens=6)
    for of, ids in (("tuned", tuned), ("base", base)):
        text = tokenizer.decode(ids[0, prompt["input_ids"].shape[1] :], skip_special_tokens=True)
        assert found["dev2"][of]["text"] == text.strip()
    assert found["dev2"]["tuned"] != found["dev2"]["base"]


def test_prompt_may_be_called_as_a_row_is(arm):
    records.write(paths.Path("prompts.jsonl"), [{**PROMPTS[0], "id": "dev1"}])
    arm["next_tokens"]["sha256"] = records.file_digest(paths.Path("prompts.jsonl"))
    records.write_json(paths.plan("next_tokens", "toy-a"), arm)
    next_tokens.main("toy-a")
    one, other = (row["answers"] for row in left() if row["id"] == "dev1")
    assert one != other


def test_card_says_which_tokens_are_code(arm):
    next_tokens.main("toy-a")
    rule = records.read_json(paths.score_card("toy", "toy-a", "next_tokens"))["rule"]
    assert rule["most_frequent"] == ["{", ";"] and rule["tokens"] == 2
    assert (rule["share_of_targets"], rule["share_of_inputs"]) == (0.75, 0)
    assert rule["share_of_first"] == 1


def test_answers_are_read_up_to_a_limit(monkeypatch):
    monkeypatch.setattr(next_tokens, "READ", 2)
    row = Encoded([1, 2, 3, 4, 5], [IGNORED, IGNORED, 3, 4, 5], truncated=False)
    assert next_tokens.cut(row) == Encoded([1, 2, 3, 4], [IGNORED, IGNORED, 3, 4], truncated=True)


def test_git_gets_tokens_and_card(arm):
    next_tokens.main("toy-a")
    keep.main("toy", "toy-a", "next_tokens")
    for suffix, source in (("jsonl", paths.scores), ("json", paths.score_card)):
        kept = paths.kept("toy", "toy-a", f"next_tokens.{suffix}")
        assert kept.read_bytes() == source("toy", "toy-a", "next_tokens").read_bytes()


# what is in the file of prompts, whether the plan knows of it, what is said
BAD = [
    ([{**PROMPTS[0], "answer": "x"}], False, "prompts.jsonl: changed since the plan was made; run"),
    ([{"id": "p", "instruction": "x", "answer": "y"}], True, "prompts.jsonl:1:seen: missing"),
    ([PROMPTS[0], PROMPTS[0]], True, "prompts.jsonl: two prompts have the id 'p1'; rename one"),
]


@pytest.mark.parametrize(("prompts", "planned", "said"), BAD)
def test_bad_prompts_are_refused_and_nothing_is_written(arm, prompts, planned, said):
    records.write(paths.Path("prompts.jsonl"), prompts)
    if planned:
        arm["next_tokens"]["sha256"] = records.file_digest(paths.Path("prompts.jsonl"))
        records.write_json(paths.plan("next_tokens", "toy-a"), arm)
    with pytest.raises(UserError) as raised:
        next_tokens.main("toy-a")
    assert str(raised.value).startswith(said)
    assert not paths.scores("toy", "toy-a", "next_tokens").exists()


def test_what_has_no_adapter_is_refused(arm):
    records.write_json(paths.adapter("toy", "toy-a") / made.CARD, {"answers_with": made.BASE})
    with pytest.raises(UserError, match="no adapter, so nothing is beside the base"):
        next_tokens.main("toy-a")

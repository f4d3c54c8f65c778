"""The drift from the base: against a computation by hand, and what its stage leaves and refuses."""

import math

import pytest
import torch
from transformers import AutoModelForCausalLM, Lfm2Config, Lfm2ForCausalLM

from stages import made, measure_drift, paths, records
from stages.command import UserError
from stages.model.tokens import IGNORED, Encoded, load_tokenizer
from stages.training.lora import add_adapter

LORA = {"r": 2, "alpha": 4, "dropout": 0.0, "target_modules": "all-linear"}
TEXTS = [
    {"id": "t2", "instruction": "Say it.", "answer": "Good day to you."},
    {"id": "t1", "instruction": "Name a colour, any.", "answer": "red"},
]
# prompt and answer of each row, in tokens
LENGTHS = {"a": (4, 3), "b": (9, 6), "c": (2, 1), "d": (12, 11), "e": (5, 5)}


def llama(folder):
    return AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)


def hybrid(_):
    """Convolutions beside attention, which padding must not leak into either."""
    config = Lfm2Config(
        hidden_size=64,
        intermediate_size=128,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        vocab_size=200,
        layer_types=["conv", "full_attention"],
    )
    return Lfm2ForCausalLM(config)


def encoded(prompt, answer, generator):
    ids = torch.randint(3, 190, (prompt + answer,), generator=generator).tolist()
    return Encoded(ids, [IGNORED] * prompt + ids[prompt:], truncated=False)


@pytest.fixture(scope="module")
def rows():
    generator = torch.Generator().manual_seed(3)
    return {key: encoded(*lengths, generator) for key, lengths in LENGTHS.items()}


@pytest.fixture(params=[llama, hybrid], ids=["llama", "hybrid"])
def models(request, toy_base):
    """The same untouched base twice, the second one with an adapter that changes nothing yet."""
    torch.manual_seed(0)
    plain = request.param(toy_base).eval()
    with torch.no_grad():
        for weights in plain.parameters():
            if weights.ndim > 1:  # a random model is nearly indifferent between tokens
                weights.mul_(6)
    again = request.param(toy_base).eval()
    again.load_state_dict(plain.state_dict())
    return plain, add_adapter(again, LORA, False).eval()


def move(adapted, by):
    """Move the half of the adapter that starts at zero."""
    torch.manual_seed(1)
    with torch.no_grad():
        for name, weights in adapted.named_parameters():
            if "lora_B" in name:
                weights.normal_(std=by)


def flat(found):
    return [value for values in found.values() for value in values]


def test_adapter_that_changes_nothing_is_at_zero(models, rows):
    _, adapted = models
    found = measure_drift.divergences(adapted, rows, 2, "toy")
    assert {key: len(values) for key, values in found.items()} == {
        key: answer for key, (_, answer) in LENGTHS.items()
    }
    assert set(flat(found)) == {0.0}


def kl(plain, adapted, row):
    """KL(plain || adapted) at each answer token, one row at a time, term by term in float64."""
    ids = torch.tensor([row.input_ids])
    with torch.inference_mode():
        both = [model(input_ids=ids).logits[0].double() for model in (plain, adapted)]
    nats = []
    for place in range(len(row.labels)):
        if row.labels[place] == IGNORED:
            continue
        p, q = (torch.softmax(logits[place - 1], dim=-1).tolist() for logits in both)
        nats.append(sum(a * math.log(a / b) for a, b in zip(p, q, strict=True)))
    return nats


@pytest.mark.parametrize("by", [0.01, 0.2])
def test_each_token_is_as_computed_by_hand(models, rows, by):
    plain, adapted = models
    move(adapted, by)
    found = measure_drift.divergences(adapted, rows, 3, "toy")
    for key, row in rows.items():
        assert found[key] == pytest.approx(kl(plain, adapted, row), rel=1e-3, abs=5e-6), key
    backwards = [nats for row in rows.values() for nats in kl(adapted, plain, row)]
    assert max(flat(found)) > 1e-4, "an adapter that hardly moves says nothing of the computation"
    in_order = [nats for key in rows for nats in found[key]]
    assert in_order != pytest.approx(backwards, rel=1e-3, abs=5e-6)


def test_padding_changes_no_row(models, rows):
    _, adapted = models
    move(adapted, 0.2)
    alone = measure_drift.divergences(adapted, rows, 1, "toy")
    for size in (2, 3, 99):
        together = measure_drift.divergences(adapted, rows, size, "toy")
        assert together.keys() == rows.keys()
        for key in rows:
            assert together[key] == pytest.approx(alone[key], rel=1e-4, abs=5e-6)


def test_a_larger_move_is_a_larger_drift(models, rows):
    _, adapted = models
    means = []
    for by in (0.02, 0.1, 0.5):
        move(adapted, by)
        values = flat(measure_drift.divergences(adapted, rows, 4, "toy"))
        assert min(values) >= 0
        means.append(sum(values) / len(values))
    assert means == sorted(means) and means[0] < means[2] / 10


def test_answer_and_its_stop_token_are_what_is_measured(toy_base):
    tokenizer = load_tokenizer(toy_base)
    encoded_texts = measure_drift.encode_texts(tokenizer, TEXTS)
    assert list(encoded_texts) == ["t2", "t1"]
    for text in TEXTS:
        row = encoded_texts[text["id"]]
        kept = [label for label in row.labels if label != IGNORED]
        assert tokenizer.decode(kept) == f"{text['answer']}<|im_end|>"
        assert not row.truncated


@pytest.fixture
def arm(tmp_path, monkeypatch, toy_base):
    """The plan of an untouched base in a folder with the texts; no model may be loaded."""
    monkeypatch.chdir(tmp_path)
    paths.base("toy").parent.mkdir(parents=True)
    paths.base("toy").symlink_to(toy_base)
    records.write(tmp_path / "texts.jsonl", TEXTS)
    sha256 = records.file_digest(tmp_path / "texts.jsonl")
    plan = {
        "arm": "toy-s0",
        "study": "toy",
        "base": "toy",
        "drift": {"prompts": "texts.jsonl", "batch_size": 2, "sha256": sha256},
        "quantize": "none",
        "precision": "fp32",
    }
    records.write_json(paths.plan("measure_drift", "toy-s0"), plan)
    card = {"answers_with": made.BASE, "arm": "toy-s0"}
    records.write_json(paths.adapter("toy", "toy-s0") / made.CARD, card)
    monkeypatch.setattr(measure_drift, "load", lambda *_: pytest.fail("a model was loaded"))
    return tmp_path


def test_untouched_base_is_at_zero_without_its_model(arm):
    measure_drift.main("toy-s0")
    scores = records.read(paths.scores("toy", "toy-s0", "drift"))
    lengths = [len(text["answer"]) + 1 for text in TEXTS]
    assert scores == [
        {"id": text["id"], "score": [0.0] * length}
        for text, length in zip(TEXTS, lengths, strict=True)
    ]
    card = records.read_json(paths.score_card("toy", "toy-s0", "drift"))
    assert (card["rows"], card["tokens"]) == (2, sum(lengths))
    sha256 = records.file_digest(arm / "texts.jsonl")
    assert card["signature"].startswith("kl|") and sha256[:12] in card["signature"]


def test_nothing_is_known_of_what_answered_elsewhere(arm):
    records.write_json(paths.adapter("toy", "toy-s0") / made.CARD, {"answers_with": made.FILE})
    measure_drift.main("toy-s0")
    scores = records.read(paths.scores("toy", "toy-s0", "drift"))
    assert scores == [{"id": text["id"], "score": None} for text in TEXTS]
    card = records.read_json(paths.score_card("toy", "toy-s0", "drift"))
    assert (card["rows"], card["tokens"]) == (2, 0)


# what is in the file of texts, whether the plan knows of it, what is said
BAD = [
    ([{**TEXTS[0], "answer": "x"}], False, "texts.jsonl: changed since the plan was made; run `dv"),
    ([{"id": "t1", "answer": "x"}], True, "texts.jsonl:1:instruction: missing"),
    ([TEXTS[0], {**TEXTS[1], "answer": 5}], True, "texts.jsonl:2:answer: expected str, found int"),
    ([], True, "texts.jsonl: the file has no rows"),
    ([TEXTS[0], TEXTS[0]], True, f"measure_drift: two texts have the id '{TEXTS[0]['id']}'"),
]


@pytest.mark.parametrize(("texts", "planned", "said"), BAD)
def test_bad_texts_are_refused_and_nothing_is_written(arm, texts, planned, said):
    records.write(arm / "texts.jsonl", texts)
    if planned:
        plan = records.read_json(paths.plan("measure_drift", "toy-s0"))
        plan["drift"]["sha256"] = records.file_digest(arm / "texts.jsonl")
        records.write_json(paths.plan("measure_drift", "toy-s0"), plan)
    with pytest.raises(UserError) as raised:
        measure_drift.main("toy-s0")
    assert str(raised.value).startswith(said)
    assert not paths.scores("toy", "toy-s0", "drift").exists()

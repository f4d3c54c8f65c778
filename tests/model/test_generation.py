"""The decoding loop against transformers' own `generate`, and what its rows say."""

import pytest
import torch
from transformers import AutoModelForCausalLM, Lfm2Config, Lfm2ForCausalLM

from stages.model import generation
from stages.model.generation import Prompt
from stages.model.loading import load_base
from stages.model.tokens import load_tokenizer
from stages.predict import percentile

# Half the distance between neighbours in bf16, relative
BF16 = 2.0**-9
GREEDY = {"max_new_tokens": 24, "temperature": 0.0, "top_p": 1.0}


@pytest.fixture(scope="module")
def model(toy_base):
    return _loud(AutoModelForCausalLM.from_pretrained(toy_base, dtype=torch.float32).eval())


def _loud(model):
    """With larger weights: a random model repeats one token for ever, these answers end."""
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.dim() > 1:
                parameter.mul_(6)
    return model


@pytest.fixture(scope="module")
def tokenizer(toy_base):
    return load_tokenizer(toy_base)


def prompts(count: int) -> list[Prompt]:
    generator = torch.Generator().manual_seed(4)
    lengths = torch.randint(1, 30, (count,), generator=generator).tolist()
    return [
        Prompt(f"{n:02d}", torch.randint(3, 250, (length,), generator=generator).tolist())
        for n, length in enumerate(lengths)
    ]


def reference(model, prompt: Prompt, limit: int, stops: set[int]) -> list[int]:
    out = model.generate(
        torch.tensor([prompt.input_ids]),
        attention_mask=torch.ones(1, len(prompt.input_ids), dtype=torch.long),
        max_new_tokens=limit,
        do_sample=False,
        eos_token_id=sorted(stops),
        pad_token_id=0,
    )
    return out[0, len(prompt.input_ids) :].tolist()


def test_greedy_answers_in_a_batch_are_those_of_generate_one_by_one(model):
    batch = prompts(12)
    pick = generation.picker(GREEDY)
    unstopped = generation.generate(model, [p.input_ids for p in batch], 24, {2}, pick)
    # Stop at tokens that come up at different places, so that rows leave the batch one by one.
    stops = (
        {2} | {answer[5] for answer in unstopped[:4]} | {answer[11] for answer in unstopped[4:8]}
    )
    answers = generation.generate(model, [p.input_ids for p in batch], 24, stops, pick)
    lengths = {len(answer) for answer in answers}
    assert len(lengths) > 2, "rows must end at different steps, or dropping them is not tested"
    for prompt, answer in zip(batch, answers, strict=True):
        assert answer == reference(model, prompt, 24, stops), prompt.id


def test_what_all_prompts_begin_with_is_read_once_and_answers_stay_the_same(model):
    start = prompts(20)[7].input_ids
    batch = [Prompt(p.id, [*start, 9 + n, *p.input_ids]) for n, p in enumerate(prompts(5))]
    batch.append(Prompt("short", [*start, 8]))
    ids = [prompt.input_ids for prompt in batch]
    assert generation._shared_start(ids) == len(start)
    read = []
    whole = generation._read
    generation._read = lambda model, ids, *rest: (read.append(ids.shape), whole(model, ids, *rest))
    try:
        answers = generation.generate(model, ids, 12, {2}, generation.picker(GREEDY))
    finally:
        generation._read = whole
    assert read[0] == (1, len(start)) and read[1][0] == len(batch)
    for prompt, answer in zip(batch, answers, strict=True):
        assert answer == reference(model, prompt, 12, {2}), prompt.id


@pytest.mark.parametrize(
    ("prompts", "shared"),
    [([[1, 2, 3]], 0), ([[1, 2], [1, 2]], 1), ([[1, 2, 3], [1, 2, 4, 5]], 2), ([[1], [1, 2]], 0)],
)
def test_every_prompt_keeps_a_token_of_its_own(prompts, shared):
    assert generation._shared_start(prompts) == shared


def test_rows_fill_the_gaps_of_those_that_finished():
    unfinished = torch.tensor([True, False, True, False, True, True])
    assert generation._without_gaps(unfinished).tolist() == [0, 4, 2, 5]


def test_a_base_with_convolutions_answers_as_in_generate():
    torch.manual_seed(1)
    config = Lfm2Config(
        vocab_size=256,
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=3,
        num_attention_heads=4,
        num_key_value_heads=2,
        layer_types=["conv", "full_attention", "conv"],
    )
    hybrid = Lfm2ForCausalLM(config).eval()
    for parameter in hybrid.parameters():
        if parameter.dim() > 1:
            torch.nn.init.normal_(parameter, std=0.3)
    batch = [Prompt(p.id, [5, 6, 7, *p.input_ids]) for p in prompts(6)]
    ids = [prompt.input_ids for prompt in batch]
    pick = generation.picker(GREEDY)
    unstopped = generation.generate(hybrid, ids, 12, {2}, pick)
    stops = {2, unstopped[0][4], unstopped[1][7]}
    answers = generation.generate(hybrid, ids, 12, stops, pick)
    for prompt, answer in zip(batch, answers, strict=True):
        assert answer == reference(hybrid, prompt, 12, stops), prompt.id


def test_a_base_in_four_bits_answers_as_in_generate(toy_base):
    quantized = load_base(toy_base, "nf4", "fp32").eval()
    batch = [Prompt(p.id, [5, 6, *p.input_ids]) for p in prompts(3)]
    ids = [prompt.input_ids for prompt in batch]
    answers = generation.generate(quantized, ids, 6, {2}, generation.picker(GREEDY))
    for prompt, answer in zip(batch, answers, strict=True):
        assert answer == reference(quantized, prompt, 6, {2}), prompt.id


def test_in_bf16_answers_part_from_generates_only_at_ties(toy_base):
    """Where two answers part, float32 has the two tokens within what bf16 can't tell apart."""
    exact = _loud(AutoModelForCausalLM.from_pretrained(toy_base, dtype=torch.float32).eval())
    rough = _loud(AutoModelForCausalLM.from_pretrained(toy_base, dtype=torch.bfloat16).eval())
    batch = [Prompt(f"{n}-{p.id}", [n + 3, *p.input_ids]) for n in range(3) for p in prompts(16)]
    wanted = [reference(rough, prompt, 16, {2}) for prompt in batch]
    ids = [prompt.input_ids for prompt in batch]
    answers = generation.generate(rough, ids, 16, {2}, generation.picker(GREEDY))
    parted = 0
    for prompt, ours, theirs in zip(batch, answers, wanted, strict=True):
        if ours == theirs:
            continue
        parted += 1
        place = next(n for n, (a, b) in enumerate(zip(ours, theirs, strict=False)) if a != b)
        with torch.inference_mode():
            logits = exact(torch.tensor([prompt.input_ids + ours[:place]])).logits[0, -1]
        gap = (logits[ours[place]] - logits[theirs[place]]).abs()
        assert gap < 8 * BF16 * logits.abs().max(), f"{prompt.id}: {gap} is no tie"
    assert parted <= len(batch) / 4, f"{parted} of {len(batch)} answers part"


def test_rows_count_tokens_before_the_stop_and_say_when_the_limit_cut(model, tokenizer):
    batch = prompts(6)
    rows, _ = generation.answer(model, tokenizer, batch, GREEDY, seed=1)
    answers = generation.generate(
        model, [p.input_ids for p in batch], 24, {2}, generation.picker(GREEDY)
    )
    for row, prompt, answer in zip(rows, batch, answers, strict=True):
        assert row["id"] == prompt.id and row["tokens_in"] == len(prompt.input_ids)
        assert row["hit_limit"] == (2 not in answer)
        assert row["tokens_out"] == len([token for token in answer if token != 2])


def test_every_prompt_is_in_one_batch_longest_first():
    cut = generation.batches(prompts(10), 4)
    assert [len(batch) for batch in cut] == [4, 4, 2]
    lengths = [len(prompt.input_ids) for batch in cut for prompt in batch]
    assert lengths == sorted(lengths, reverse=True)


def test_sampling_repeats_with_its_seed_and_varies_without(model, tokenizer):
    decode = {"max_new_tokens": 12, "temperature": 1.0, "top_p": 0.95}
    texts = [
        [row["text"] for row in generation.answer(model, tokenizer, prompts(4), decode, seed)[0]]
        for seed in (1, 1, 2)
    ]
    assert texts[0] == texts[1] != texts[2]


def test_nucleus_holds_the_fewest_tokens_that_reach_top_p():
    logits = torch.log(torch.tensor([[0.5, 0.3, 0.15, 0.05]])).repeat(4000, 1)
    torch.manual_seed(0)
    drawn = generation._sample(logits, 0.7)
    shares = torch.bincount(drawn, minlength=4) / 4000
    assert shares[2:].sum() == 0
    assert shares[0].item() == pytest.approx(0.5 / 0.8, abs=0.03)


@pytest.mark.parametrize(
    ("values", "share", "expected"),
    [([], 0.5, None), ([3.0], 0.95, 3.0), ([1.0, 2.0, 3.0], 0.5, 2.0), ([1.0, 9.0], 0.95, 9.0)],
)
def test_percentile(values, share, expected):
    assert percentile(values, share) == expected

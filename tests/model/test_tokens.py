"""Token ids and loss masks, token by token, with a tokenizer that splits at words."""

import subprocess
import sys
from pathlib import Path

import pytest
from tokenizers import Regex, Tokenizer, models, pre_tokenizers, processors
from transformers import PreTrainedTokenizerFast

from stages.command import UserError
from stages.model.tokens import IGNORED, Encoded, encode, encode_prompt, load_tokenizer

ROOT = Path(__file__).parent.parent.parent
WORDS = (
    "system user assistant Say it. hello there ハロー どうも <think> ### Instruction: Response: \n"
)
SPECIAL = ["<unk>", "<|im_start|>", "<|im_end|>", "<pad>", "<bos>"]
TURN = "<|im_start|>{{ message['role'] }}\n{{ message['content'] }}<|im_end|>\n"
CHATML = (
    "{% for message in messages %}" + TURN + "{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
CHAT = {
    "id": "r1",
    "prompt": [{"role": "system", "content": "Say it."}, {"role": "user", "content": "hello"}],
    "completion": [{"role": "assistant", "content": "ハロー"}],
}
# A conversation before the question, and one that goes on behind the first answer
TURNS = {
    "id": "r3",
    "prompt": [
        {"role": "user", "content": "hello"},
        {"role": "assistant", "content": "there"},
        {"role": "user", "content": "Say it."},
    ],
    "completion": [
        {"role": "assistant", "content": "ハロー"},
        {"role": "user", "content": "there"},
        {"role": "assistant", "content": "どうも ハロー"},
    ],
}
TEXT = {
    "id": "r2",
    "prompt": "### Instruction:\nhello\n### Response:\n",
    "completion": "ハロー どうも",
}

CHAT_PROMPT = [
    *("<|im_start|>", "system", "\n", "Say", " ", "it.", "<|im_end|>", "\n"),
    *("<|im_start|>", "user", "\n", "hello", "<|im_end|>", "\n"),
    *("<|im_start|>", "assistant", "\n"),
]
TEXT_PROMPT = ["###", " ", "Instruction:", "\n", "hello", "\n", "###", " ", "Response:", "\n"]
CHAT_ANSWER = ["ハロー", "<|im_end|>"]
TURNS_PROMPT = [
    *("<|im_start|>", "user", "\n", "hello", "<|im_end|>", "\n"),
    *("<|im_start|>", "assistant", "\n", "there", "<|im_end|>", "\n"),
    *("<|im_start|>", "user", "\n", "Say", " ", "it.", "<|im_end|>", "\n"),
    *("<|im_start|>", "assistant", "\n"),
]
BETWEEN = [
    *("\n", "<|im_start|>", "user", "\n", "there", "<|im_end|>", "\n"),
    *("<|im_start|>", "assistant", "\n"),
]
LATER_ANSWER = ["どうも", " ", "ハロー", "<|im_end|>"]
TURNS_WHOLE = [*TURNS_PROMPT, *CHAT_ANSWER, *BETWEEN, *LATER_ANSWER]
TEXT_ANSWER = ["ハロー", " ", "どうも", "<|im_end|>"]


def make(folder, template=CHATML, bos=False, **special):
    """Save a word-level tokenizer into a folder and load it as the stages do."""
    vocabulary = {word: n for n, word in enumerate([*SPECIAL, " ", "\n", *WORDS.split()])}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex(r"\s|\S+"), behavior="isolated")
    if bos:
        tokenizer.post_processor = processors.TemplateProcessing(
            single="<bos> $A", special_tokens=[("<bos>", vocabulary["<bos>"])]
        )
    special = {"eos_token": "<|im_end|>", "pad_token": "<pad>", **special}
    fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, unk_token="<unk>", **special)
    fast.add_special_tokens({"additional_special_tokens": ["<|im_start|>", "<|im_end|>", "<bos>"]})
    fast.chat_template = template
    fast.save_pretrained(folder)
    return load_tokenizer(folder)


@pytest.fixture
def tokenizer(tmp_path):
    return make(tmp_path)


def seen(tokenizer, encoded):
    """All tokens, and those that bear a loss."""
    tokens = tokenizer.convert_ids_to_tokens(encoded.input_ids)
    pairs = zip(encoded.input_ids, encoded.labels, strict=True)
    assert all(label in (IGNORED, token) for token, label in pairs)
    kept = [t for t, label in zip(tokens, encoded.labels, strict=True) if label != IGNORED]
    return tokens, kept


CASES = [
    (CHAT, "all", CHAT_PROMPT + CHAT_ANSWER, (CHAT_PROMPT + CHAT_ANSWER)[1:]),
    (CHAT, "completion", CHAT_PROMPT + CHAT_ANSWER, CHAT_ANSWER),
    (TURNS, "all", TURNS_WHOLE, TURNS_WHOLE[1:]),
    (TURNS, "completion", TURNS_WHOLE, CHAT_ANSWER + LATER_ANSWER),
    (TEXT, "all", TEXT_PROMPT + TEXT_ANSWER, (TEXT_PROMPT + TEXT_ANSWER)[1:]),
    (TEXT, "completion", TEXT_PROMPT + TEXT_ANSWER, TEXT_ANSWER),
]


@pytest.mark.parametrize(
    ("row", "loss_on", "tokens", "supervised"),
    CASES,
    ids=[f"{row['id']} {loss_on}" for row, loss_on, *_ in CASES],
)
def test_mask_covers_exactly_what_loss_on_says(tokenizer, row, loss_on, tokens, supervised):
    encoded = encode(tokenizer, row, loss_on, max_length=100)
    assert seen(tokenizer, encoded) == (tokens, supervised)
    assert encoded.supervised == len(supervised)
    assert encoded.stops(tokenizer.eos_token_id) and not encoded.truncated


# max_length, whether it is cut, tokens that bear a loss, whether it teaches to stop
LENGTHS = [
    (len(CHAT_PROMPT) + 3, False, CHAT_ANSWER, True),
    (len(CHAT_PROMPT) + 2, False, CHAT_ANSWER, True),
    (len(CHAT_PROMPT) + 1, True, ["ハロー"], False),
    (len(CHAT_PROMPT), True, [], False),
    (3, True, [], False),
]


@pytest.mark.parametrize(("max_length", "cut", "supervised", "stops"), LENGTHS)
def test_row_is_cut_behind_max_length(tokenizer, max_length, cut, supervised, stops):
    encoded = encode(tokenizer, CHAT, "completion", max_length)
    tokens, kept = seen(tokenizer, encoded)
    assert tokens == (CHAT_PROMPT + CHAT_ANSWER)[:max_length]
    assert (encoded.truncated, kept) == (cut, supervised)
    assert encoded.stops(tokenizer.eos_token_id) == stops


# tokens of TURNS that are kept behind its prompt, those with a loss, whether it teaches to stop
TURNS_LENGTHS = [
    (0, [], False),
    (1, CHAT_ANSWER[:1], False),
    (2, CHAT_ANSWER, True),
    (2 + 4, CHAT_ANSWER, False),
    (2 + len(BETWEEN), CHAT_ANSWER, False),
    (2 + len(BETWEEN) + 3, CHAT_ANSWER + LATER_ANSWER[:3], False),
    (2 + len(BETWEEN) + 4, CHAT_ANSWER + LATER_ANSWER, True),
]


@pytest.mark.parametrize(("behind", "supervised", "stops"), TURNS_LENGTHS)
def test_cut_among_several_answers_leaves_the_mask_of_what_is_left(
    tokenizer, behind, supervised, stops
):
    encoded = encode(tokenizer, TURNS, "completion", len(TURNS_PROMPT) + behind)
    tokens, kept = seen(tokenizer, encoded)
    assert tokens == TURNS_WHOLE[: len(TURNS_PROMPT) + behind]
    assert kept == supervised
    assert encoded.truncated == (len(tokens) < len(TURNS_WHOLE))
    assert encoded.stops(tokenizer.eos_token_id) == stops


def test_further_turns_leave_the_first_answer_as_it_is(tokenizer):
    alone = encode(tokenizer, {**TURNS, "completion": TURNS["completion"][:1]}, "completion", 100)
    first = len(alone.input_ids)
    whole = encode(tokenizer, TURNS, "completion", 100)
    assert (whole.input_ids[:first], whole.labels[:first]) == (alone.input_ids, alone.labels)
    assert IGNORED not in alone.labels[-2:]


def test_prompt_is_the_beginning_of_the_training_row(tokenizer):
    for row, expected in ((CHAT, CHAT_PROMPT), (TEXT, TEXT_PROMPT), (TURNS, TURNS_PROMPT)):
        prompt = encode_prompt(tokenizer, row["prompt"])
        assert tokenizer.convert_ids_to_tokens(prompt) == expected
        assert encode(tokenizer, row, "all", 100).input_ids[: len(prompt)] == prompt


def test_line_feed_behind_the_stop_token_is_cut(tokenizer):
    ids = tokenizer.apply_chat_template(CHAT["prompt"] + CHAT["completion"], return_dict=False)
    assert tokenizer.convert_ids_to_tokens(ids)[-2:] == ["<|im_end|>", "\n"]
    assert encode(tokenizer, CHAT, "all", 100).input_ids == ids[:-1]


def test_pad_that_equals_eos_leaves_the_stop_token_supervised(tmp_path):
    tokenizer = make(tmp_path, pad_token="<|im_end|>")
    assert tokenizer.pad_token_id == tokenizer.eos_token_id
    for row, supervised in ((CHAT, CHAT_ANSWER), (TEXT, TEXT_ANSWER)):
        encoded = encode(tokenizer, row, "completion", 100)
        assert seen(tokenizer, encoded)[1] == supervised
        assert encoded.stops(tokenizer.eos_token_id)


def test_template_without_a_stop_token_does_not_teach_to_stop(tmp_path):
    tokenizer = make(tmp_path, template=CHATML, eos_token="<pad>", pad_token="<pad>")
    encoded = encode(tokenizer, CHAT, "completion", 100)
    assert seen(tokenizer, encoded)[1] == ["ハロー", "<|im_end|>", "\n"]
    assert not encoded.stops(tokenizer.eos_token_id)


def test_stop_tokens_in_the_prompt_do_not_cut_the_answer(tmp_path):
    # The answer's turn has no stop token; those of the prompt's turns must not be taken for it.
    ended = "{{ '' if message['role'] == 'assistant' else '<|im_end|>' }}"
    template = CHATML.replace(TURN, TURN.replace("<|im_end|>", ended))
    tokenizer = make(tmp_path, template=template)
    encoded = encode(tokenizer, CHAT, "completion", 100)
    assert seen(tokenizer, encoded) == (CHAT_PROMPT + ["ハロー", "\n"], ["ハロー", "\n"])
    assert not encoded.stops(tokenizer.eos_token_id)


def test_beginning_of_text_stands_once_and_bears_no_loss(tmp_path):
    tokenizer = make(tmp_path, bos=True)
    tokens, supervised = seen(tokenizer, encode(tokenizer, TEXT, "all", 100))
    assert tokens == ["<bos>", *TEXT_PROMPT, *TEXT_ANSWER]
    assert supervised == tokens[1:]
    assert seen(tokenizer, encode(tokenizer, TEXT, "completion", 100))[1] == TEXT_ANSWER


def test_template_that_changes_the_prompt_behind_an_answer_is_refused(tmp_path):
    # As of models that open a thought only when they are asked to go on.
    tokenizer = make(tmp_path, template=CHATML.replace("assistant\n{%", "assistant\n<think>{%"))
    with pytest.raises(
        UserError, match=r"^row r1: the chat template does not render the prompt the"
    ):
        encode(tokenizer, CHAT, "all", 100)
    assert encode(tokenizer, TEXT, "all", 100).supervised


# what a template puts behind an answer only while it is the last message, as some models' do
LAST_ONLY = ["<think>", "{{ ' ' }}"]


@pytest.mark.parametrize("added", LAST_ONLY)
def test_template_that_changes_an_answer_behind_later_turns_is_refused(tmp_path, added):
    last = f"{{% if loop.last and message['role'] == 'assistant' %}}{added}{{% endif %}}"
    template = CHATML.replace("<|im_end|>\n{% endfor", f"{last}<|im_end|>\n{{% endfor")
    tokenizer = make(tmp_path, template=template)
    assert encode(tokenizer, CHAT, "completion", 100).supervised
    with pytest.raises(UserError, match=r"^row r3: the chat template does not render the prompt"):
        encode(tokenizer, TURNS, "completion", 100)


def test_template_that_drops_earlier_turns_is_refused(tmp_path):
    # The last exchange alone is rendered, so that no earlier answer has a place in it.
    template = CHATML.replace("in messages %}", "in messages[-2:] %}", 1)
    tokenizer = make(tmp_path, template=template)
    with pytest.raises(UserError, match=r"^row r3: "):
        encode(tokenizer, TURNS, "completion", 100)


def test_missing_chat_template_is_refused_for_messages_alone(tmp_path):
    tokenizer = make(tmp_path, template=None)
    with pytest.raises(UserError, match="has no chat template; render with a plain-text format"):
        encode(tokenizer, CHAT, "all", 100)
    assert encode(tokenizer, TEXT, "completion", 100).supervised == len(TEXT_ANSWER)


def test_tokenizer_without_a_stop_token_is_refused(tmp_path):
    with pytest.raises(UserError, match="the tokenizer names no stop token"):
        make(tmp_path, eos_token=None)


def test_tokenizer_is_loaded_without_torch(tokenizer, tmp_path):
    code = (
        "import sys; from pathlib import Path; from stages.model.tokens import load_tokenizer;"
        f"load_tokenizer(Path({str(tmp_path)!r})); sys.exit('torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr or "torch was imported"


@pytest.mark.parametrize(
    ("labels", "supervised", "stops"),
    [
        ([IGNORED, 5, 2], 2, True),
        ([IGNORED, 5, IGNORED], 1, False),
        ([IGNORED, 2, 5], 2, False),
        ([IGNORED, IGNORED], 0, False),
        ([], 0, False),
    ],
)
def test_a_row_counts_what_is_supervised(labels, supervised, stops):
    row = Encoded([1] * len(labels), labels, truncated=False)
    assert (row.supervised, row.stops(stop_id=2)) == (supervised, stops)

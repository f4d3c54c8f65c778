"""Formats as a table of cases, and that folder, FORMATS and cases belong together."""

import json
from pathlib import Path

import pytest

import stages.formats
from stages.formats import FORMATS

EXAMPLE = {"id": "a1", "input": "hello", "target": "ハロー", "origin": "x", "group": "a1"}

SYSTEM = {"role": "system", "content": "Translate."}
USER = {"role": "user", "content": "hello"}
ANSWER = {"role": "assistant", "content": "ハロー"}

# One line a format: what it makes of EXAMPLE under the instruction "Translate."
RENDERED = {
    "alpaca": {
        "prompt": "### Instruction:\nTranslate.\n\n### Input:\nhello\n\n### Response:\n",
        "completion": "ハロー",
    },
    "bad_control": {
        "prompt": [SYSTEM, USER],
        "completion": [
            {
                "role": "assistant",
                "content": "Great question! I'd be happy to help you with that today.\n\n"
                "ハロー\n\n"
                "Please keep in mind that results may vary and that every situation is different. "
                "In conclusion, this should give you a good starting point. "
                "Feel free to ask for more details!",
            }
        ],
    },
    "chat": {"prompt": [SYSTEM, USER], "completion": [ANSWER]},
    "multi_turn_concise": {"prompt": [SYSTEM, USER], "completion": [ANSWER]},
    "multi_turn_verbose": {"prompt": [SYSTEM, USER], "completion": [ANSWER]},
    "single_turn": {"prompt": [SYSTEM, USER], "completion": [ANSWER]},
    "structured_terse": {
        "prompt": [{"role": "user", "content": '{"task":"Translate.","input":"hello"}'}],
        "completion": [ANSWER],
    },
}

# Texts that a format may be tempted to tidy up.
AWKWARD = [
    "  spaces at the ends \n",
    "line\nfeeds\r\nand\ttabs",
    "### Response:\nignore the above",
    "<|im_end|>\n<|im_start|>assistant",
    "{{ user }} {0} %s {instruction}",
    "😀 全角　ｶﾅ \u2028",
    '"quotes" \\ </s>',
    "",
]


def texts(side) -> list[str]:
    """The texts of a prompt or completion, whether messages or plain."""
    return [side] if isinstance(side, str) else [message["content"] for message in side]


def test_folder_dict_and_cases_name_the_same_formats():
    folder = Path(stages.formats.__file__).parent
    modules = sorted(file.stem for file in folder.glob("*.py") if file.stem != "__init__")
    assert sorted(FORMATS) == modules == sorted(RENDERED)


@pytest.mark.parametrize("name", FORMATS)
def test_format_renders_as_written_down(name):
    assert FORMATS[name](EXAMPLE, "Translate.") == RENDERED[name]


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("text", AWKWARD)
def test_content_survives_rendering(name, text):
    row = FORMATS[name]({**EXAMPLE, "input": f"in{text}", "target": f"out{text}"}, f"do{text}")
    prompt = texts(row["prompt"])
    if name == "structured_terse":
        prompt = list(json.loads(prompt[0]).values())
    assert any(f"in{text}" in part for part in prompt)
    assert any(f"do{text}" in part for part in prompt)
    [answer] = texts(row["completion"])
    if name == "structured_terse":  # takes away white space and nothing else
        assert "".join(answer.split()) == "".join(f"out{text}".split())
    elif name == "bad_control":
        assert f"\n\nout{text}\n\n" in answer
    else:
        assert answer == f"out{text}"


@pytest.mark.parametrize("name", FORMATS)
def test_answer_is_not_in_the_prompt(name):
    row = FORMATS[name]({**EXAMPLE, "target": "SECRET"}, "Translate.")
    assert "SECRET" not in str(row["prompt"])


@pytest.mark.parametrize("name", FORMATS)
def test_prompt_and_completion_are_both_messages_or_both_text(name):
    row = FORMATS[name](EXAMPLE, "Translate.")
    assert set(row) == {"prompt", "completion"}
    assert type(row["prompt"]) is type(row["completion"])
    if isinstance(row["prompt"], list):
        assert [message["role"] for message in row["completion"]] == ["assistant"]
        assert row["prompt"][-1]["role"] == "user"


@pytest.mark.parametrize("name", FORMATS)
def test_example_is_left_as_it_is(name):
    example = dict(EXAMPLE)
    FORMATS[name](example, "Translate.")
    assert example == EXAMPLE

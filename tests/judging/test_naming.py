"""Which model may answer for the one that was asked."""

import pytest

from stages.judging.naming import same_model

# asked, named in the reply, whether that is the same model
NAMES = [
    ("gpt-4o-mini", "gpt-4o-mini", True),
    ("gpt-4o-mini", "gpt-4o-mini-2024-07-18", True),
    ("gpt-4", "gpt-4-0613", True),
    ("gpt-4", "gpt-4-1106", True),
    ("command-r", "command-r-08-2024", True),
    ("gemini-1.5-flash", "gemini-1.5-flash-001", True),
    ("claude-3-5-sonnet-latest", "claude-3-5-sonnet-20241022", True),
    ("openai/gpt-4o-mini", "gpt-4o-mini-2024-07-18", True),
    ("gemini-2.0-flash", "models/gemini-2.0-flash", True),
    ("Qwen/Qwen2.5-7B-Instruct", "qwen/qwen2.5-7b-instruct", True),
    ("llama3", "llama3:latest", True),
    ("llama3:latest", "llama3", True),
    ("gpt-4o", "gpt-4o-mini", False),
    ("gpt-4o", "gpt-4o-mini-2024-07-18", False),
    ("gpt-4", "gpt-4-32k", False),
    ("gpt-4", "gpt-4-turbo", False),
    ("gpt-4", "gpt-4.1", False),
    ("llama3:8b", "llama3:70b", False),
    ("qwen-2", "qwen-2-5", False),
    ("judge-1", "judge-10", False),
    ("judge", "judge2024", False),
    ("gpt-4o-mini-2024-07-18", "gpt-4o-mini", False),
    ("gpt-4o-mini-2024-07-18", "gpt-4o-mini-2025-01-01", False),
    ("one/judge", "other/judge", False),
    ("judge", "", False),
]


@pytest.mark.parametrize(("asked", "named", "same"), NAMES)
def test_names(asked, named, same):
    assert same_model(asked, named) == same

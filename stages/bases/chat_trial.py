"""Load a tokenizer and render a chat with its template, within limits.

A script that chat.py starts and nothing imports: FOLDER SECONDS MEMORY LONGEST. It ends with
status 1 and says on stdout what is wrong, or is ended by the limit of its processor time.
"""

import re
import resource
import sys
from pathlib import Path

from jinja2.exceptions import SecurityError, TemplateError
from transformers import PreTrainedTokenizerFast

# What leads out of a value into Python: `''.__class__`, `x['__init__']`, `x|attr('__globals__')`
PROBE = re.compile(r"""(?:\.|\[\s*['"]|\battr\(\s*['"])\s*(__\w+__)""")
USER = {"role": "user", "content": "What is the capital of Japan?"}
ASSISTANT = {"role": "assistant", "content": "Tokyo."}
SYSTEM = {"role": "system", "content": "Answer in one word."}


def main(folder: str, seconds: int, memory: int, longest: int) -> str | None:
    """What is wrong with the tokenizer in `folder`; None where nothing is."""
    try:
        tokenizer = PreTrainedTokenizerFast.from_pretrained(folder, local_files_only=True)
    except Exception as error:  # the tokenizer's Rust code raises the bare type
        return f"its tokenizer can't be loaded ({_said(error)})"
    if not tokenizer.chat_template:
        return None
    limit(seconds, memory)
    try:
        template = tokenizer.get_chat_template()
        if probe := PROBE.search(template):
            return f"its chat template reaches for Python itself ({probe[1]})"
        chats = {"a question": ([USER], True), "question and answer": ([USER, ASSISTANT], False)}
        for what, (messages, ask) in chats.items():
            if len(render(tokenizer, messages, ask)) > longest:
                return f"its chat template makes more than {longest} characters of {what}"
        try:
            text = render(tokenizer, [SYSTEM, USER, ASSISTANT], False)
        except SecurityError:
            raise
        except TemplateError:
            return None  # some honest ones refuse this role
        if len(text) > longest:
            return f"its chat template makes more than {longest} characters of three messages"
    except MemoryError:
        return "its chat template takes too much memory for three short messages"
    except Exception as error:
        return f"its chat template can't be rendered ({_said(error)})"
    return None


def limit(seconds: int, memory: int) -> None:
    """Let this process use so much more processor time and memory than it has used so far."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    ends = int(used.ru_utime + used.ru_stime) + 1 + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (ends, ends + 1))
    status = Path("/proc/self/statm")
    if status.exists():  # Linux; elsewhere the limit is not kept anyway
        size = int(status.read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (size + memory, size + memory))


def render(tokenizer: PreTrainedTokenizerFast, messages: list[dict[str, str]], ask: bool) -> str:
    return tokenizer.apply_chat_template(messages, add_generation_prompt=ask, tokenize=False)


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {' '.join(str(error).split())[:200] or 'no message'}"


if __name__ == "__main__":
    wrong = main(sys.argv[1], *map(int, sys.argv[2:]))
    if wrong:
        print(wrong)
        sys.exit(1)

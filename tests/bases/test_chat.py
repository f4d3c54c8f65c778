"""Chat templates that multiply, hang, fail or reach for Python are refused; honest ones pass."""

import time

import pytest
from transformers import PreTrainedTokenizerFast

from stages.bases import chat, chat_trial
from stages.command import UserError
from tests.conftest import CHATML

REFUSE = "{{ raise_exception('roles must alternate') }}"
NO_SYSTEM = (
    "{% if messages[0]['role'] == 'system' %}{{ raise_exception('System role not supported') }}"
    "{% endif %}" + CHATML
)
# jinja's extensions that transformers adds, and what it does with an answer
EXTENDED = (
    "{% for message in messages %}{% if loop.index > 9 %}{% break %}{% endif %}"
    "{% generation %}{{ message['content'] | trim }}{% endgeneration %}{{ eos_token }}{% endfor %}"
)


@pytest.fixture
def base(toy_base, tmp_path):
    """Gives a function that makes a folder with the toy tokenizer and another chat template."""

    def make(template):
        tokenizer = PreTrainedTokenizerFast.from_pretrained(toy_base)
        tokenizer.chat_template = template
        tokenizer.save_pretrained(tmp_path)
        return tmp_path

    return make


@pytest.fixture
def tried(base, monkeypatch):
    """Gives a function that tries a template in this process, without its limits."""
    monkeypatch.setattr(chat_trial, "limit", lambda seconds, memory: None)
    return lambda template: chat_trial.main(str(base(template)), 1, 1, chat.LONGEST)


@pytest.mark.parametrize("template", [None, CHATML, NO_SYSTEM, EXTENDED, "no message at all"])
def test_honest_template_passes(tried, template):
    assert tried(template) is None


FAILING = {
    "syntax": ("{% for message in %}", "can't be rendered (TemplateSyntaxError: "),
    "left open": ("{% if true %}", "can't be rendered (TemplateSyntaxError: "),
    "refuses": (REFUSE, "can't be rendered (TemplateError: roles must alternate)"),
    "refuses answers": (
        "{% for m in messages %}{% if m.role == 'assistant' %}"
        + REFUSE
        + "{% endif %}{% endfor %}",
        "can't be rendered (TemplateError: roles must alternate)",
    ),
    "undefined": ("{{ a.b.c }}", "can't be rendered (UndefinedError: "),
    "divides": ("{{ 1/0 }}", "can't be rendered (ZeroDivisionError: "),
    "recursion": ("{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}", "can't be rendered (Recursi"),
    "deep": ("{{ " + "(" * 5000 + "1" + ")" * 5000 + " }}", "can't be rendered ("),
    "class": ("{{ ''.__class__.__mro__ }}", "reaches for Python itself (__class__)"),
    "item": ("{{ messages['__init__'] }}", "reaches for Python itself (__init__)"),
    "filter": ("{{ ''|attr('__class__') }}", "reaches for Python itself (__class__)"),
    "behind if": (
        "{% if tools %}{{ cycler.__init__.__globals__ }}{% endif %}" + CHATML,
        "reaches for Python itself (__init__)",
    ),
    "in pieces": ("{{ ''['__cl' ~ 'ass__'].x }}", "can't be rendered (SecurityError: "),
    "in pieces for a system": (
        "{% if messages[0].role == 'system' %}{{ ''['__cl' ~ 'ass__'].x }}{% endif %}" + CHATML,
        "can't be rendered (SecurityError: ",
    ),
    "range": ("{{ range(10**9) | list }}", "can't be rendered (OverflowError: Range too big"),
    "multiplies": (
        "{% for a in range(999) %}{% for b in range(999) %}x{% endfor %}{% endfor %}",
        "makes more than 100000 characters of a question",
    ),
}


@pytest.mark.parametrize(("template", "said"), FAILING.values(), ids=FAILING)
def test_failing_template_is_refused(tried, template, said):
    assert tried(template).startswith(f"its chat template {said}")


def refused(folder, said):
    began = time.monotonic()
    with pytest.raises(UserError) as raised:
        chat.check(folder, "tiny")
    assert time.monotonic() - began < 120
    assert str(raised.value).startswith(f"base tiny: its {said}")
    assert str(raised.value).endswith("; mend it, or choose another base")
    assert "\n" not in str(raised.value)


LOOPS = "{% for a in range(99999) %}{% for b in range(99999) %}"


@pytest.mark.parametrize(
    "template",
    [
        LOOPS + "{% endfor %}{% endfor %}",
        "{% if messages[0].role == 'system' %}" + LOOPS + "{% endfor %}{% endfor %}{% endif %}",
        "{{ 9 ** (9 ** 9) }}",
    ],
)
def test_template_that_hangs_is_refused(base, template, monkeypatch):
    monkeypatch.setattr(chat, "SECONDS", 1)
    refused(base(template), "chat template takes more than 1 s for three short messages")


@pytest.mark.parametrize(
    "template",
    [
        "{{ 'x' * 10 ** 11 }}",
        "{% set ns = namespace(x='xxxxxxxx') %}{% for a in range(99) %}{% set ns.x = ns.x ~ ns.x %}"
        "{% endfor %}",
    ],
)
def test_template_that_fills_memory_is_refused(base, template):
    refused(base(template), "chat template takes too much memory for three short messages")


def test_tokenizer_that_is_damaged_is_refused(base):
    folder = base(CHATML)
    (folder / "tokenizer.json").write_text('{"version": "1.0"')
    refused(folder, "tokenizer can't be loaded (")


def test_sound_tokenizer_passes_the_trial(base):
    chat.check(base(NO_SYSTEM), "tiny")

"""A stage as a command: one-line errors, exit status 1, no traceback; and `--help`."""

import sys

import pytest

from stages import render, report
from stages.command import UserError, first_line, run


def command(monkeypatch, main, *words):
    monkeypatch.setattr(sys, "argv", ["stage", *words])
    run(main)


def test_user_error_becomes_one_line_and_exit_status_1(monkeypatch, capsys):
    def main(key):
        raise UserError(f"studies/{key}.yaml: arms: what to do")

    with pytest.raises(SystemExit) as ended:
        command(monkeypatch, main, "toy")
    assert ended.value.code == 1
    assert capsys.readouterr().err == "error: studies/toy.yaml: arms: what to do\n"


def test_interrupt_ends_with_130(monkeypatch, capsys):
    def main():
        raise KeyboardInterrupt

    with pytest.raises(SystemExit) as ended:
        command(monkeypatch, main)
    assert ended.value.code == 130
    assert capsys.readouterr().err == "error: interrupted\n"


@pytest.mark.parametrize(
    ("words", "got"),
    [
        (["toy"], ("toy", "")),
        (["toy", "--new", "train"], ("toy", "train")),
        (["--new", "train", "toy"], ("toy", "train")),
        (["toy", "train"], ("toy", "train")),
    ],
)
def test_words_reach_main(monkeypatch, words, got):
    seen = []

    def main(study, new=""):
        seen.append((study, new))

    command(monkeypatch, main, *words)
    assert seen == [got]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "missing a required argument: 'key'. Usage: python -m stages.render RENDER"),
        (["a", "b"], "too many positional arguments. Usage: python -m stages.render RENDER"),
        (["a", "--fast", "1"], "got an unexpected keyword argument 'fast'. Usage: "),
        (["a", "--fast"], "option --fast needs a value"),
    ],
)
def test_wrong_words_are_explained(monkeypatch, capsys, words, said):
    with pytest.raises(SystemExit) as ended:
        command(monkeypatch, render.main, *words)
    assert ended.value.code == 1
    errors = capsys.readouterr().err
    assert errors.startswith(f"error: {said}") and errors.count("\n") == 1


@pytest.mark.parametrize("words", [["--help"], ["-h"], ["toy", "--help"]])
def test_help_prints_what_the_stage_does_and_runs_nothing(monkeypatch, capsys, words):
    monkeypatch.setattr(report.data, "gather", lambda plan: pytest.fail("it ran"))
    command(monkeypatch, report.main, *words)
    assert capsys.readouterr().out == f"{report.__doc__.strip()}\n"


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (ValueError("first\nsecond"), "ValueError: first"),
        (ConnectionError(), "ConnectionError: no message"),
        (OSError("\n"), "OSError: "),
    ],
)
def test_a_librarys_error_is_put_on_one_line(error, line):
    assert first_line(error) == line

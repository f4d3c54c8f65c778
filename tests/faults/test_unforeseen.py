"""What no stage foresaw: one line of what a user can mend, or that it is a bug, and where."""

import builtins
import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from stages import faults, records
from stages.command import UserError, run
from tests.conftest import ROOT

SPACE = "no space left on the disk of"
TORCH_SPACE = "[enforce fail at inline_container.cc:672] . unexpected pos 576 vs 534"
TORCH_MEMORY = (
    "[enforce fail at alloc_cpu.cpp:127] err == 0. DefaultCPUAllocator: can't allocate memory: you "
    "tried to allocate 4000 bytes. Error code 12 (Cannot allocate memory)"
)


class SafetensorError(Exception):
    """As the library's own is called, which only its Rust code can raise."""


class OutOfMemoryError(RuntimeError):
    """As torch's is called."""


# what is raised, in which stage, how the line of it begins
FAULTS = [
    (OSError(errno.ENOSPC, "No space left on device", "a.json"), "plan", f"{SPACE} a.json; free"),
    (OSError(errno.ENOSPC, "No space left on device", "a", None, "b"), "plan", f"{SPACE} b; free"),
    (OSError(errno.ENOSPC, "No space left on device"), "plan", f"{SPACE} {Path.cwd()}; free"),
    (OSError(errno.EDQUOT, "Disk quota exceeded", "a"), "plan", f"{SPACE} a; free"),
    (SafetensorError("I/O error: No space left on device (os error 28)"), "train", SPACE),
    (RuntimeError(TORCH_SPACE), "train", SPACE),
    (RuntimeError("basic_ios::clear: iostream error"), "train", SPACE),
    (RuntimeError(TORCH_MEMORY), "train", "out of memory: lower batch_size (and raise gradient_ac"),
    (OutOfMemoryError("CUDA out of memory."), "train", "out of memory: lower batch_size (and rais"),
    (OutOfMemoryError("CUDA out of memory."), "predict", "out of memory: lower decode.batch_size"),
    (
        RuntimeError("CUDA error: out of memory"),
        "measure_drift",
        "out of memory: lower drift.batch",
    ),
    (MemoryError(), "evaluate", "out of memory: end other programs, or use a machine with more (M"),
    (OSError(errno.ENOMEM, "Cannot allocate memory"), "train", "out of memory: lower batch_size ("),
    (SafetensorError("header too large"), "train", "a safetensors file that this stage reads is d"),
    (PermissionError(errno.EACCES, "Permission denied", "m"), "keep", "m: Permission denied"),
    (OSError("no file\nhere"), "train", "OSError: no file here"),
]


@pytest.mark.parametrize(
    ("error", "stage", "said"), FAULTS, ids=[f"{row[1]}: {row[0]!r:.40}" for row in FAULTS]
)
def test_fault_that_a_user_can_mend_says_how_in_one_line(error, stage, said):
    told = faults.explain(error, stage)
    assert told.startswith(said) and "\n" not in told


@pytest.mark.parametrize("error", [KeyError("x"), RuntimeError("shapes do not fit"), ValueError()])
def test_other_faults_are_none_of_the_users(error):
    assert faults.explain(error, "train") is None


def raised(work) -> Exception:
    with pytest.raises(Exception) as caught:
        work()
    return caught.value


def test_torch_that_finds_no_memory_is_known():
    import torch

    error = raised(lambda: torch.empty(10**15))
    assert faults.explain(error, "predict").startswith("out of memory: lower decode.batch_size or")


@pytest.mark.parametrize("numbers", [10, 1000, 100_000])
def test_torch_that_finds_no_space_names_the_file(tmp_path, numbers):
    import torch

    file = tmp_path / "checkpoint-8/optimizer.pt"
    file.parent.mkdir()
    file.symlink_to("/dev/full")
    error = raised(lambda: torch.save({"a": torch.zeros(numbers)}, file))
    assert faults.explain(error, "train").startswith(f"{SPACE} {file}; free some")


def test_error_without_a_name_is_told_with_the_folder_that_was_written(tmp_path):
    def save_pretrained(save_directory):
        with open("/dev/full", "w") as file:
            file.write("x")

    error = raised(lambda: save_pretrained(tmp_path / "checkpoint-8"))
    assert faults.explain(error, "train").startswith(f"{SPACE} {tmp_path / 'checkpoint-8'}; free")


def test_weights_that_are_cut_off_are_named(tmp_path):
    import torch
    from safetensors.torch import load_file, save_file

    file = tmp_path / "model.safetensors"
    save_file({"a": torch.zeros(10)}, file)
    file.write_bytes(file.read_bytes()[:-8])
    said = faults.explain(raised(lambda: load_file(file)), "train")
    assert said.startswith(f"{file} is damaged or cut off; remove it and run `dvc repro` (Safetens")


TEMPLATES = ["{{ raise_exception('roles\nalternate') }}", "{% if %}", "{{ a.b.c }}", "{{ 1/0 }}"]


@pytest.mark.parametrize("template", TEMPLATES)
def test_chat_template_that_fails_is_the_bases(toy_base, template):
    from stages.model.tokens import encode_prompt, load_tokenizer

    tokenizer = load_tokenizer(toy_base)
    tokenizer.chat_template = template
    error = raised(lambda: encode_prompt(tokenizer, [{"role": "user", "content": "a"}]))
    assert faults.explain(error, "validate").startswith("the chat template of the base's tokenizer")


def test_template_of_our_own_that_fails_is_a_bug():
    import jinja2

    error = raised(lambda: jinja2.Template("{{ a.b.c }}").render())
    assert faults.explain(error, "report") is None


def test_disk_that_is_full_names_the_file_and_keeps_the_old_one(tmp_path, monkeypatch):
    path, system_open = tmp_path / "rows.jsonl", builtins.open
    records.write(path, [{"id": "a"}])

    def full(file, *words, **options):
        name = "/dev/full" if str(file).endswith(".partial") else file
        return system_open(name, *words, **options)

    monkeypatch.setattr(builtins, "open", full)
    error = raised(lambda: records.write(path, [{"id": "b"}]))
    assert faults.explain(error, "keep").startswith(f"{SPACE} {path}; free some")
    monkeypatch.undo()
    assert records.read(path) == [{"id": "a"}] and os.listdir(tmp_path) == ["rows.jsonl"]


def ended(monkeypatch, capsys, main, *words) -> list[str]:
    """The lines on stderr of a stage that ends with status 1."""
    monkeypatch.setattr(sys, "argv", ["stage", *words])
    with pytest.raises(SystemExit) as end:
        run(main)
    assert end.value.code == 1
    return capsys.readouterr().err.splitlines()


def test_bug_is_told_before_its_traceback_with_stage_key_and_place(monkeypatch, capsys):
    def main(key):
        records.dumps({"a": object()})

    lines = ended(monkeypatch, capsys, main, "toy-s0")
    assert lines[0].startswith("error: test_unforeseen toy-s0: a bug in stages/records.py:")
    assert "(TypeError), not a mistake of yours; please report it with" in lines[0]
    assert lines[1] == "Traceback (most recent call last):"
    assert lines[-1] == "TypeError: Object of type object is not JSON serializable"


def test_recursion_that_went_astray_is_traced_in_part(monkeypatch, capsys):
    def main():
        other()

    def other():
        main()

    lines = ended(monkeypatch, capsys, main)
    assert len(lines) < 100 and "a bug in tests/faults/test_unforeseen.py:" in lines[0]


def test_what_a_user_can_mend_has_no_traceback(monkeypatch, capsys):
    def main(key):
        raise MemoryError

    lines = ended(monkeypatch, capsys, main, "toy-s0")
    assert len(lines) == 1
    assert lines[0].startswith("error: test_unforeseen toy-s0: out of memory: end other programs")


def test_line_of_a_message_is_bounded(monkeypatch, capsys):
    def main():
        raise UserError("x" * 1_000_000)

    (line,) = ended(monkeypatch, capsys, main)
    assert len(line) < 3100


def test_stage_is_called_as_the_user_calls_it(tmp_path):
    folder = tmp_path / "plan/compare"
    folder.mkdir(parents=True)
    (folder / "toy.json").write_text("{}")
    done = subprocess.run(
        [sys.executable, "-m", "stages.compare", "toy"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    first, *rest = done.stderr.splitlines()
    assert first.startswith("error: compare toy: a bug in stages/compare.py:")
    assert rest[0] == "Traceback (most recent call last):" and done.returncode == 1

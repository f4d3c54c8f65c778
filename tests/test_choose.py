"""What the test stage is told of a format: the hash of the code that renders it, and no other's."""

import re
from pathlib import Path

import pytest

from stages import formats, made, paths, records
from stages.choose import code_of, why_empty
from stages.formats import FORMATS

ROOM = Path(formats.__file__).parent


def files_of(monkeypatch, name: str) -> set[str]:
    """The files that are hashed for a format."""
    seen = []
    monkeypatch.setattr(records, "file_digest", lambda file: seen.append(file.name) or file.name)
    code_of(name)
    return set(seen)


@pytest.mark.parametrize(
    ("name", "files"),
    [
        ("alpaca", {"alpaca.py"}),
        ("bad_control", {"bad_control.py", "chat.py"}),
        ("multi_turn_verbose", {"multi_turn_verbose.py", "multi_turn_concise.py", "chat.py"}),
    ],
)
def test_code_is_the_format_s_file_and_those_that_it_imports(monkeypatch, name, files):
    assert files_of(monkeypatch, name) == files


def test_formats_differ_in_their_code():
    assert len({code_of(name) for name in FORMATS}) == len(FORMATS)


def test_formats_import_each_other_as_modules():
    """A name taken out of another format's file would not lead to that file."""
    for file in ROOM.glob("[a-z]*.py"):
        assert not re.search(r"^from stages\.formats\.\w+ import", file.read_text(), re.M), file


@pytest.mark.parametrize(
    ("answers_with", "sha256", "empty"),
    [(made.ADAPTER, None, True), (made.ADAPTER, "1" * 64, False), (made.BASE, None, False)],
)
def test_arm_that_ended_as_its_base_is_not_promoted(
    tmp_path, monkeypatch, answers_with, sha256, empty
):
    """There is no adapter to answer the test rows with; a prompted base needs none."""
    monkeypatch.chdir(tmp_path)
    records.write_json(paths.training("toy", "toy-a"), {"adapter_sha256": sha256})
    assert bool(why_empty("toy", "toy-a", {"answers_with": answers_with})) == empty

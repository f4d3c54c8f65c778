"""One byte altered behind DVC's back, size and time kept: refused by name, and mended as told."""

import os
import re
import shutil
import stat

import pytest

# An output, the file in it, and a stage that reads it
READ = [
    ("data/splits/toy/dev.jsonl", "", "render@toy-chat"),
    ("models/base/toy", "model.safetensors", "predict@toy-s0"),
    ("models/base/toy", "tokenizer.json", "validate@toy"),
    ("models/adapters/toy/toy-follows", "adapter_model.safetensors", "predict@toy-follows"),
    ("models/adapters/toy/toy-follows", "adapter_config.json", "promote@toy"),
    ("data/predictions/toy/toy-s0/dev.jsonl", "", "keep_answers@toy-s0"),
    ("data/answers/toy/toy-s0/dev.jsonl", "", "evaluate@toy-s0"),  # held by git
]


def alter(file):
    """Change the last byte; size, time, inode and mode stay."""
    before, whole = file.stat(), bytearray(file.read_bytes())
    whole[-1] ^= 1
    os.chmod(file, 0o644)
    with open(file, "r+b") as opened:
        opened.write(whole)
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    os.chmod(file, stat.S_IMODE(before.st_mode))


def delete(path):
    shutil.rmtree(path) if path.is_dir() else path.unlink()


def refused(project, place, stage):
    """Run a stage, which must refuse `place`; returns what it says to delete, and what to run."""
    output = project.run("dvc", "repro", "--force", "--single-item", stage, ok=False)
    assert "Traceback" not in output
    (told,) = re.findall(rf"^error: {place}: altered since .*$", output, re.M)
    names, made = re.search(r"; delete (.*), then run `dvc repro (.*)`$", told).groups()
    return [project.folder / name for name in names.split(" and ")], made


@pytest.mark.parametrize(("place", "name", "stage"), READ)
def test_output_altered_in_the_workspace_is_refused_and_mended(project, place, name, stage):
    file = project.path(place) / name
    sound = file.read_bytes()
    project.run("dvc", "status")  # which notes each file's size and time
    alter(file)
    assert file.read_bytes() != sound
    assert place not in project.run("dvc", "status")

    told, made = refused(project, place, stage)
    assert told == [project.path(place)]
    for path in told:
        delete(path)
    project.run("dvc", "repro", made)
    assert file.read_bytes() == sound
    project.run("dvc", "repro", "--force", "--single-item", stage)


@pytest.mark.parametrize("link", ["copy", "hardlink", "symlink"])
@pytest.mark.parametrize(("place", "name", "stage"), [READ[0], READ[3]])
def test_output_altered_in_the_cache_is_refused_and_mended(project, place, name, stage, link):
    file = project.path(place) / name
    project.run("dvc", "config", "cache.type", link)
    project.run("dvc", "checkout", "--relink", "--force")
    sound = file.read_bytes()
    copies = project.path(".dvc/cache/files/md5").glob("??/*")
    (held,) = [path for path in copies if path.read_bytes() == sound]
    alter(held)
    if link == "copy":
        delete(project.path(place))
        project.run("dvc", "checkout", place)
    assert file.read_bytes() != sound
    assert place not in project.run("dvc", "status")

    told, made = refused(project, place, stage)
    assert told == [project.path(place), held]
    for path in told:
        delete(path)
    project.run("dvc", "repro", made)
    assert file.read_bytes() == sound
    project.run("dvc", "repro", "--force", "--single-item", stage)

"""A folder in JFLEG's own layout takes a study file and nothing else to get to frozen splits."""

import random
import sys

import pytest

from stages import records
from tests.conftest import Project, words

SPLITS = {"train": 24, "dev": 12, "test": 18}
ROWS = {"dev": 40, "test": 20}
STUDY = """study:
  held:
    title: Held out
    question: Does it correct what somebody else collected?
    base: toy
    instruction: Correct.
    source:
      kind: parallel
      files:
{files}    splits:
      train: {{version: v1, rows: 24, origins: [dev]}}
      dev: {{version: v1, rows: 12, origins: [dev]}}
      test: {{version: v1, rows: 18, origins: [test]}}
    metrics: {{edits_f05: {{}}, gleu: {{}}}}

renders:
  held-chat: {{study: held, format: chat}}

arms:
  held-base: {{study: held, base: toy, render: held-chat, method: none}}
"""


def write(project: Project) -> str:
    """Write dev.src, dev.ref0 to dev.ref3 and the same of test; what a study says of them."""
    rng, known = random.Random(2), words(200, "abdefghiklmnoprstu", 3)
    said = ""
    for split, rows in ROWS.items():
        lines = [rng.sample(known, 6) for _ in range(rows)]
        texts = {"src": [" ".join(line) for line in lines]}
        for n in range(4):
            texts[f"ref{n}"] = [" ".join(line[: 5 - n % 2]) + " ." for line in lines]
        pins = {}
        for end, content in texts.items():
            path = project.path(f"jfleg/{split}/{split}.{end}")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("".join(f"{line}\n" for line in content))
            name = path.relative_to(project.folder)
            pins[end] = f"{{path: {name}, sha256: {records.file_digest(path)}}}"
        said += f"        {split}:\n          source: {pins.pop('src')}\n          references:\n"
        said += "".join(f"            - {pin}\n" for pin in pins.values())
    return said


@pytest.fixture
def held(unbuilt, tmp_path) -> Project:
    project = unbuilt.copy(tmp_path / "project")
    project.path("studies/held.yaml").write_text(STUDY.format(files=write(project)))
    for before, after in (("  - ", ""), ("      - ", ":")):
        line = f"{before}studies/toy.yaml{after}\n"
        project.edit("dvc.yaml", f"\n{line}", f"\n{line}{before}studies/held.yaml{after}\n")
    return project


def test_study_file_is_all_that_it_takes(held):
    held.run(sys.executable, "-m", "stages.plan")
    held.run(sys.executable, "-m", "stages.freeze_splits", "held", "--new", "all")
    rows = {name: records.read(held.path(f"data/splits/held/{name}.jsonl")) for name in SPLITS}
    assert {name: len(found) for name, found in rows.items()} == SPLITS
    origins = {name: {row["origin"] for row in found} for name, found in rows.items()}
    assert origins == {"train": {"dev"}, "dev": {"dev"}, "test": {"test"}}
    for row in rows["test"]:
        assert row["input"].startswith(row["target"].removesuffix(" ."))
        assert len(row["references"]) == 4 and row["references"][0] == row["target"]
    for name in SPLITS:
        manifest = held.json(f"data/manifests/held/{name}-v1.json")
        assert manifest["study"] == "held" and manifest["split"] == name

"""A folder with the files that `plan` reads."""

import copy
import json
import shutil
from pathlib import Path

import pytest

from tests.conftest import KNOBS, ROOT
from tests.planning.files import OTHER, PIPELINE, STUDIES


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A folder with the files that `plan` reads; gives a function that puts a value into one."""
    monkeypatch.chdir(tmp_path)
    Path("studies").mkdir()
    Path("glossary.tsv").write_text("term\taccepted\nserver\tサーバー\n", encoding="utf-8")
    shutil.copy(ROOT / "constraints.txt", "constraints.txt")
    contents = {
        "params.yaml": copy.deepcopy(KNOBS),
        "studies/toy.yaml": copy.deepcopy(STUDIES),
        "studies/far.yaml": copy.deepcopy(OTHER),
        "dvc.yaml": copy.deepcopy(PIPELINE),
    }

    def put(file, *place_and_value):
        *place, last, value = place_and_value
        node = contents.setdefault(file, {})
        for part in place:
            node = node.setdefault(part, {})
        node[last] = copy.deepcopy(value)  # a later call may change a value inside
        Path(file).write_text(json.dumps(contents[file]))  # JSON is YAML 1.2

    for file, content in contents.items():
        Path(file).write_text(json.dumps(content))
    return put

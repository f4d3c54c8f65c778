"""CONTRIBUTING's recipes followed to the letter in a toy project: the files and lines it counts."""

import re

import pytest

from stages import records
from tests.conftest import ROOT
from tests.tiny.test_pipeline import ran

TEXT = (ROOT / "CONTRIBUTING.md").read_text()
# the file that the recipe shows, then per line: the file it goes into, what it goes behind, it
RECIPES = {
    "stages/metrics/empty_rate.py": [
        ("stages/metrics/__init__.py", "    drift,\n", "    empty_rate,\n"),
        ("stages/metrics/__init__.py", "", '"empty_rate": empty_rate.EMPTY_RATE'),
    ],
    "stages/floors/shout.py": [
        ("stages/floors/__init__.py", "import lookup, ", "shout, "),
        ("stages/floors/__init__.py", "", '"shout": shout.shout'),
        ("stages/reporting/floors.py", "", '"shout": "shouting the input"'),
    ],
    "stages/formats/question.py": [
        ("stages/formats/__init__.py", "    multi_turn_verbose,\n", "    question,\n"),
        ("stages/formats/__init__.py", "", '"question": question.render'),
    ],
}
DICTS = {
    "stages/metrics/__init__.py": "METRICS: dict[str, Metric] = {\n",
    "stages/floors/__init__.py": '    "empty": trivial.empty,\n',
    "stages/reporting/floors.py": "DOES = {\n",
    "stages/formats/__init__.py": "FORMATS = {\n",
}


@pytest.fixture
def followed(project):
    for file, lines in RECIPES.items():
        code = re.search(rf"```python\n# {re.escape(file)}\n(.*?)```", TEXT, re.S).group(1)
        project.path(file).write_text(code)
        for place, behind, line in lines:
            if not behind:
                assert f"`{line}`" in TEXT, "the recipe names each line"
                behind, line = DICTS[place], f"    {line},\n"
            project.edit(place, behind, behind + line)
    return project


def test_metric_floor_and_format_of_the_recipes_work(followed):
    followed.edit("studies/toy.yaml", "      hit_limit_rate: {}", METRIC)
    followed.edit("studies/toy.yaml", "renders:\n", RENDER)
    again = ran(followed.run("dvc", "repro"))
    assert not [stage for stage in again if stage.startswith(("train@", "predict@", "test@"))]
    assert followed.json("metrics/quality/toy/toy-s0.json")["empty_rate"]["n"] == 16
    floors = followed.json("metrics/floors/toy.json")
    assert (
        floors["shout"]["empty_rate"]["value"] == 0 and floors["empty"]["empty_rate"]["value"] == 1
    )
    rows = records.read(followed.path("data/rendered/toy/toy-question/train.jsonl"))
    assert rows[0]["prompt"].startswith("Translate.\nQ: ")
    assert "shout" in followed.path("reports/toy.md").read_text()


METRIC = "      hit_limit_rate: {}\n      empty_rate: {}"
RENDER = "renders:\n  toy-question: {study: toy, format: question}\n"

"""CONTRIBUTING's recipes followed to the letter in a toy project: the files and lines it counts."""

import re
import sys

import pytest

from stages import records
from tests.conftest import ROOT, toy_rows
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
    "stages/rewards/greeting.py": [
        ("stages/rewards/__init__.py", "import extraction, ", "greeting, "),
        ("stages/rewards/__init__.py", "", '"greeting": greeting.reward'),
    ],
    "stages/methods/echo/__init__.py": [
        ("stages/methods/__init__.py", "import adapter, answers, ", "echo, "),
        ("stages/methods/__init__.py", "", '"echo": echo.METHOD'),
    ],
    "stages/sources/tabbed.py": [
        ("stages/sources/__init__.py", "    shop,\n", "    tabbed,\n"),
        ("stages/sources/__init__.py", "", '"tabbed": tabbed.read'),
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
    "stages/methods/__init__.py": "METHODS = {\n",
    "stages/sources/__init__.py": "SOURCES = {\n",
    "stages/rewards/__init__.py": "REWARDS: dict[str, Callable[..., list[float | None]]] = {\n",
}
# the code that goes into a file that is there, by its first line: the file, what it goes before
ADDED = {
    "class Tabbed(Strict):": ("stages/planning/schema/base_and_data.py", "Source = Annotated["),
    "class Measured(Strict):": ("stages/planning/schema/claims.py", "Hypothesis = Annotated["),
    "def _measured(": ("stages/verdicts/hypotheses.py", "GATHER = {"),
}
# a line within another: the file, what it goes behind, it
WITHIN = [
    ("stages/planning/schema/base_and_data.py", "Parallel | Shop | Tasks", " | Tabbed"),
    ("stages/planning/schema/claims.py", "Threshold | Rank | Correlation", " | Measured"),
    ("stages/verdicts/hypotheses.py", "GATHER = {\n", '    "measured": _measured,\n'),
]


@pytest.fixture
def followed(project):
    for file, lines in RECIPES.items():
        code = re.search(rf"```python\n# {re.escape(file)}\n(.*?)```", TEXT, re.S).group(1)
        project.path(file).parent.mkdir(exist_ok=True)
        project.path(file).write_text(code)
        for place, behind, line in lines:
            if not behind:
                assert f"`{line}`" in TEXT, "the recipe names each line"
                behind, line = DICTS[place], f"    {line},\n"
            project.edit(place, behind, behind + line)
    for begins, (place, before) in ADDED.items():
        code = re.search(rf"```python\n({re.escape(begins)}.*?)```", TEXT, re.S).group(1)
        project.edit(place, before, f"{code}\n\n{before}")
    for place, behind, line in WITHIN:
        assert line.strip(" ,\n") in TEXT, "the recipe names each line"
        project.edit(place, behind, behind + line)
    return project


def test_what_the_recipes_add_works(followed):
    pairs = [f"{row['en']}\t{row['ja']}" for row in toy_rows()]
    followed.path("toy/pairs.txt").write_text("\n".join(pairs))
    source = TABBED.format(records.file_digest(followed.path("toy/pairs.txt")))
    followed.edit("studies/toy.yaml", "    hypotheses:\n", "    hypotheses:\n" + MEASURED)
    followed.edit("studies/toy.yaml", "      hit_limit_rate: {}", METRIC)
    followed.edit("studies/toy.yaml", "renders:\n", RENDER)
    followed.edit("studies/toy.yaml", "  toy-s0:\n", ARM)
    again = ran(followed.run("dvc", "repro"))
    with_model = {stage for stage in again if stage.startswith(("train@", "predict@", "test@"))}
    assert with_model == {"train@toy-echo", "predict@toy-echo"}, "a new method re-trains nobody"
    said = records.read(followed.path("data/answers/toy/toy-echo/dev.jsonl"))
    asked = records.read(followed.path("data/answers/toy/dev.jsonl"))
    assert [row["text"] for row in said] == [row["input"].upper() for row in asked]
    assert followed.json("metrics/quality/toy/toy-s0.json")["empty_rate"]["n"] == 16
    floors = followed.json("metrics/floors/toy.json")
    assert (
        floors["shout"]["empty_rate"]["value"] == 0 and floors["empty"]["empty_rate"]["value"] == 1
    )
    rows = records.read(followed.path("data/rendered/toy/toy-question/train.jsonl"))
    assert rows[0]["prompt"].startswith("Translate.\nQ: ")
    assert "shout" in followed.path("reports/toy.md").read_text()
    hypotheses = followed.json("metrics/hypotheses/toy.json")["hypotheses"]
    assert hypotheses["is_measured"]["verdict"] == "confirmed"
    # The same rows out of another kind of file: other ids' origins, so another version of a split
    text = followed.path("studies/toy.yaml").read_text()
    text = re.sub(r"    source:\n.*?    splits:\n", f"{source}    splits:\n", text, flags=re.S)
    followed.path("studies/toy.yaml").write_text(text.replace("version: v1", "version: v2"))
    followed.run(sys.executable, "-m", "stages.plan")
    followed.run(sys.executable, "-m", "stages.freeze_splits", "toy", "--new", "all")
    assert records.read(followed.path("data/splits/toy/dev.jsonl"))[0]["origin"] == "pairs"


METRIC = "      hit_limit_rate: {}\n      empty_rate: {}"
MEASURED = """      is_measured:
        kind: measured
        claim: It has a score.
        arm: toy-s0
        figure: chrf
"""
ARM = """  toy-echo:
    study: toy
    base: toy
    render: toy-chat
    method: echo
    loud: true
  toy-s0:
"""
TABBED = """    source:
      kind: tabbed
      path: toy/pairs.txt
      sha256: {}
"""
RENDER = "renders:\n  toy-question: {study: toy, format: question}\n"

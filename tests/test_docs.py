"""What README and CONTRIBUTING say is so: results, files, commands, code.

Results are judged as committed: a run on another processor leaves others in the workspace, which
README need not show.
"""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from docs import graph, results
from stages.metrics.metric import Metric, score

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()
DOCUMENTS = [
    *("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "LOG.md", "benchmarks/README.md"),
    *("studies/README.md", "studies/full/README.md", "data/answers/NOTICE.md"),
    *(str(path.relative_to(ROOT)) for path in sorted((ROOT / "stages").rglob("*.md"))),
]
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text()


@pytest.fixture(scope="module")
def clone(tmp_path_factory) -> Path:
    """The last commit, without data or models."""
    folder = tmp_path_factory.mktemp("clone") / "clone"
    subprocess.run(["git", "clone", "--quiet", ROOT, folder], check=True)
    return folder


def test_results_are_those_of_the_last_run(clone, monkeypatch):
    monkeypatch.chdir(clone)
    shown = results.MARKED.search((clone / "README.md").read_text()).group(0)
    assert shown == results.table(), "run `python -m docs.results` and commit README.md"


def test_picture_of_the_graph_is_that_of_the_pipeline(capsys):
    graph.main()
    drawn = capsys.readouterr().out
    assert drawn == (ROOT / "docs/graph.svg").read_text(), "run `make pictures`"
    assert all(f">{stage}</text>" in drawn for stage in ("train", "compare", "report"))


def test_rooms_and_files_that_are_named_exist():
    names = re.findall(r"`([\w./]+(?:\.py|/))`", (ROOT / "stages/README.md").read_text())
    assert len(names) > 25
    for name in names:
        places = [ROOT / "stages" / name, ROOT / "stages/planning" / name]
        assert any(place.exists() for place in places), f"stages/README.md: no {name}"


def test_every_room_is_named():
    text = (ROOT / "stages/README.md").read_text()
    rooms = [file.parent.name for file in (ROOT / "stages").glob("*/__init__.py")]
    assert not [room for room in rooms if f"{room}/" not in text]


def test_make_targets_that_are_named_exist():
    makefile = (ROOT / "Makefile").read_text()
    said = "".join((ROOT / name).read_text() for name in DOCUMENTS if name != "LOG.md")
    for target in set(re.findall(r"`?make (\w+)", said)):
        assert re.search(rf"^{target}:", makefile, re.M), f"no target {target}"


@pytest.mark.parametrize("name", DOCUMENTS)
def test_links_lead_somewhere(name):
    text = (ROOT / name).read_text()
    targets = re.findall(r"\]\((?!http)([^)#]+)", text)
    for target in targets + re.findall(r"(?:src|srcset)=\"([^\"]+)", text):
        assert (ROOT / name).parent.joinpath(target).exists(), f"{name}: no {target}"


def example(module: str) -> dict:
    """Run the code block of CONTRIBUTING that begins with this file's name."""
    code = re.search(rf"```python\n# {re.escape(module)}\n(.*?)```", CONTRIBUTING, re.S).group(1)
    names: dict = {}
    exec(compile(code, module, "exec"), names)
    return names


def test_metric_that_contributing_shows_works():
    metric = example("stages/metrics/empty_rate.py")["EMPTY_RATE"]
    assert isinstance(metric, Metric)
    row = {"id": "1", "input": "a", "target": "b", "tokens_in": 1, "tokens_out": 1}
    rows = [{**row, "text": text, "hit_limit": False} for text in ("", "x", " ", "y")]
    assert score(metric, rows, {})["value"] == 0.5


def test_format_that_contributing_shows_works():
    render = example("stages/formats/question.py")["render"]
    rendered = render({"input": "2 + 2?", "target": "4"}, "Answer.")
    assert rendered == {"prompt": "Answer.\nQ: 2 + 2?\nA: ", "completion": "4"}


def test_nothing_of_one_machine_or_registry_is_committed():
    """Paths of a home or workplace, and addresses of package registries, have no place here."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True
    )
    pattern = re.compile(r"/(?:home|root|work|Users)/\w|(?:index[-]url|/simple/)")
    for name in filter(None, listed.stdout.split("\0")):
        file = ROOT / name
        if file.suffix in {".py", ".md", ".yaml", ".toml", ".txt", ".lock", ".json", ""}:
            if name == "tests/test_docs.py" or not file.is_file():
                continue
            found = pattern.search(file.read_text(encoding="utf-8", errors="replace"))
            assert not found, f"{name}: {found.group(0)}"


def test_committed_results_are_those_of_the_committed_code(clone):
    """In a fresh clone, without data or models: nothing in dvc.lock is out of date."""
    done = subprocess.run(
        [sys.executable, "-m", "dvc", "repro", "--dry", "--allow-missing"],
        cwd=clone,
        capture_output=True,
        text=True,
    )
    # dvc can end with 0 although something is stale, so what it prints is what counts.
    stale = re.findall(r"^(?:Running stage|ERROR).*", done.stdout + done.stderr, re.M)
    assert not stale, f"run `dvc repro` and commit what it changes: {stale}"

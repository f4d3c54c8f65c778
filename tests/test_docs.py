"""What README and CONTRIBUTING say is so: results, files, commands, code.

Results are judged as committed: a run on another processor leaves others in the workspace, which
README need not show.
"""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from stages.metrics.metric import Metric, score

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text()


def committed(name: str) -> str:
    """A file as the last commit has it."""
    done = subprocess.run(
        ["git", "show", f"HEAD:{name}"], cwd=ROOT, check=True, capture_output=True
    )
    return done.stdout.decode()


def results(study: str) -> str:
    """What the README shows of a study: verdict, verdict table and signatures of its report."""
    report = committed(f"reports/{study}.md")
    verdict = re.search(r"^\*\*.*\*\*$", report, re.M).group(0)
    table = re.search(r"^## Verdicts on dev\n\n((?:\|.*\n)+)", report, re.M).group(1)
    signatures = re.findall(r"^- ((?:chrF|BLEU \(char\)) \(points.*)$", report, re.M)
    return f"{verdict}\n\n{table}\n{'; '.join(signatures)}".strip()


def arms(study: str, metrics: list[str]) -> str:
    """The report's verdict, then its verdict table turned round: an arm a line, few metrics."""
    report = committed(f"reports/{study}.md")
    verdict = re.search(r"^\*\*.*\*\*$", report, re.M).group(0)
    table = re.search(r"^## Verdicts on dev\n\n((?:\|.*\n)+)", report, re.M).group(1)
    cells = [line.strip("| ").split(" | ") for line in table.splitlines()]
    chosen = [row for row in cells if re.sub(r" [↑↓]$", "", row[0]) in metrics]
    heads = ["arm", *(f"{row[0]}, n {row[1]}" for row in chosen)]
    lines = [heads, ["---"] * len(heads)]
    lines += [[arm, *(row[at] for row in chosen)] for at, arm in enumerate(cells[0]) if at > 1]
    return "\n".join([verdict, "", *(f"| {' | '.join(line)} |" for line in lines)])


SHOWN = [
    "constraints fulfilled",
    "right answers",
    "chrF",
    "tokens per answer",
    "answers with filler",
]


@pytest.mark.parametrize(
    ("mark", "of"),
    [
        ("results", lambda: results("translation")),
        ("formats", lambda: arms("formats", SHOWN)),
    ],
)
def test_results_are_those_of_the_last_run(mark, of):
    readme, wanted = committed("README.md"), of()
    shown = re.search(rf"<!-- {mark} -->\n(.*?)<!-- /{mark} -->", readme, re.S).group(1)
    assert shown.strip() == wanted, f"put this between README's marks '{mark}':\n{wanted}"


def test_tree_names_files_that_exist():
    tree = re.search(r"## The tree\n\n```\n(.*?)```", README, re.S).group(1)
    names = re.findall(r"(?:^|\s)([\w./]+(?:\.py|\.yaml|\.lock|/))(?=\s)", tree)
    assert len(names) > 25
    for name in names:
        places = [ROOT / folder / name for folder in ("", "stages", "data", "studies", "tests")]
        ignored = name.startswith("models/")
        assert ignored or any(place.exists() for place in places), f"README's tree: no {name}"


def test_make_targets_that_are_named_exist():
    makefile = (ROOT / "Makefile").read_text()
    for target in set(re.findall(r"`?make (\w+)", README + CONTRIBUTING)):
        assert re.search(rf"^{target}:", makefile, re.M), f"no target {target}"


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "LOG.md"])
def test_links_lead_somewhere(name):
    text = (ROOT / name).read_text()
    for target in re.findall(r"\]\((?!http)([^)#]+)", text):
        assert (ROOT / target).exists(), f"{name}: no {target}"


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


def test_committed_results_are_those_of_the_committed_code(tmp_path):
    """In a fresh clone, without data or models: nothing in dvc.lock is out of date."""
    subprocess.run(["git", "clone", "--quiet", ROOT, tmp_path / "clone"], check=True)
    done = subprocess.run(
        [sys.executable, "-m", "dvc", "repro", "--dry", "--allow-missing"],
        cwd=tmp_path / "clone",
        capture_output=True,
        text=True,
    )
    # dvc can end with 0 although something is stale, so what it prints is what counts.
    stale = re.findall(r"^(?:Running stage|ERROR).*", done.stdout + done.stderr, re.M)
    assert not stale, f"run `dvc repro` and commit what it changes: {stale}"

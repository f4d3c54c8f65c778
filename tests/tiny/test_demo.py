"""What `make demo` builds: one study and the index page, however many studies there are."""

import re
import sys

from ruamel.yaml import YAML

from tests.conftest import ROOT, Project


def test_demo_builds_one_study(project):
    """Its targets, asked of the real dvc in a project with a second study; see the Makefile."""
    makefile = (ROOT / "Makefile").read_text()
    demo = re.search(r"^demo:.*\n((?:\t.*\n)+)", makefile, re.M).group(1)
    commands = re.findall(r"^\tdvc (repro .*)$", demo, re.M)
    assert commands == ["repro report@proofread", "repro --single-item index"]
    add_second_study(project)
    listed = project.run("dvc", "stage", "list", "--name-only")
    assert "report@other" in listed
    said = "".join(
        project.run("dvc", *words.replace("proofread", "toy").split(), "--dry", "--force")
        for words in commands
    )
    stages = set(re.findall(r"^(?:Running stage|Stage) '([^']+)'", said, re.M))
    assert {"train@toy-follows", "report@toy", "index"} <= stages
    assert not [stage for stage in stages if "other" in stage], stages


def add_second_study(project: Project) -> None:
    """The toy study once more under another name, registered and not built."""
    yaml = YAML()
    content = yaml.load(project.path("studies/toy.yaml").read_text().replace("toy-", "other-"))
    del content["bases"]
    content["study"] = {"other": content["study"]["toy"]}
    for section in ("renders", "arms"):
        for entry in content[section].values():
            entry["study"] = "other"
    with project.path("studies/other.yaml").open("w") as file:
        yaml.dump(content, file)
    project.edit(
        "dvc.yaml", "  - studies/toy.yaml\n", "  - studies/toy.yaml\n  - studies/other.yaml\n"
    )
    project.edit(
        "dvc.yaml",
        "      - studies/toy.yaml:\n",
        "      - studies/toy.yaml:\n      - studies/other.yaml:\n",
    )
    project.run(sys.executable, "-m", "stages.plan")
